// One side of a comparison: a snapshot, or live data as it is at this moment. Live data is captured
// like a snapshot, only that nothing is stored: databases as temporary copies, files as hashes.

import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { SnapshotManifest } from '../../core/documents/documents.ts';
import { EngineError } from '../../core/errors.ts';
import type { CallOptions } from '../options.ts';
import { type ProjectContext } from '../project/project-context.ts';
import type { CaptureRoot } from '../sources/files/walked.ts';
import { createContentPool } from '../store/content-pool.ts';
import { emptyIndex, openLiveIndex } from '../store/live-index.ts';
import { selectManifest, resolveEntry } from '../store/snapshot-rows.ts';
import type { ContentHash, StoreReader } from '../store/store.ts';
import type { StoreSession } from '../store/store-session.ts';
import { captureLive, type Capture } from './capture.ts';
import { findNode } from '../store/find-node.ts';
import { writeImage } from '../sources/all-sources.ts';

export interface Side {
  /** A snapshot's id, or `live`. */
  readonly id: string;
  /** Of live data only trees and lists of chunks can be read. */
  readonly reader: StoreReader;
  readonly tree: ContentHash;
  readonly manifest: SnapshotManifest | null;
  readonly capture: Capture | null;
  /** Absolute path of a folder for temporary files. */
  readonly tempDir: string;
  /** A sound image of the database in a temporary folder; null where it is not there or cannot be opened. */
  databaseImage(path: string): Promise<string | null>;
  /** The image that the capture made of the database; null where it made none. */
  existingImage(path: string): string | null;
}

/** The snapshot as a side. Images are made in `tempDir` when they are asked for. */
export function snapshotSide(
  store: StoreSession,
  manifest: SnapshotManifest,
  tempDir: string,
  signal: AbortSignal,
): Side {
  return {
    id: manifest.id,
    reader: store.reader,
    tree: manifest.tree,
    manifest,
    capture: null,
    tempDir,
    existingImage: () => null,
    databaseImage: imageMaker(store.reader, manifest.tree, tempDir, signal),
  };
}

/** Live data as a side. */
export async function liveSide(
  context: ProjectContext,
  store: StoreSession | null,
  roots: readonly CaptureRoot[],
  tempDir: string,
  call: CallOptions,
): Promise<Side> {
  const storePath = store?.storePath ?? context.place().storePath;
  const pool = createContentPool(storePath, store?.reader ?? null, context.options, false);
  try {
    const capture = await captureLive(
      {
        roots,
        index: store === null ? emptyIndex : openLiveIndex(store.db, store.reader),
        store: store?.reader ?? null,
        previousTree: null,
        pool,
        keep: null,
        tempDir,
        options: context.options,
        beforeRead: null,
      },
      call,
    );
    const stored = imageMaker(capture.overlay.reader, capture.tree, tempDir, call.signal);
    return {
      id: 'live',
      reader: capture.overlay.reader,
      tree: capture.tree,
      manifest: null,
      capture,
      tempDir,
      existingImage: (path) => capture.images.get(path) ?? null,
      databaseImage: async (path) => capture.images.get(path) ?? (await stored(path)),
    };
  } finally {
    await pool.close();
  }
}

/** @throws EngineError SNAPSHOT_NOT_FOUND, SNAPSHOT_AMBIGUOUS */
export function findManifest(store: StoreSession | null, snapshot: string): SnapshotManifest {
  const { id } = resolveEntry(store, snapshot);
  const manifest = store === null ? undefined : selectManifest(store.db, id);
  if (manifest === undefined)
    throw new EngineError('SNAPSHOT_NOT_FOUND', `no snapshot "${snapshot}"`, {
      hint: 'savepoint list',
    });
  return manifest;
}

function imageMaker(
  reader: StoreReader,
  tree: ContentHash,
  tempDir: string,
  signal: AbortSignal,
): (path: string) => Promise<string | null> {
  const made = new Map<string, string>();
  let folder: string | undefined;
  // Not how many were made: what is left of one that failed stays until the folder goes.
  let tried = 0;
  return async (path) => {
    const known = made.get(path);
    if (known !== undefined) return known;
    const node = findNode(reader, tree, path);
    if (node?.kind !== 'database') return null;
    folder ??= mkdtempSync(join(tempDir, 'images-'));
    const image = join(folder, `${tried}.db`);
    tried += 1;
    writeImage(path, { reader, node }, image, signal);
    made.set(path, image);
    return image;
  };
}
