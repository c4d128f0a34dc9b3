// Where the rows of a rule come from: a table, and beside each of its rows the one of another table
// that it refers to. The other's columns are known as `books.path`; in SQL of the user's own, which
// stands unqualified beside them, nothing of it is seen.

import { foldName, quoteName } from '../../core/sqlite-names.ts';
import type { Join } from '../../core/check/rule.ts';
import type { Database } from '../sqlite/sqlite-driver.ts';

/** Rows of `table`, with those that they refer to. */
export interface RowSet {
  readonly table: string;
  readonly joins: readonly Join[];
}

export interface RowSource {
  /** Behind FROM. */
  readonly from: string;
  /** SQL of the column, by its name or as `TABLE.COLUMN` of a joined table; undefined where there is none. */
  column(name: string): string | undefined;
}

/** The join cannot be made: `message` says what is not there. */
export class JoinProblem extends Error {}

/**
 * A row that refers to several is there once for each of them, and one that refers to none has NULL there.
 * @throws JoinProblem
 */
export function rowSource(db: Database, { table, joins }: RowSet): RowSource {
  const own = columnNames(db, table);
  const qualifier = quoteName(table);
  const known = new Map(
    [...own].map(([folded, name]) => [folded, `${qualifier}.${quoteName(name)}`]),
  );
  const from = [qualifier];
  for (const [index, join] of joins.entries()) {
    const joined = columnNames(db, join.table);
    if (joined.size === 0) throw new JoinProblem(`no table "${join.table}"`);
    const on = known.get(foldName(join.on));
    if (on === undefined) throw new JoinProblem(`no column "${join.on}" in table "${table}"`);
    if (!joined.has(foldName(join.key))) {
      throw new JoinProblem(`no column "${join.key}" in table "${join.table}"`);
    }
    // Names that nobody writes: the own columns stay the only ones of their names.
    const alias = (name: string): string => quoteName(`join${index}\u{1F}${foldName(name)}`);
    const columns = [...joined.values()].map((name) => `${quoteName(name)} AS ${alias(name)}`);
    from.push(
      `LEFT JOIN (SELECT ${columns.join(', ')} FROM ${quoteName(join.table)}) ON ${alias(join.key)} = ${on}`,
    );
    for (const name of joined.values()) {
      const full = foldName(`${join.table}.${name}`);
      if (!known.has(full)) known.set(full, alias(name));
    }
  }
  return { from: from.join(' '), column: (name) => known.get(foldName(name)) };
}

/** Folded names of a table's or view's columns to their own; empty where it is not there. */
export function columnNames(db: Database, table: string): ReadonlyMap<string, string> {
  const rows = db
    .prepare<string>('SELECT name FROM pragma_table_xinfo(?) WHERE hidden <> 1')
    .pluck()
    .all(table);
  return new Map(rows.map((name) => [foldName(name), name]));
}
