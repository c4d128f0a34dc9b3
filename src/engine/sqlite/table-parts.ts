// Which ordinary tables stand behind the tables that people choose. A virtual table (full text,
// R-tree) is the tables that its module keeps for it; a full-text index over another table's rows
// goes with that table, because without its triggers nothing else would keep the two together.

import { foldName } from '../../core/sqlite-names.ts';
import { isChosen, type TableChoice } from '../../core/restore/selection.ts';
import type { Database } from './sqlite-driver.ts';

export interface ChosenTables {
  /** As they were chosen, spelled as the database has them; in order of names. */
  readonly names: readonly string[];
  /** The ordinary tables that hold their rows. */
  readonly parts: readonly string[];
}

/** Looks `choice` up in `schema`. Names that are not there are not in the answer. */
export function chosenTables(db: Database, schema: string, choice: TableChoice): ChosenTables {
  const units = readUnits(db, schema);
  const isNamed = ({ name, parts }: Unit): boolean =>
    'only' in choice
      ? [name, ...parts].some((table) => isChosen(choice, table))
      : [name, ...parts].every((table) => isChosen(choice, table));
  const plain = units.filter((unit) => unit.index === null && isNamed(unit));
  const rest = units.filter(({ index }) => index !== null);
  const names = new Set(plain.map(({ name }) => foldName(name)));
  const triggers = readTriggers(db, schema).filter(({ table }) => names.has(foldName(table)));
  const follows = ({ name, index }: Unit): boolean =>
    names.has(foldName(index ?? '')) || triggers.some(({ sql }) => mentions(sql, name));
  const indexes = rest.filter((unit) =>
    'only' in choice ? isNamed(unit) || follows(unit) : isNamed(unit) && followsIn(units, unit),
  );
  function followsIn(all: readonly Unit[], unit: Unit): boolean {
    const content = all.find(({ name }) => foldName(name) === foldName(unit.index ?? ''));
    return content === undefined || follows(unit);
  }
  return {
    names: plain.map(({ name }) => name).toSorted(),
    parts: [...plain, ...indexes].flatMap(({ parts }) => parts),
  };
}

interface Unit {
  readonly name: string;
  readonly parts: readonly string[];
  /** Of a full-text index without rows of its own: the table that has them, empty for none. Else null. */
  readonly index: string | null;
}

function readUnits(db: Database, schema: string): readonly Unit[] {
  const listed = db
    .prepare<[string, string, string]>(`PRAGMA ${schema}.table_list`)
    .raw()
    .all()
    .filter(([, name]) => !/^sqlite_/i.test(name));
  const named = (type: string): string[] =>
    listed.flatMap(([, name, other]) => (other === type ? [name] : []));
  const virtual = named('virtual').toSorted((a, b) => b.length - a.length);
  const parts = new Map<string, string[]>(virtual.map((name) => [name, []]));
  for (const shadow of named('shadow')) {
    const owner = virtual.find((name) => foldName(shadow).startsWith(`${foldName(name)}_`));
    if (owner !== undefined) parts.get(owner)?.push(shadow);
  }
  return [
    ...named('table').map((name): Unit => ({ name, parts: [name], index: null })),
    ...virtual.map((name): Unit => {
      const own = parts.get(name) ?? [];
      return { name, parts: own, index: contentOf(db, schema, name, own) };
    }),
  ];
}

function contentOf(
  db: Database,
  schema: string,
  name: string,
  parts: readonly string[],
): string | null {
  const folded = new Set(parts.map(foldName));
  if (folded.has(`${foldName(name)}_content`)) return null;
  const sql = db
    .prepare<string>(`SELECT sql FROM ${schema}.sqlite_schema WHERE name = ? COLLATE NOCASE`)
    .pluck()
    .get(name);
  return /\bcontent\s*=\s*["'`[]?([^"'`\],)\s]*)/i.exec(sql ?? '')?.[1] ?? null;
}

export interface Trigger {
  readonly name: string;
  readonly table: string;
  readonly sql: string;
}

/** In the order in which they were made. */
export function readTriggers(db: Database, schema: string): readonly Trigger[] {
  return db
    .prepare<[string, string, string]>(
      `SELECT name, tbl_name, sql FROM ${schema}.sqlite_schema WHERE type = 'trigger' ORDER BY rowid`,
    )
    .raw()
    .all()
    .map(([name, table, sql]) => ({ name, table, sql }));
}

function mentions(sql: string, name: string): boolean {
  const words = foldName(sql).split(/[^\p{L}\p{N}_$]+/u);
  return words.includes(foldName(name)) || foldName(sql).includes(`"${foldName(name)}"`);
}
