// Makes the catalog anew from the packs and log.jsonl, where it was lost or damaged: packs in order
// of their names, objects from the headers, snapshots from the manifests, then the log.

import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../sqlite-driver.ts';
import { readLog } from './change-log.ts';
import { decodeObject, hashOf, parseMemberName } from './object-encoding.ts';
import type { ObjectPlace } from './pack-writer.ts';
import {
  deleteSnapshotRow,
  insertSnapshot,
  replaceManifest,
  selectManifest,
  setLabel,
  setPinned,
  type StoredManifest,
} from './snapshot-rows.ts';
import { insertPack } from './insert-pack.ts';
import { blockBytes, parseTarHeader, tarPadding } from './tar.ts';

export interface RebuildTarget {
  readonly storePath: string;
  readonly packsDir: string;
  /** An empty catalog. */
  readonly db: Database;
}

/** The catalog must be empty. All or nothing. */
export function rebuildCatalog(store: RebuildTarget, signal: AbortSignal): void {
  store.db.transaction('immediate', () => {
    const names = readdirSync(store.packsDir).filter((name) => name.endsWith('.tar'));
    for (const name of names.toSorted()) {
      signal.throwIfAborted();
      const pack = readPack(join(store.packsDir, name));
      insertPack(store.db, name, pack);
      for (const manifest of pack.manifests) enterManifest(store, manifest, pack.bytes);
    }
    for (const line of readLog(store.storePath)) {
      if (line.op === 'delete') deleteSnapshotRow(store.db, line.id);
      else if (line.op === 'label') setLabel(store.db, line.id, line.label);
      else setPinned(store.db, line.id, line.op === 'pin');
    }
  });
}

function enterManifest({ db }: RebuildTarget, manifest: StoredManifest, bytes: number): void {
  if (selectManifest(db, manifest.id) === undefined)
    insertSnapshot(db, manifest, { pinned: false, storedBytes: bytes });
  else replaceManifest(db, manifest, bytes);
}

interface ReadPack {
  readonly places: readonly ObjectPlace[];
  readonly manifests: readonly StoredManifest[];
  readonly bytes: number;
}

/** Reads a pack's headers, and the sizes of what is in it; a pack that ends early is read as far as it goes. */
function readPack(path: string): ReadPack {
  const fd = openSync(path, 'r');
  try {
    const bytes = fstatSync(fd).size;
    const places: ObjectPlace[] = [];
    const manifests: StoredManifest[] = [];
    for (let at = 0; at + blockBytes <= bytes;) {
      const member = parseTarHeader(readAt(fd, at, blockBytes));
      if (member === undefined || member === null) break;
      const offset = at + blockBytes;
      const object = parseMemberName(member.name);
      if (object !== undefined) {
        const size = contentSize(readAt(fd, offset, member.sizeBytes), object);
        places.push({ ...object, size, offset, stored: member.sizeBytes });
      } else if (member.name.startsWith('snapshots/'))
        manifests.push(
          JSON.parse(readAt(fd, offset, member.sizeBytes).toString('utf8')) as StoredManifest,
        );
      at = offset + member.sizeBytes + tarPadding(member.sizeBytes).length;
    }
    return { places, manifests, bytes };
  } finally {
    closeSync(fd);
  }
}

/** Only what stands by itself tells its size cheaply; a delta is as large as its database's chunk and is not asked. */
function contentSize(
  bytes: Buffer,
  object: NonNullable<ReturnType<typeof parseMemberName>>,
): number {
  if (object.encoding === 'raw') return hashOf(bytes) === object.hash ? bytes.length : -1;
  return object.encoding === 'zstd' ? decodeObject(bytes, 'zstd', undefined).length : 0;
}

function readAt(fd: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  readSync(fd, buffer, 0, length, position);
  return buffer;
}
