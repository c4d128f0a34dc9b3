// What a template is worth: its paths of all rows, counted.

import { quoteName } from '../../../core/sqlite-names.ts';
import type { ColumnValue } from '../../../core/check/column-value.ts';
import type { PathTemplate } from '../../../core/check/template.ts';
import type { RuleEvidence } from '../../../core/documents/rule-evidence.ts';
import type { Database } from '../../sqlite/sqlite-driver.ts';
import { EvidenceCounter } from '../evidence.ts';
import { neededPaths, type PathLookup } from '../needed-paths.ts';
import { rowSource, type RowSet } from '../row-source.ts';

export interface CountedTemplate {
  readonly evidence: RuleEvidence;
  /** Paths that a row has and that are there, each once; relative to the scope. */
  readonly found: ReadonlySet<string>;
}

/** Paths of one scope: everything is relative to it. */
export interface Scope extends PathLookup {
  /** In the project; '' is the project folder. */
  readonly base: string;
}

export interface CountOptions {
  /** SQL of a condition made here, never one of the user's. */
  readonly where?: string | undefined;
  /** What is counted by further columns. */
  readonly tally?: Tally | undefined;
}

export interface Tally {
  readonly columns: readonly string[];
  /** Of a row: its values of the columns, and how many of its paths are there. */
  add(values: readonly ColumnValue[], fits: number, misses: number): void;
}

/** What leads out of the scope is as missing as what is not there. */
export function countFits(
  db: Database,
  rowSet: RowSet,
  template: PathTemplate,
  { where, tally }: CountOptions,
  scope: Scope,
): CountedTemplate {
  const counter = new EvidenceCounter();
  const found = new Set<string>();
  const before = scope.base === '' ? '' : `${scope.base}/`;
  const own = template.columns.length;
  const places = new Map(template.columns.map((column, index) => [column, index]));
  for (const row of rowsOf(db, rowSet, [...template.columns], tally?.columns ?? [], where)) {
    const needed = neededPaths(template, (column) => row[places.get(column) ?? -1] ?? null, scope);
    if (needed.kind === 'none' || needed.kind === 'empty') continue;
    let fits = 0;
    const paths = needed.kind === 'paths' ? needed.paths : [{ path: needed.why, found: [] }];
    for (const { path, found: there } of paths) {
      for (const one of there) found.add(one);
      const [first] = there;
      if (first === undefined) counter.misfit(before + path);
      else {
        fits += 1;
        counter.fit(before + first);
      }
    }
    if (paths.length > 0) tally?.add(row.slice(own), fits, paths.length - fits);
  }
  return { evidence: counter.evidence(), found };
}

function rowsOf(
  db: Database,
  rowSet: RowSet,
  whole: readonly string[],
  short: readonly string[],
  where: string | undefined,
): IterableIterator<readonly ColumnValue[]> {
  const source = rowSource(db, rowSet);
  const columns = whole.map((name) => source.column(name) ?? quoteName(name));
  const list = [...columns, ...short.map((name) => shortValue(quoteName(name)))];
  const condition = where === undefined ? '' : ` WHERE ${where}`;
  return db
    .prepare<readonly ColumnValue[]>(
      `SELECT ${list.join(', ') || '1'} FROM ${source.from}${condition}`,
    )
    .raw()
    .safeIntegers()
    .iterate();
}

const maxValueLength = 64;

function shortValue(column: string): string {
  return `CASE WHEN typeof(${column}) IN ('blob', 'real') OR length(${column}) > ${maxValueLength} THEN '${longMark}' ELSE ${column} END`;
}

/** Stands for every value that is too long to be a state. */
export const longMark = '\u{1F}long';
