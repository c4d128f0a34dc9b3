// Paths in folders too large to be listed: values of rows are tried there, one at a time, as they
// stand, without the folders in front of their last names, and cut in pieces as keys often are.

import type { SampledTable } from './sample-rows.ts';

const maxColumns = 40;
const maxValues = 12;
/** Without any hit by then a column is left. */
const firstValues = 4;
const maxFolders = 24;

/** Those that are there. */
export function probedPaths(
  tables: readonly SampledTable[],
  folders: readonly string[],
  has: (path: string) => boolean,
): readonly string[] {
  if (folders.length === 0) return [];
  const found = new Set<string>();
  for (const values of pathColumns(tables)) {
    for (const folder of folders.slice(0, maxFolders)) {
      let hits = 0;
      for (const [index, value] of values.entries()) {
        if (index === firstValues && hits === 0) break;
        const path = formsOf(value)
          .map((form) => `${folder}/${form}`)
          .find(has);
        if (path === undefined) continue;
        hits += 1;
        found.add(path);
      }
    }
  }
  return [...found];
}

/** Values of each column that look like names of files: with a slash, an ending, or of an id's length. */
function pathColumns(tables: readonly SampledTable[]): readonly (readonly string[])[] {
  const columns = tables.flatMap(({ columns: names, rows }) =>
    names.map((_, at) => {
      const texts = rows.map((row) => row[at]).filter((value) => typeof value === 'string');
      return spread([...new Set(texts.filter(isPathLike))]);
    }),
  );
  return columns.filter((values) => values.length >= firstValues).slice(0, maxColumns);
}

function isPathLike(text: string): boolean {
  if (text.length < 3 || text.length > 1024 || /[\0\n]/.test(text)) return false;
  return /\/./.test(text) || /[^.]\.[A-Za-z0-9]{1,5}$/.test(text) || /^[\w-]{16,}$/.test(text);
}

function spread(values: readonly string[]): readonly string[] {
  const step = Math.max(1, values.length / maxValues);
  return values.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}

function formsOf(value: string): readonly string[] {
  const names = value
    .replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#]*/, '')
    .split(/[/\\]/)
    .filter((name) => name !== '' && name !== '.');
  if (names.includes('..')) return [];
  if (names.length > 1) return names.map((_, index) => names.slice(index).join('/'));
  const [name = ''] = names;
  const cut = [
    [0, 2],
    [0, 2, 4],
    [0, 1, 2],
    [0, 3],
  ].map((ends) => ends.slice(1).map((end, index) => name.slice(ends[index], end)));
  return [name, ...cut.map((pieces) => [...pieces, name].join('/'))];
}
