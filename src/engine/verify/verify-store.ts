// Reads everything back: every object of the snapshots is hashed, every database is opened. What is
// damaged is named by the snapshots and paths that need it, and repaired where another copy of the
// same content is at hand: live data. What is proven to be damaged and cannot be repaired is no longer
// believed to be there, so that the next snapshot of the same content stores it again: under the same
// hash, it makes every snapshot whole that needs it.

import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { SnapshotManifest, VerifyDocument } from '../../core/documents/documents.ts';
import { EngineError } from '../../core/errors.ts';
import { joinRel, projectFolder, type DiskPath, type ProjectPath } from '../../core/names.ts';
import type { CallOptions } from '../options.ts';
import { sourceOf } from '../sources/all-sources.ts';
import { setState } from '../store/catalog.ts';
import { errorCodeOf } from '../disk/durable-file.ts';
import { hashOf, type EncodedObject } from '../store/object-encoding.ts';
import { encodeChunkList } from '../store/pack-reader.ts';
import { createPack, packName } from '../store/pack-writer.ts';
import { readContent } from '../store/read-content.ts';
import { setDamaged } from '../store/snapshot-rows.ts';
import type { ContentHash, FileNode } from '../store/store.ts';
import { insertPack } from '../store/insert-pack.ts';
import type { WriteSession } from '../store/store-session.ts';

type Damage = VerifyDocument['damaged'][number];

/** Where a snapshot's path lies on disk now; undefined where it must not be looked at. */
export type LivePath = (path: ProjectPath) => DiskPath | undefined;

export async function verifyStore(
  store: WriteSession,
  manifests: readonly SnapshotManifest[],
  options: { readonly deep: boolean; readonly livePath: LivePath },
  call: CallOptions,
): Promise<VerifyDocument> {
  const startedAt = performance.now();
  const verifier = new Verifier(store, options, call);
  call.progress.phase('verifying');
  call.progress.total(manifests.length, 0);
  const damaged: Damage[] = [];
  for (const manifest of manifests) {
    const found = await verifier.snapshot(manifest);
    damaged.push(...found);
    setDamaged(
      store.db,
      manifest.id,
      found.some((one) => !one.repaired),
    );
    call.progress.advance(1, 0);
  }
  verifier.forgetDamaged();
  setState(store.db, 'verified_at', new Date(store.options.now()).toISOString());
  return {
    checked: manifests.length,
    damaged,
    chunks: verifier.objects,
    bytes: verifier.bytes,
    databases: verifier.databases,
    durationMs: Math.round(performance.now() - startedAt),
  };
}

class Verifier {
  objects = 0;
  bytes = 0;
  databases = 0;
  readonly #store: WriteSession;
  readonly #options: { readonly deep: boolean; readonly livePath: LivePath };
  readonly #call: CallOptions;
  /** Each object is read once, however many snapshots need it. Damage in words, or null. */
  readonly #seen = new Map<ContentHash, string | null>();
  readonly #images = new Map<ContentHash, string | null>();
  /** Objects whose bytes are not those of their hash; one that could not be read is not among them. */
  readonly #damaged = new Set<ContentHash>();

  constructor(
    store: WriteSession,
    options: { readonly deep: boolean; readonly livePath: LivePath },
    call: CallOptions,
  ) {
    this.#store = store;
    this.#options = options;
    this.#call = call;
  }

