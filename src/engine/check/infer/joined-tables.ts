// Which rows of other tables stand beside the rows of a table: those that a foreign key refers to, and
// where nobody declared one, those of the table that a column is named after: `book` or `book_id` of
// `books`. What they have may be a folder of the row's file.

import { foldName } from '../../../core/sqlite-names.ts';
import type { Join } from '../../../core/check/rule.ts';
import type { PathTemplate } from '../../../core/check/template.ts';
import type { Database } from '../../sqlite/sqlite-driver.ts';
import type { TableShape } from '../../sqlite/table-shape.ts';

/** What of other tables stands beside the rows of a table. */
export interface JoinedTables {
  readonly joins: readonly Join[];
  /** `TABLE.COLUMN` of each that is to be read. */
  readonly columns: readonly string[];
}

const maxJoins = 4;
const maxColumns = 16;

/**
 * Each table once, by its primary key of one column, so that every row has one of it at most, and of its
 * columns those that may be text.
 */
export function joinedTables(
  db: Database,
  shape: TableShape,
  shapes: ReadonlyMap<string, TableShape>,
): JoinedTables {
  const declared = referencesOf(db, shape.name);
  const joins = new Map<string, Join>();
  const columns: string[] = [];
  for (const { name } of shape.columns) {
    const target = declared.get(name) ?? namesake(name, shapes);
    const other = target === undefined ? undefined : shapes.get(foldName(target));
    const [key, ...others] = other?.key ?? [];
    if (other === undefined || key === undefined || others.length > 0) continue;
    const isOwn = other.name === shape.name || shape.key[0]?.name === name;
    if (isOwn || other.isVirtual || joins.has(other.name) || joins.size === maxJoins) continue;
    joins.set(other.name, { table: other.name, key: key.name, on: name });
    const texts = other.columns.filter(({ type }) => mayBeText(type)).slice(0, maxColumns);
    columns.push(...texts.map((column) => `${other.name}.${column.name}`));
  }
  return { joins: [...joins.values()], columns };
}

/** Those of which a template has a column, and those that these need. */
export function joinsIn(template: PathTemplate, joins: readonly Join[]): readonly Join[] {
  const isIn = ({ table }: Join): boolean =>
    template.columns.some((column) => foldName(column).startsWith(foldName(`${table}.`)));
  return joins.filter(isIn);
}

function mayBeText(type: string): boolean {
  return !/INT|REAL|FLOA|DOUB|BLOB|BOOL|DATE|TIME/i.test(type);
}

/** Tables by the one column that refers to them. */
function referencesOf(db: Database, table: string): ReadonlyMap<string, string> {
  const rows = db
    .prepare<{ readonly table: string; readonly from: string | null }>(
      `SELECT "table", "from" FROM pragma_foreign_key_list(?) GROUP BY id HAVING count(*) = 1`,
    )
    .all(table);
  return new Map(rows.flatMap((row) => (row.from === null ? [] : [[row.from, row.table]])));
}

function namesake(column: string, shapes: ReadonlyMap<string, TableShape>): string | undefined {
  const word = foldName(column.replace(/(?:_id|_?ID|Id)$/, ''));
  if (word.length < 3) return undefined;
  return [word, `${word}s`, `${word}es`, word.replace(/y$/, 'ies')].find((name) =>
    shapes.has(name),
  );
}
