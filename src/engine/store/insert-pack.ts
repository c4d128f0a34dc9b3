// The catalog's rows of packs and objects.

import type { Database } from '../sqlite/sqlite-driver.ts';
import { encodingNumber } from './pack-reader.ts';
import type { ObjectPlace } from './pack-writer.ts';

/** Enters a finished pack; part of the caller's transaction. */
export function insertPack(
  db: Database,
  name: string,
  pack: { readonly places: readonly ObjectPlace[]; readonly bytes: number },
): void {
  const id = db
    .prepare('INSERT INTO packs (name, bytes) VALUES (?, ?)')
    .run(name, pack.bytes).lastInsertRowid;
  const insert = db.prepare('INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?, ?, ?)');
  for (const { hash, offset, stored, size, encoding, base } of pack.places) {
    const baseKey = base === null ? null : Buffer.from(base, 'hex');
    insert.run(
      Buffer.from(hash, 'hex'),
      id,
      offset,
      stored,
      size,
      encodingNumber(encoding),
      baseKey,
    );
  }
}
