// Deleting snapshots. What is still needed is found by walking the trees of those that stay; no
// count is kept that could drift. Steps, in the order that a kill may interrupt anywhere:
//
// 1. The log says what is deleted (durable).
// 2. Packs of which little is left are copied into a new pack (durable, not yet entered).
// 3. One transaction drops the rows and enters the new pack.
// 4. Only then are old packs unlinked; what a kill leaves of them the next writer takes away.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { SnapshotEntry } from '../../core/documents/documents.ts';
import type { LogLine } from './change-log.ts';
import { appendLog } from './change-log.ts';
import { orIfDamaged } from './damage.ts';
import { syncFolder } from '../disk/durable-file.ts';
import { forgetDeadIndex } from './live-index.ts';
import { encodeDelta, encodeObject, type EncodedObject } from './object-encoding.ts';
import { snapshotOfPack } from './pack-names.ts';
import {
  addManifest,
  createPack,
  packName,
  type ObjectPlace,
  type PackWriter,
} from './pack-writer.ts';
import type { ContentHash, StoreReader } from './store.ts';
import { deleteSnapshotRow, selectManifest, selectTrees } from './snapshot-rows.ts';
import { insertPack } from './insert-pack.ts';
import type { StoreSession, WriteSession } from './store-session.ts';

/** A pack is rewritten when less than this part of its objects' bytes is still needed. */
const rewriteBelow = 0.4;

/** Every object that the named trees need, deltas' bases included. */
function liveObjects(store: StoreSession, trees: readonly ContentHash[]): ReadonlySet<ContentHash> {
  const live = new Set<ContentHash>();
  for (const tree of trees) markTree(tree, store.reader, live);
  for (const hash of live) {
    const base = store.reader.find(hash)?.base;
    if (base !== null && base !== undefined) live.add(base);
  }
  return live;
}

/** What a damaged tree needed cannot be told any more: then nothing is taken away. */
function liveOrAll(store: StoreSession, trees: readonly ContentHash[]): ReadonlySet<ContentHash> {
  const live = orIfDamaged(() => liveObjects(store, trees), undefined);
  if (live !== undefined) return live;
  return new Set(store.db.prepare<string>('SELECT lower(hex(hash)) FROM objects').pluck().all());
}

/** Bytes of the store's objects without the named snapshots. */
export function bytesWithout(store: StoreSession, ids: readonly string[]): number {
  const live = liveOrAll(store, selectTrees(store.db, ids));
  let bytes = 0;
  for (const hash of live) bytes += store.reader.find(hash)?.stored ?? 0;
  return bytes;
}

/** Deletes the snapshots for good and gives their space back. Answers the bytes freed. */
export function deleteSnapshots(
  store: WriteSession,
  entries: readonly SnapshotEntry[],
  signal: AbortSignal,
): number {
  const { db, options } = store;
  const ids = entries.map((entry) => entry.id);
  const at = new Date(options.now()).toISOString();
  const live = liveOrAll(store, selectTrees(db, ids));
  signal.throwIfAborted();
  const lines = ids.map((id): LogLine => ({ op: 'delete', id, at }));
  appendLog(store.storePath, lines, options.faultPoint);
  const packs = packUse(store, live);
  const sparse = packs.filter(
    (pack) => pack.liveBytes > 0 && pack.liveBytes < pack.bytes * rewriteBelow,
  );
  const rewritten = sparse.length === 0 ? undefined : rewrite(store, sparse, live);
  const gone = packs
    .filter((pack) => pack.liveBytes === 0 && !keepsManifest(store, pack.name, ids))
    .concat(sparse);
  options.faultPoint?.('prune:before-commit');
  db.transaction('immediate', () => {
    for (const id of ids) deleteSnapshotRow(db, id);
    forgetDeadIndex(db, (hash) => live.has(hash));
    if (rewritten !== undefined) insertPack(db, rewritten.name, rewritten);
    dropObjects(store, live, gone);
  });
  options.faultPoint?.('prune:before-unlink');
  for (const pack of gone) rmSync(join(store.packsDir, pack.name), { force: true });
  if (gone.length > 0) syncFolder(store.packsDir);
  const before = gone.reduce((sum, pack) => sum + pack.bytes, 0);
  return Math.max(0, before - (rewritten?.bytes ?? 0));
}

