// Columns with the size or the hash of the file that a row names: found where they are right in a
// sample of the rows, so that a file that changes later is told. A hash cannot be right by chance; sizes
// can, where files are few or all alike, and then they prove nothing.

import { foldName, quoteName } from '../../../core/sqlite-names.ts';
import type { ColumnValue } from '../../../core/check/column-value.ts';
import type { PathTarget, Rule } from '../../../core/check/rule.ts';
import { pause } from '../../diff/pause.ts';
import type { Database } from '../../sqlite/sqlite-driver.ts';
import { readTables } from '../../sqlite/table-shape.ts';
import { hashOf, sizeOf } from '../content-faults.ts';
import type { FileIndex } from '../file-index.ts';
import { lookupIn, neededPaths } from '../needed-paths.ts';
import { inBase } from '../rule-folder.ts';
import type { SideDatabase } from '../side-database.ts';
import { sqlName } from './find-condition.ts';
import { sampleTable, type SampledTable } from './sample-rows.ts';
import { holds, leastFits } from './thresholds.ts';

export interface ContentSide {
  readonly files: FileIndex;
  readonly databases: readonly SideDatabase[];
}

/**
 * The rules, those found in this state with what their rows tell of their files. What was right at the
 * last snapshot is compared on: whoever changes all files must not make the comparison go with them.
 * @param before rules as they were remembered
 * @throws the signal's reason
 */
export async function withContentColumns(
  rules: readonly Rule[],
  before: readonly Rule[],
  { files, databases }: ContentSide,
  signal: AbortSignal,
): Promise<readonly Rule[]> {
  const all: Rule[] = [];
  for (const rule of rules) {
    const database = databases.find(({ path }) => path === rule.database);
    const { target, state, evidence } = rule;
    const isFound = state === 'checked' && evidence !== null && database?.problem === null;
    if (!isFound || target.kind !== 'path') {
      all.push(rule);
      continue;
    }
    await pause(signal);
    const db = await database.open();
    const known = before.find(({ id }) => id === rule.id)?.target;
    const kept = known?.kind === 'path' ? keptColumns(rule, known, db) : {};
    const now = contentColumns(rule, target, db, files);
    all.push({ ...rule, target: { ...target, ...kept, ...now } });
  }
  return all;
}

type ContentColumns = Partial<Pick<PathTarget, 'size' | 'hash'>>;

/** Columns of a rule that the table still has. */
export function keptColumns(
  { table }: Rule,
  { size, hash }: Pick<PathTarget, 'size' | 'hash'>,
  db: Database,
): ContentColumns {
  const isThere = (column: string | null): column is string => {
    if (column === null) return false;
    try {
      db.prepare(`SELECT ${column} FROM ${quoteName(table)}`);
      return true;
    } catch {
      return false;
    }
  };
  return { ...(isThere(size) ? { size } : {}), ...(isThere(hash) ? { hash } : {}) };
}

function contentColumns(
  { table, joins }: Rule,
  target: PathTarget,
  db: Database,
  files: FileIndex,
): ContentColumns {
  try {
    const shape = readTables(db, 'main').shapes.get(foldName(table));
    if (shape === undefined) return {};
    const sampled = sampleTable(db, shape, { joins, columns: target.template.columns });
    const rows = rowsWithFiles(sampled, target, files);
    const size = sizeColumn(sampled, rows, files);
    const hash = hashColumn(sampled, rows, files);
    return {
      ...(size === undefined ? {} : { size: sqlName(size) }),
      ...(hash === undefined ? {} : { hash: sqlName(hash) }),
    };
  } catch {
    // A damaged page ends the guess, not the check.
    return {};
  }
}

interface RowWithFile {
  readonly values: readonly ColumnValue[];
  /** In the project. */
  readonly path: string;
}

const maxRows = 40;

/** Spread over the sample; a row with several files tells of none. */
function rowsWithFiles(
  { columns, joined, rows }: SampledTable,
  target: PathTarget,
  files: FileIndex,
): readonly RowWithFile[] {
  const places = new Map([...columns, ...joined].map((column, index) => [foldName(column), index]));
  const lookup = lookupIn(files, target.base);
  const found: RowWithFile[] = [];
  for (const values of rows) {
    const valueOf = (column: string) => values[places.get(foldName(column)) ?? -1] ?? null;
    const needed = neededPaths(target.template, valueOf, lookup);
    const [only, ...others] = needed.kind === 'paths' ? needed.paths : [];
    const [path] = only?.found ?? [];
    if (path === undefined || others.length > 0) continue;
    const full = inBase(target.base, path);
    if (files.kinds.get(full) === 'file') found.push({ values, path: full });
  }
  return spread(found, maxRows);
}

function spread<T>(all: readonly T[], count: number): readonly T[] {
  if (all.length <= count) return all;
  return Array.from(
    { length: count },
    (_, index) => all[Math.floor((index * all.length) / count)],
  ).filter((one) => one !== undefined);
}

/** So many different sizes are no chance: fewer where the column is called so. */
const leastSizes = { named: 3, other: 6 };
const leastOther = 12;

function sizeColumn(
  { columns, key, foreign }: SampledTable,
  rows: readonly RowWithFile[],
  files: FileIndex,
): string | undefined {
  if (rows.length < leastFits) return undefined;
  const sizes = rows.map(({ path }) => files.size(path));
  const right = columns.filter((column, at) => {
    if (column === key || foreign.has(column)) return false;
    const said = rows.map(({ values }) => sizeOf(values[at] ?? null));
    const compared = said.flatMap((value, index) => {
      const size = sizes[index];
      return value === undefined || size === undefined ? [] : [{ size, fits: value === size }];
    });
    const fits = compared.filter((one) => one.fits);
    const isNamed = isCalledSize(column);
    const different = new Set(fits.map(({ size }) => size)).size;
    return (
      holds(fits.length, compared.length) &&
      compared.length >= (isNamed ? leastFits : leastOther) &&
      different >= (isNamed ? leastSizes.named : leastSizes.other)
    );
  });
  return right.find(isCalledSize) ?? right[0];
}

function isCalledSize(column: string): boolean {
  return /size|bytes|length/i.test(column);
}

const maxHashed = 12;
const maxHashedBytes = 32 * 1024 * 1024;

/** SHA-256 first: a snapshot knows it without reading. */
function hashColumn(
  { columns }: SampledTable,
  rows: readonly RowWithFile[],
  files: FileIndex,
): string | undefined {
  const right = columns.flatMap((column, at) => {
    const withHash = rows.flatMap(({ values, path }) => {
      const said = hashOf(values[at] ?? null);
      return said === undefined ? [] : [{ ...said, path }];
    });
    if (withHash.length < leastFits || withHash.length * 2 < rows.length) return [];
    const budget = { leftBytes: maxHashedBytes };
    let fits = 0;
    let of = 0;
    for (const { path, algorithm, hex } of spread(withHash, maxHashed)) {
      const found = files.hash(path, algorithm, budget);
      if (found === undefined) continue;
      of += 1;
      if (found === hex) fits += 1;
      // Most columns in hex are ids: the first files tell.
      if (of === 3 && fits === 0) return [];
    }
    const isSha256 = withHash.every(({ algorithm }) => algorithm === 'sha256');
    return holds(fits, of) ? [{ column, isSha256 }] : [];
  });
  return (right.find(({ isSha256 }) => isSha256) ?? right[0])?.column;
}