  /** The index must go with them: it names trees, and files below them, that are not whole. */
  forgetDamaged(): void {
    const { db } = this.#store;
    if (this.#damaged.size === 0) return;
    db.transaction('immediate', () => {
      const drop = db.prepare('DELETE FROM objects WHERE hash = ?');
      for (const hash of this.#damaged) drop.run(Buffer.from(hash, 'hex'));
      db.exec('DELETE FROM live_folders; DELETE FROM live_databases');
    });
  }

  async snapshot(manifest: SnapshotManifest): Promise<Damage[]> {
    const damaged: Damage[] = [];
    const tell = (path: string, detail: string, repaired: boolean): void =>
      void damaged.push({ id: manifest.id, path, detail, repaired });
    await this.#folder(manifest.tree, projectFolder, manifest, tell);
    return damaged;
  }

  async #folder(
    tree: ContentHash,
    path: ProjectPath,
    manifest: SnapshotManifest,
    tell: (path: string, detail: string, repaired: boolean) => void,
  ): Promise<void> {
    this.#call.signal.throwIfAborted();
    const problem = this.#object(tree);
    if (problem !== null) {
      tell(path === '' ? '.' : path, problem, false);
      return;
    }
    for (const entry of this.#store.reader.readTree(tree)) {
      const entryPath = joinRel(path, entry.name);
      if (entry.kind === 'directory') await this.#folder(entry.content, entryPath, manifest, tell);
      else if (entry.kind !== 'symlink') await this.#file(entry, entryPath, manifest, tell);
    }
  }

  async #file(
    node: FileNode,
    path: ProjectPath,
    manifest: SnapshotManifest,
    tell: (path: string, detail: string, repaired: boolean) => void,
  ): Promise<void> {
    const list = this.#object(node.content);
    const bad: ContentHash[] = [];
    let detail = list;
    if (list === null && node.chunked)
      for (const chunk of this.#store.reader.chunksOf(node)) {
        const problem = this.#object(chunk);
        if (problem === null) continue;
        bad.push(chunk);
        detail = problem;
      }
    else if (list !== null) bad.push(node.content);
    if (detail !== null) {
      const repaired = this.#repair(node, path);
      if (repaired)
        for (const hash of bad) {
          this.#seen.set(hash, null);
          this.#damaged.delete(hash);
        }
      tell(path, detail, repaired);
      if (!repaired) return;
    }
    if (node.kind === 'database') await this.#database(node, path, manifest, tell);
  }

  /** A database that was sound when it was captured must be sound when it comes back. */
  async #database(
    node: FileNode,
    path: string,
    manifest: SnapshotManifest,
    tell: (path: string, detail: string, repaired: boolean) => void,
  ): Promise<void> {
    const facts = manifest.databases.find((database) => database.path === path);
    if (facts?.state !== 'ok') return;
    let problem = this.#images.get(node.content);
    if (problem === undefined) {
      problem = await this.#open(node, path);
      this.#images.set(node.content, problem);
    }
    if (problem !== null) tell(path, problem, false);
  }

  async #open(node: FileNode, path: string): Promise<string | null> {
    const folder = mkdtempSync(join(this.#store.tempDir, 'verify-'));
    const image = join(folder, 'image.db');
    try {
      this.databases += 1;
      const source = sourceOf(path);
      const { reader } = this.#store;
      source.writeImage({ reader, node }, image, this.#call.signal);
      const { deep } = this.#options;
      const context = { options: this.#store.options, call: this.#call };
      const { state, detail } = await source.checkImage(image, { deep }, context);
      return state === 'damaged' ? (detail ?? 'the database is damaged') : null;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  #object(hash: ContentHash): string | null {
    const seen = this.#seen.get(hash);
    if (seen !== undefined) return seen;
    let problem: string | null = null;
    try {
      const content = this.#store.reader.readObject(hash);
      this.objects += 1;
      this.bytes += content.length;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      problem = error.message;
      if (errorCodeOf(error.cause) === undefined) this.#damaged.add(hash);
    }
    this.#seen.set(hash, problem);
    return problem;
  }

  /** Live data often still has the very content: it is stored again, under the same hashes. */
  #repair(node: FileNode, path: ProjectPath): boolean {
    const livePath = this.#options.livePath(path);
    if (livePath === undefined || node.kind === 'database') return false;
    const size = node.size;
    const job = {
      path: livePath,
      start: 0,
      end: size,
      chunked: node.chunked,
      expected: null,
      previous: [],
      headerVersion: null,
    };
    const objects: EncodedObject[] = [];
    const read = readContent(job, { store: null, keep: true }, ({ bytes, ...object }) => {
      if (bytes !== null) objects.push({ ...object, bytes: Buffer.from(bytes) });
    });
    if (read.problem !== null) return false;
    const hashes = objects.map((object) => object.hash);
    const content = node.chunked ? hashOf(encodeChunkList(hashes)) : hashes[0];
    if (content !== node.content) return false;
    this.#storeAgain(objects);
    return true;
  }

  #storeAgain(objects: readonly EncodedObject[]): void {
    const store = this.#store;
    const [newest] = store.db
      .prepare<string>('SELECT id FROM snapshots ORDER BY seq DESC LIMIT 1')
      .pluck()
      .all();
    const name = packName(store.db, newest ?? 'repair');
    const pack = createPack(store.packsDir, name, store.options.now(), store.options.faultPoint);
    try {
      for (const object of objects) pack.add(object);
      const finished = pack.finish();
      store.db.transaction('immediate', () => insertPack(store.db, name, finished));
    } catch (error) {
      pack.abandon();
      throw error;
    }
  }
}
