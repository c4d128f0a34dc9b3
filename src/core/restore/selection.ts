// What of a snapshot a restore brings back: paths, and of databases single tables. Pure.

import { isWithin } from '../names.ts';
import { foldName } from '../sqlite-names.ts';
import { ancestors } from './plan-entries.ts';

/** Paths as the documents have them; tables as `DATABASE:TABLE`. What is empty does not limit. */
export interface RestoreSelection {
  readonly only: readonly string[];
  /** Paths that stay, although `only` has them. */
  readonly except: readonly string[];
  /** Of these databases only these tables. */
  readonly table: readonly string[];
  /** Tables that stay. */
  readonly exceptTable: readonly string[];
}

/** The tables of one database that are brought back. */
export type TableChoice =
  { readonly only: readonly string[] } | { readonly except: readonly string[] };

export const everything: RestoreSelection = { only: [], except: [], table: [], exceptTable: [] };

/** True where nothing of the snapshot is left out. */
export function isEverything(selection: RestoreSelection): boolean {
  const { only, except, table, exceptTable } = selection;
  return only.length + except.length + table.length + exceptTable.length === 0;
}

/** Tells whether the selection has a path; a database is in it where a table of it is. */
export function pathFilter(selection: RestoreSelection): (path: string) => boolean {
  const only = new Set(selection.only);
  const except = new Set(selection.except);
  const databases = new Set(selection.table.flatMap(possibleDatabases));
  const isLimited = only.size + databases.size > 0;
  const isNamed = (path: string): boolean =>
    !isLimited || databases.has(path) || isBelowOne(path, only);
  return (path) => isNamed(path) && !isBelowOne(path, except);
}

/** True where the set has the path or a folder above it: a preview may name thousands. */
function isBelowOne(path: string, scopes: ReadonlySet<string>): boolean {
  if (scopes.size === 0) return false;
  return scopes.has(path) || ancestors(path).some((folder) => scopes.has(folder));
}

/** The tables of the database that are selected; `all`: the database as a whole. */
export function tableChoice(selection: RestoreSelection, database: string): TableChoice | 'all' {
  const except = tablesOf(selection.exceptTable, database);
  const only = tablesOf(selection.table, database);
  if (only.length > 0) {
    return { only: only.filter((name) => !except.some((other) => isSameName(name, other))) };
  }
  return except.length > 0 ? { except } : 'all';
}

export function isChosen(choice: TableChoice, table: string): boolean {
  return 'only' in choice
    ? choice.only.some((name) => isSameName(name, table))
    : !choice.except.some((name) => isSameName(name, table));
}

/** The tables that `names` has of `database`; both may hold colons. */
function tablesOf(names: readonly string[], database: string): readonly string[] {
  const start = `${database}:`;
  return names.flatMap((name) => (name.startsWith(start) ? [name.slice(start.length)] : []));
}

/** Every path that may be meant as the database of `DATABASE:TABLE`, the likeliest (the last colon) first. */
export function possibleDatabases(name: string): readonly string[] {
  const paths: string[] = [];
  for (let at = name.lastIndexOf(':'); at > 0; at = name.lastIndexOf(':', at - 1)) {
    paths.push(name.slice(0, at));
  }
  return paths;
}

/** True where restoring `a` surely leaves nothing of `b` behind. */
export function coversSelection(a: RestoreSelection, b: RestoreSelection): boolean {
  if (isEverything(a) || isSameSelection(a, b)) return true;
  const isPlain = a.except.length + a.table.length + a.exceptTable.length === 0;
  const named = [...b.only, ...b.table.flatMap(possibleDatabases)];
  return isPlain && named.length > 0 && named.every((path) => pathFilter(a)(path));
}

/** Both together. Where no selection says exactly that it has more than both, never less. */
export function joinSelections(a: RestoreSelection, b: RestoreSelection): RestoreSelection {
  if (isSameSelection(a, b)) return a;
  const isLimited = (selection: RestoreSelection): boolean =>
    selection.only.length + selection.table.length > 0;
  const areLimited = isLimited(a) && isLimited(b);
  const union = (one: readonly string[], other: readonly string[]): readonly string[] => [
    ...new Set([...one, ...other]),
  ];
  return {
    only: areLimited ? union(a.only, b.only) : [],
    table: areLimited ? union(narrowTables(a, b), narrowTables(b, a)) : [],
    except: union(leftOutOf(a, b), leftOutOf(b, a)),
    exceptTable: union(tablesLeftOutOf(a, b), tablesLeftOutOf(b, a)),
  };
}

/** Tables of `a` in databases of which `b` does not have more than single tables. */
function narrowTables(a: RestoreSelection, b: RestoreSelection): readonly string[] {
  return a.table.filter((name) =>
    possibleDatabases(name).every((path) => {
      const choice = tableChoice(b, path);
      return !pathFilter(b)(path) || (choice !== 'all' && 'only' in choice);
    }),
  );
}

/** Paths that `a` leaves out and of which `b` has nothing either. */
function leftOutOf(a: RestoreSelection, b: RestoreSelection): readonly string[] {
  const named = [...b.only, ...b.table.flatMap(possibleDatabases)];
  return a.except.filter(
    (path) => !pathFilter(b)(path) && !named.some((other) => isWithin(other, path)),
  );
}

function tablesLeftOutOf(a: RestoreSelection, b: RestoreSelection): readonly string[] {
  return a.exceptTable.filter((name) =>
    possibleDatabases(name).every((path) => {
      const choice = tableChoice(b, path);
      const table = name.slice(path.length + 1);
      return !pathFilter(b)(path) || (choice !== 'all' && !isChosen(choice, table));
    }),
  );
}

/** In whatever order. */
export function isSameSelection(a: RestoreSelection, b: RestoreSelection): boolean {
  const text = (selection: RestoreSelection): string =>
    JSON.stringify([
      selection.only.toSorted(),
      selection.except.toSorted(),
      selection.table.toSorted(),
      selection.exceptTable.toSorted(),
    ]);
  return text(a) === text(b);
}

/** As SQLite compares names: ASCII letters have no case. */
function isSameName(a: string, b: string): boolean {
  return foldName(a) === foldName(b);
}
