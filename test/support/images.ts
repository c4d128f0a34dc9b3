// Images of databases for comparisons: closed single files in a fresh temporary folder.

import Database from 'better-sqlite3';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { diffDatabases } from '../../src/engine/diff/diff-databases.ts';
import type { CellForm, DatabaseDiff, RowChange } from '../../src/core/documents/documents.ts';
import { tree } from './tree.ts';

/** SQL, or what has a connection to work with. */
export type Content = string | ((db: Database.Database) => void);

/** Absolute path of a new database that `steps` made, one after the other. */
export async function image(...steps: readonly Content[]): Promise<string> {
  const path = join(await tree(), 'image.db');
  change(path, ...steps);
  return path;
}

/** A copy of the image on which `steps` were done. */
export async function changedCopy(of: string, ...steps: readonly Content[]): Promise<string> {
  const path = join(await tree(), 'image.db');
  copyFileSync(of, path);
  change(path, ...steps);
  return path;
}

export interface DiffTestOptions {
  readonly rows?: number;
  readonly cells?: CellForm;
  readonly signal?: AbortSignal;
}

export async function diff(
  before: string | null,
  after: string | null,
  { rows = 100, cells, signal = new AbortController().signal }: DiffTestOptions = {},
): Promise<DatabaseDiff> {
  return diffDatabases(before, after, { path: 'app.db', rows, cells, signal });
}

/** Changes on one line each: `change {"id":1} {"a":"x"} -> {"a":"y"}`. */
export function describeRows(rows: readonly RowChange[]): readonly string[] {
  return rows.map(({ op, key, before, after }) => {
    const sides = [before, after]
      .filter((side) => side !== null)
      .map((side) => JSON.stringify(side));
    return `${op} ${JSON.stringify(key)} ${sides.join(' -> ')}`;
  });
}

function change(path: string, ...steps: readonly Content[]): void {
  const db = new Database(path);
  try {
    // Schemas may be made that the driver's strictness would refuse.
    db.unsafeMode(true);
    for (const step of steps) {
      if (typeof step === 'string') db.exec(step);
      else step(db);
    }
  } finally {
    db.close();
  }
}
