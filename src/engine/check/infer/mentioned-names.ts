// Files that no rule knows, and a row does: the name stands in the text of a page, in settings, in a
// table too small to make a rule of. Such a file is no lost one.

import { quoteName } from '../../../core/sqlite-names.ts';
import type { Table } from './likely-templates.ts';

/** Texts of this many characters are looked through; of more it is too long for a check. */
const maxCharacters = 8_000_000;
const maxNames = 2000;
/** Names with spaces and the like are looked for one after the other in each text. */
const maxOdd = 24;

/** Of the paths, those whose name stands in a text of any row; undefined where that is too much to tell. */
export function mentionedPaths(
  paths: readonly string[],
  tables: readonly Table[],
): ReadonlySet<string> | undefined {
  if (paths.length === 0) return new Set();
  if (paths.length > maxNames) return undefined;
  const search = new NameSearch(paths);
  if (search.isTooOdd) return undefined;
  let characters = 0;
  for (const { db, name, columns } of tables) {
    for (const text of textsOf(db, name, columns)) {
      characters += text.length;
      if (characters > maxCharacters) return undefined;
      search.lookAt(text);
    }
  }
  return search.found;
}

function* textsOf(
  db: Table['db'],
  table: string,
  columns: readonly string[],
): IterableIterator<string> {
  const list = columns
    .map(quoteName)
    .map((column) => `CASE typeof(${column}) WHEN 'text' THEN ${column} END`);
  const rows = db.prepare<readonly (string | null)[]>(
    `SELECT ${list.join()} FROM ${quoteName(table)}`,
  );
  try {
    for (const row of rows.raw().iterate()) {
      for (const text of row) if (text !== null && text.length >= leastLength) yield text;
    }
  } catch {
    // A damaged page, or a column that only the application can compute: its check tells.
  }
}

const leastLength = 3;

class NameSearch {
  readonly found = new Set<string>();
  readonly #plain = new Map<string, string[]>();
  readonly #odd: { readonly name: string; readonly path: string }[] = [];

  constructor(paths: readonly string[]) {
    for (const path of paths) {
      for (const name of namesOf(path)) {
        if (separators.test(name)) this.#odd.push({ name, path });
        else this.#plain.set(name, [...(this.#plain.get(name) ?? []), path]);
      }
    }
  }

  get isTooOdd(): boolean {
    return this.#odd.length > maxOdd;
  }

  lookAt(text: string): void {
    if (this.#plain.size > 0) {
      for (const token of text.split(separators)) {
        for (const path of this.#plain.get(token) ?? this.#plain.get(trimmed(token)) ?? []) {
          this.found.add(path);
        }
      }
    }
    if (this.#odd.length === 0) return;
    const decoded = text.includes('%') ? decode(text) : text;
    for (const { name, path } of this.#odd) {
      if (text.includes(name) || decoded.includes(name)) this.found.add(path);
    }
  }
}

const separators = /[\s"'<>()[\]{}\\/,;|?#=&:`*]+/;

/** The name, and what stands for it without its ending where that looks like an id. */
function namesOf(path: string): readonly string[] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const stem = name.replace(/(?<=.)\.[^.]*$/s, '');
  return stem !== name && stem.length >= 8 && /\d/.test(stem) ? [name, stem] : [name];
}

function trimmed(token: string): string {
  const end = token.replace(/[.!]+$/, '');
  return end.includes('%') ? decode(end) : end;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
