// Rows that need a row elsewhere: in another table, or in another database.

import { basename } from 'node:path/posix';
import { foldName, quoteName } from '../../core/sqlite-names.ts';
import type { Mismatch } from '../../core/documents/documents.ts';
import type { RowTarget } from '../../core/check/rule.ts';
import type { ColumnValue } from '../../core/check/column-value.ts';
import { renderTexts } from '../../core/check/render-template.ts';
import { EvidenceCounter } from './evidence.ts';
import { isYoung } from './grace.ts';
import { hashText } from './needed-paths.ts';
import { columnNames } from './row-source.ts';
import { openRows, RuleProblem, type RowView } from './row-reader.ts';
import { databaseOf, type RuleOutcome, type RuleRun } from './rule-run.ts';

export async function runRowRule(run: RuleRun, target: RowTarget): Promise<RuleOutcome> {
  const { rule, side, breathe } = run;
  const columns = new Map(rule.grace === null ? [] : [[rule.grace.column, 'grace']]);
  for (const column of target.values.flatMap((value) => value.columns)) {
    columns.set(column, 'value');
  }
  const reader = openRows(await databaseOf(run, rule.database, 'database').open(), {
    table: rule.table,
    joins: rule.joins,
    databaseName: basename(rule.database),
    columns,
    expressions: { where: rule.where },
  });
  const known = await readKnown(run, target);
  const evidence = new EvidenceCounter();
  const mismatches: Mismatch[] = [];
  let rows = 0;
  for (const row of reader.rows()) {
    rows += 1;
    await breathe();
    if (rule.where !== null && Number(row.expression('where')) !== 1) continue;
    for (const values of neededValues(target, row)) {
      if (target.except.includes(values[0] ?? '')) continue;
      const shown = values.join(' · ');
      if (known.has(keyOf(values))) evidence.fit(shown);
      else {
        evidence.misfit(shown);
        const isExcused = isYoung(rule.grace, row, side.nowMs);
        mismatches.push({
          kind: 'missing-row',
          severity: isExcused ? 'info' : rule.severity,
          database: rule.database,
          table: rule.table,
          key: row.key(),
          path: null,
          rule: rule.id,
          detail: detailOf(rule.database, target, row, shown),
        });
      }
    }
  }
  return {
    mismatches,
    diagnoses: [],
    rows,
    evidence: evidence.evidence(),
    compared: [],
    problem: null,
    claims: null,
    problemKey: null,
  };
}

/** The combinations of values that need a row; none where one of them is NULL or empty. */
function neededValues(target: RowTarget, row: RowView): readonly (readonly string[])[] {
  let combinations: (readonly string[])[] = [[]];
  for (const template of target.values) {
    const rendered = renderTexts(template, { valueOf: (column) => row.column(column), hashText });
    if (rendered.kind !== 'texts') return [];
    combinations = combinations.flatMap((head) => rendered.texts.map((value) => [...head, value]));
  }
  return combinations;
}

async function readKnown(run: RuleRun, target: RowTarget): Promise<ReadonlySet<string>> {
  const { database: path, table, columns } = target;
  const db = await databaseOf(run, path, 'to').open();
  const names = columnNames(db, table);
  if (names.size === 0) throw new RuleProblem(`no table "${table}" in ${basename(path)}`, 'to');
  const list = columns.map((column) => {
    const real = names.get(foldName(column));
    if (real !== undefined) return quoteName(real);
    throw new RuleProblem(`no column "${column}" in table "${table}" of ${basename(path)}`, 'to');
  });
  const statement = db
    .prepare<readonly ColumnValue[]>(`SELECT ${list.join(', ')} FROM ${quoteName(table)}`)
    .raw()
    .safeIntegers();
  const known = new Set<string>();
  for (const values of statement.iterate()) {
    known.add(keyOf(values.map((value) => (value === null ? '' : String(value)))));
    await run.breathe();
  }
  return known;
}

function keyOf(values: readonly string[]): string {
  return values.join('\0');
}

/** `not in chroma.sqlite3` where the row's key says what; else with the value: `"carol" not in users`. */
function detailOf(own: string, target: RowTarget, row: RowView, shown: string): string {
  const where = target.database === own ? target.table : basename(target.database);
  const key = Object.values(row.key() ?? {}).map(String);
  return key.join(' · ') === shown ? `not in ${where}` : `"${shown}" not in ${where}`;
}
