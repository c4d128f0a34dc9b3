// What a template is worth: its paths of all rows, counted.

import { renderPaths, type ColumnValue, type PathTemplate } from '../../../core/check/template.ts';
import type { RuleEvidence } from '../../../core/documents.ts';
import { quoteName } from '../../diff/table-shape.ts';
import type { Database } from '../../sqlite-driver.ts';
import { EvidenceCounter } from '../evidence.ts';

export interface CountedTemplate {
  readonly evidence: RuleEvidence;
  /** Paths that a row has and that are there, each once; relative to the scope. */
  readonly found: ReadonlySet<string>;
}

/** Paths of one scope: everything is relative to it. */
export interface Scope {
  /** In the project; '' is the project folder. */
  readonly base: string;
  has(path: string): boolean;
}

/** @param where SQL of a condition made here, never one of the user's */
export function countFits(
  db: Database,
  table: string,
  template: PathTemplate,
  where: string | null,
  scope: Scope,
): CountedTemplate {
  const counter = new EvidenceCounter();
  const found = new Set<string>();
  const before = scope.base === '' ? '' : `${scope.base}/`;
  eachRow(
    db,
    table,
    template,
    [],
    where,
    (rendered) => {
      for (const path of rendered.missing) counter.misfit(before + path);
      for (const path of rendered.found) {
        found.add(path);
        counter.fit(before + path);
      }
    },
    scope,
  );
  return { evidence: counter.evidence(), found };
}

export interface CountedRow {
  readonly found: readonly string[];
  /** What leads out of the scope is as missing as what is not there. */
  readonly missing: readonly string[];
  /** Values of the further columns; NULL where one is long. */
  readonly values: readonly ColumnValue[];
}

/** Calls `visit` for each row that needs a path. */
export function eachRow(
  db: Database,
  table: string,
  template: PathTemplate,
  further: readonly string[],
  where: string | null,
  visit: (row: CountedRow) => void,
  scope: Pick<Scope, 'has'>,
): void {
  const own = template.columns.map(quoteName);
  const others = further.map((name) => shortValue(quoteName(name)));
  const condition = where === null ? '' : ` WHERE ${where}`;
  const list = [...own, ...others].join(', ') || '1';
  const rows = db
    .prepare<readonly ColumnValue[]>(`SELECT ${list} FROM ${quoteName(table)}${condition}`)
    .raw()
    .safeIntegers()
    .iterate();
  const places = new Map(template.columns.map((column, index) => [column, index]));
  for (const row of rows) {
    const rendered = renderPaths(template, (column) => row[places.get(column) ?? -1] ?? null);
    if (rendered.kind === 'none' || rendered.kind === 'empty') continue;
    const paths = rendered.kind === 'paths' ? rendered.paths : [];
    const found = paths.filter((path) => scope.has(path));
    const missing =
      rendered.kind === 'paths' ? paths.filter((path) => !scope.has(path)) : [rendered.why];
    if (paths.length > 0 || missing.length > 0) {
      visit({ found, missing, values: row.slice(own.length) });
    }
  }
}

const maxValueLength = 64;

function shortValue(column: string): string {
  return `CASE WHEN typeof(${column}) IN ('blob', 'real') OR length(${column}) > ${maxValueLength} THEN '${longMark}' ELSE ${column} END`;
}

/** Stands for every value that is too long to be a state. */
export const longMark = '\u{1F}long';
