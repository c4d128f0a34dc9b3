// Opens images of databases, the sound single files that captures and the store make: read-only,
// without trust in what their schemas call. Two of them share one connection, so that SQLite itself
// can join them.

import { closeSync, openSync, readSync } from 'node:fs';
import { diskPath } from '../disk/disk-path.ts';
import { openDatabase, withPlainPath, type Database } from './sqlite-driver.ts';
import type { TextEncoding } from './cells.ts';

/** Two images in one connection, each under the name of a schema. */
export interface ImagePair {
  readonly db: Database;
  readonly before: string;
  readonly after: string;
}

/** @throws what SQLite answers for a file that is no database */
export function openImage(path: string): Database {
  const db = openDatabase(path, { readonly: true });
  try {
    db.pragma('trusted_schema = OFF');
    // Damage is met here and told as such, and not as an odd value later.
    db.pragma('cell_size_check = ON');
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Both images, an absent one as an empty database.
 * @throws what SQLite answers for a file that is no database, or for two different text encodings
 */
export function openImagePair(before: string | null, after: string | null): ImagePair {
  const first = before ?? after;
  if (first === null) throw new Error('nothing to compare');
  const second = before === null ? null : after;
  const db = openImage(first);
  try {
    const attach = db.prepare('ATTACH ? AS other');
    if (second === null) attach.run(':memory:');
    else withPlainPath(second, (plain) => attach.run(plain));
    return before === null
      ? { db, before: 'other', after: 'main' }
      : { db, before: 'main', after: 'other' };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** From the header (https://sqlite.org/fileformat2.html §1.3.13); null for a database that is still empty. */
export function imageEncoding(path: string): TextEncoding | null {
  const header = Buffer.alloc(60);
  const fd = openSync(diskPath(path), 'r');
  try {
    readSync(fd, header, 0, header.length, 0);
  } finally {
    closeSync(fd);
  }
  const encodings: readonly TextEncoding[] = ['UTF-8', 'UTF-16le', 'UTF-16be'];
  return encodings[header.readUInt32BE(56) - 1] ?? null;
}
