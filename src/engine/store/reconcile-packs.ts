// Makes the catalog and the packs agree before anything is written. They differ where the catalog was
// lost, damaged or is an older copy, where a pack was taken away, and where a process was killed
// between the naming of a pack and its transaction. Packs are the data and the catalog is what is
// known of them: a pack that the catalog does not know is entered, never deleted.

import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '../options.ts';
import type { Database } from '../sqlite/sqlite-driver.ts';
import { readLog } from './change-log.ts';
import { insertPack } from './insert-pack.ts';
import { decodeObject, hashOf, parseMemberName } from './object-encoding.ts';
import { comparePackNames, snapshotOfPack } from './pack-names.ts';
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
import { blockBytes, parseTarHeader, tarPadding } from './tar.ts';

export interface ReconcileTarget {
  readonly storePath: string;
  readonly packsDir: string;
  readonly db: Database;
}

/** All or nothing, and nothing to do in the usual case: two lists of names are compared. */
export function reconcilePacks(store: ReconcileTarget, log: Logger, signal: AbortSignal): void {
  const { db, packsDir, storePath } = store;
  const known = new Set(db.prepare<string>('SELECT name FROM packs').pluck().all());
  const there = readdirSync(packsDir).filter((name) => name.endsWith('.tar'));
  const unknown = there.filter((name) => !known.has(name)).toSorted(comparePackNames);
  const lost = [...known].filter((name) => !there.includes(name));
  if (unknown.length === 0 && lost.length === 0) return;
  if (known.size > 0)
    log.warn(
      `the catalog did not know ${unknown.length} packs and named ${lost.length} that are gone: it was brought up to date (${storePath})`,
    );
  db.transaction('immediate', () => {
    for (const name of lost) forgetPack(db, name);
    const manifests: { manifest: StoredManifest; bytes: number }[] = [];
    for (const name of unknown) {
      signal.throwIfAborted();
      const pack = readPack(packsDir, name);
      insertPack(db, name, pack);
      for (const manifest of pack.manifests) manifests.push({ manifest, bytes: pack.bytes });
    }
    // Ids of one second say nothing of the order of taking.
    for (const { manifest, bytes } of manifests.toSorted(byTime))
      enterManifest(db, manifest, bytes);
    for (const line of readLog(storePath)) {
      if (line.op === 'delete') deleteSnapshotRow(db, line.id);
      else if (line.op === 'label') setLabel(db, line.id, line.label);
      else setPinned(db, line.id, line.op === 'pin');
    }
    // It may name trees that are no longer stored: losing it costs one full read.
    db.exec('DELETE FROM live_folders; DELETE FROM live_databases');
  });
}

/** What was in it is not there: the next snapshot that has the same content stores it again. */
function forgetPack(db: Database, name: string): void {
  db.prepare('DELETE FROM objects WHERE pack = (SELECT id FROM packs WHERE name = ?)').run(name);
  db.prepare('DELETE FROM packs WHERE name = ?').run(name);
}

function byTime(a: { manifest: StoredManifest }, b: { manifest: StoredManifest }): number {
  return Date.parse(a.manifest.createdAt) - Date.parse(b.manifest.createdAt);
}

/** Where packs hold several manifests of a snapshot, the last revision holds. */
function enterManifest(db: Database, manifest: StoredManifest, bytes: number): void {
  const known: StoredManifest | undefined = selectManifest(db, manifest.id);
  if (known === undefined) insertSnapshot(db, manifest, { pinned: false, storedBytes: bytes });
  else if ((manifest.revision ?? 0) >= (known.revision ?? 0)) replaceManifest(db, manifest, bytes);
}

interface ReadPack {
  readonly places: readonly ObjectPlace[];
  readonly manifests: readonly StoredManifest[];
  readonly bytes: number;
}

/** Reads a pack's headers and the sizes of what is in it. What is damaged is left out, the rest is not. */
function readPack(packsDir: string, name: string): ReadPack {
  const fd = openSync(join(packsDir, name), 'r');
  try {
    const bytes = fstatSync(fd).size;
    const places: ObjectPlace[] = [];
    const manifests: StoredManifest[] = [];
    let isSearching = false;
    for (let at = 0; at + blockBytes <= bytes;) {
      const member = parseTarHeader(readAt(fd, at, blockBytes));
      const offset = at + blockBytes;
      if (member === undefined && !isSearching) break;
      if (member === undefined || member === null || offset + member.sizeBytes > bytes) {
        // After a damaged header the next one is looked for, block by block.
        isSearching = true;
        at = offset;
        continue;
      }
      const content = readAt(fd, offset, member.sizeBytes);
      const place = placeOf(member.name, content, offset);
      if (place !== undefined && !(isSearching && place.encoding === 'delta')) places.push(place);
      const manifest = manifestOf(member.name, content);
      // What lies in a damaged pack may be a user's own file with packs in it.
      if (manifest !== undefined && !(isSearching && manifest.id !== snapshotOfPack(name)))
        manifests.push(manifest);
      at = offset + member.sizeBytes + tarPadding(member.sizeBytes).length;
    }
    return { places, manifests, bytes };
  } finally {
    closeSync(fd);
  }
}

/** Undefined for what is no object, and for one that is damaged: another pack may have it whole. */
function placeOf(name: string, stored: Buffer, offset: number): ObjectPlace | undefined {
  const object = parseMemberName(name);
  if (object === undefined) return undefined;
  const place = { ...object, offset, stored: stored.length };
  // A delta is as large as its database's chunk and is not asked.
  if (object.encoding === 'delta') return { ...place, size: 0 };
  try {
    const content = decodeObject(stored, object.encoding, undefined);
    return hashOf(content) === object.hash ? { ...place, size: content.length } : undefined;
  } catch {
    // Not to be decompressed: damaged.
    return undefined;
  }
}

function manifestOf(name: string, content: Buffer): StoredManifest | undefined {
  if (!name.startsWith('snapshots/')) return undefined;
  try {
    const manifest = JSON.parse(content.toString('utf8')) as StoredManifest;
    return name === `snapshots/${manifest.id}.json` ? manifest : undefined;
  } catch {
    // Damaged: the snapshot is lost, unless another pack has its manifest.
    return undefined;
  }
}

function readAt(fd: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  readSync(fd, buffer, 0, length, position);
  return buffer;
}
