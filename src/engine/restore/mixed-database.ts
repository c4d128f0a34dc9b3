// A database as it would be with some tables brought back, without making it: one connection to both
// images, in which a view stands before each table that comes from the snapshot.

import { foldName, quoteName } from '../../core/sqlite-names.ts';
import type { TableChoice } from '../../core/restore/selection.ts';
import type { SideDatabase } from '../check/side-database.ts';
import { openImagePair, type ImagePair } from '../sqlite/open-images.ts';
import { readTables } from '../sqlite/table-shape.ts';
import type { Database } from '../sqlite/sqlite-driver.ts';
import { chosenTables } from '../sqlite/table-parts.ts';

interface ImageSide {
  databaseImage(path: string): Promise<string | null>;
}

/** @param identity equal texts mean equal content */
export function openMixedDatabase(
  path: string,
  identity: string,
  choice: TableChoice,
  live: ImageSide,
  snapshot: ImageSide,
): SideDatabase {
  let db: Database | undefined;
  return {
    path,
    identity,
    problem: null,
    async open() {
      if (db !== undefined) return db;
      const images = [await live.databaseImage(path), await snapshot.databaseImage(path)] as const;
      const pair = openImagePair(images[0], images[1]);
      db = pair.db;
      coverTables(pair, choice);
      return db;
    },
    close() {
      db?.close();
      db = undefined;
    },
  };
}

/** Names without a schema mean what is temporary first. */
function coverTables({ db, before, after }: ImagePair, choice: TableChoice): void {
  const { shapes } = readTables(db, before);
  const names = new Set(chosenTables(db, before, choice).names.map(foldName));
  for (const [key, { name, rowid, columns }] of shapes) {
    if (!names.has(key)) continue;
    const isColumn = columns.some((column) => foldName(column.name) === foldName(rowid ?? ''));
    const own = rowid === null || isColumn ? '' : `${rowid} AS ${rowid}, `;
    db.exec(
      `CREATE TEMP VIEW ${quoteName(name)} AS SELECT ${own}* FROM ${after}.${quoteName(name)}`,
    );
  }
}