function markTree(tree: ContentHash, reader: StoreReader, live: Set<ContentHash>): void {
  if (live.has(tree)) return;
  live.add(tree);
  for (const entry of reader.readTree(tree)) {
    if (entry.kind === 'symlink') continue;
    if (entry.kind === 'directory') markTree(entry.content, reader, live);
    else if (!live.has(entry.content)) {
      live.add(entry.content);
      if (entry.chunked) for (const chunk of reader.chunksOf(entry)) live.add(chunk);
    }
  }
}

interface PackUse {
  readonly id: number;
  readonly name: string;
  readonly bytes: number;
  readonly liveBytes: number;
}

function packUse(store: StoreSession, live: ReadonlySet<ContentHash>): readonly PackUse[] {
  const used = new Map<number, number>();
  const rows = store.db.prepare<{ hash: string; pack: number; stored: number }>(
    'SELECT lower(hex(hash)) AS hash, pack, stored FROM objects',
  );
  for (const { hash, pack, stored } of rows.iterate())
    if (live.has(hash)) used.set(pack, (used.get(pack) ?? 0) + stored + 512);
  return store.db
    .prepare<{ id: number; name: string; bytes: number }>('SELECT id, name, bytes FROM packs')
    .all()
    .map((pack) => ({ ...pack, liveBytes: used.get(pack.id) ?? 0 }));
}

/** The pack of a snapshot that stays holds its manifest, even where it holds nothing else. */
function keepsManifest(store: StoreSession, packName: string, deleted: readonly string[]): boolean {
  const id = snapshotOfPack(packName);
  return !deleted.includes(id) && selectManifest(store.db, id) !== undefined;
}

function rewrite(
  store: WriteSession,
  sparse: readonly PackUse[],
  live: ReadonlySet<ContentHash>,
): { readonly name: string; readonly places: readonly ObjectPlace[]; readonly bytes: number } {
  const first = sparse[0]?.name ?? '';
  const name = packName(store.db, snapshotOfPack(first));
  const pack = createPack(store.packsDir, name, store.options.now(), store.options.faultPoint);
  try {
    for (const { id, name: old } of sparse) {
      copyObjects(store, id, live, pack);
      const manifest = selectManifest(store.db, snapshotOfPack(old));
      if (manifest !== undefined) addManifest(pack, manifest);
    }
    return { name, ...pack.finish() };
  } catch (error) {
    pack.abandon();
    throw error;
  }
}

function copyObjects(
  store: WriteSession,
  packId: number,
  live: ReadonlySet<ContentHash>,
  pack: PackWriter,
): void {
  const hashes = store.db
    .prepare<string>('SELECT lower(hex(hash)) FROM objects WHERE pack = ? ORDER BY offset')
    .pluck()
    .all(packId);
  for (const hash of hashes) if (live.has(hash)) pack.add(reencode(store, hash));
}

/** A delta stays one: its base is live, too. Everything is hashed on its way. */
function reencode({ reader }: StoreSession, hash: ContentHash): EncodedObject {
  const content = reader.readObject(hash);
  const row = reader.find(hash);
  if (row?.encoding !== 'delta' || row.base === null) return encodeObject(content, hash);
  const base = { hash: row.base, bytes: reader.readObject(row.base) };
  return encodeDelta(content, hash, base) ?? encodeObject(content, hash);
}

function dropObjects(
  { db }: StoreSession,
  live: ReadonlySet<ContentHash>,
  gone: readonly PackUse[],
): void {
  const hashes = db.prepare<Buffer>('SELECT hash FROM objects').pluck().all();
  const drop = db.prepare('DELETE FROM objects WHERE hash = ?');
  for (const hash of hashes) if (!live.has(hash.toString('hex'))) drop.run(hash);
  const dropPack = db.prepare('DELETE FROM packs WHERE id = ?');
  for (const { id } of gone) dropPack.run(id);
}
