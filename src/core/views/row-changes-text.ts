// The two texts of a `.rows` document, which VS Code shows side by side: the rows of a table that
// differ. Heads are the same on both sides, and every line below begins with the row's number: so a
// line is never paired with one of another row, and each cell lights up by itself.

import { foldName } from '../sqlite-names.ts';
import type { CellDocument, RowChange, RowDocument, TableDiff } from '../documents/documents.ts';
import { cellLines } from '../format/cell-lines.ts';
import { isSameCell, keyText } from '../format/cell-text.ts';
import { formatCount, nameSome, plural } from '../format/numbers.ts';
import { plainStyle, opSigns, type Op } from '../format/style.ts';
import { displayWidth, padTo, visible } from '../format/width.ts';

export interface RowChangesOptions {
  /** Path of the database as the diff has it. */
  readonly database: string;
  readonly table: TableDiff;
  readonly view: RowChangesView;
  /** Rows shown at most; default: all that are listed. What is left out is counted at the end. */
  readonly maxRows?: number | undefined;
}

/** `restore`: what is before is now. `compare`: two sides by the names that the document calls them. */
export type RowChangesView =
  | { readonly kind: 'restore' }
  | { readonly kind: 'compare'; readonly left: string; readonly right: string };

export interface RowChangesText {
  /** `before` of the rows. Both end with a newline. */
  readonly left: string;
  readonly right: string;
}

/** A longer column name must not push the values of all others out of sight. */
const maxNameWidth = 40;

/** The document of one table that differs. */
export function rowChangesText(options: RowChangesOptions): RowChangesText {
  const { table, maxRows } = options;
  const rows = table.rows.slice(0, maxRows);
  const blocks = countEqualRows(rows);
  const widths = columnNames(rows).map((name) => displayWidth(visible(name)));
  const width = Math.max(0, ...widths.map((one) => Math.min(one, maxNameWidth)));
  const digits = String(blocks.length).length;
  const comments = commentLines(options);
  const left = [...comments];
  const right = [...comments];
  for (const [index, block] of blocks.entries()) {
    const number = `  ${String(index + 1).padStart(digits)}  `;
    const layout = { number, width };
    const head = headLine(block, options.view);
    left.push('', head, ...sideLines(block.change, 'before', layout));
    right.push('', head, ...sideLines(block.change, 'after', layout));
  }
  const more = table.added + table.removed + table.changed - rows.length;
  if (more > 0) {
    const line = `// ${plural(more, 'more row')} ${more === 1 ? 'differs' : 'differ'}.`;
    for (const lines of [left, right]) lines.push('', line);
  }
  return { left: `${left.join('\n')}\n`, right: `${right.join('\n')}\n` };
}

interface Block {
  readonly change: RowChange;
  /** Above 1 where nothing tells this row from its like. */
  readonly times: number;
}

/** Equal rows without a key, which are listed one after another, as one block. */
function countEqualRows(rows: readonly RowChange[]): readonly Block[] {
  const blocks: Block[] = [];
  for (const change of rows) {
    const last = blocks.at(-1);
    if (last !== undefined && isSameKeyless(last.change, change)) {
      blocks.splice(-1, 1, { change: last.change, times: last.times + 1 });
    } else blocks.push({ change, times: 1 });
  }
  return blocks;
}

function isSameKeyless(a: RowChange, b: RowChange): boolean {
  const hasKey = Object.keys(a.key).length > 0;
  return !hasKey && (a === b || JSON.stringify(a) === JSON.stringify(b));
}

function columnNames(rows: readonly RowChange[]): readonly string[] {
  const names = new Set<string>();
  for (const { before, after } of rows)
    for (const row of [before, after]) for (const name of Object.keys(row ?? {})) names.add(name);
  return [...names];
}

const verbs: Readonly<
  Record<RowChangesView['kind'], Readonly<Record<Op, readonly [string, string]>>>
> = {
  restore: {
    add: ['comes back', 'come back'],
    remove: ['goes', 'go'],
    change: ['changes', 'change'],
  },
  compare: {
    add: ['added', 'added'],
    remove: ['removed', 'removed'],
    change: ['changed', 'changed'],
  },
};

function commentLines({ database, table, view }: RowChangesOptions): readonly string[] {
  const file = database.slice(database.lastIndexOf('/') + 1);
  const counts = [
    ['add', table.added],
    ['remove', table.removed],
    ['change', table.changed],
  ] as const;
  const parts = counts
    .filter(([, count]) => count > 0)
    .map(([op, count], index) => {
      const number = index === 0 ? plural(count, 'row') : formatCount(count);
      return `${number} ${verbs[view.kind][op][count === 1 ? 0 : 1]}`;
    });
  const sides =
    view.kind === 'restore'
      ? 'Left: now. Right: after the restore.'
      : `Left: ${visible(view.left)}. Right: ${visible(view.right)}.`;
  return [
    `// ${visible(table.name)} in ${visible(file)}: ${parts.join(', ')}`,
    `// ${sides} ${keyWords(table.rows[0])}`.trimEnd(),
    ...columnsLine(table, view),
  ];
}

function keyWords(first: RowChange | undefined): string {
  if (first === undefined) return '';
  const names = Object.keys(first.key).map(visible);
  if (names.length === 0) return 'No key: equal rows are counted.';
  return `Key: ${names.join(` ${plainStyle.signs.dot} `)}`;
}

function columnsLine({ columns }: TableDiff, { kind }: RowChangesView): readonly string[] {
  if (columns === undefined) return [];
  const { onlyBefore, onlyAfter, compared } = columns;
  const only = (side: string, names: readonly string[]): string =>
    names.length === 0
      ? ''
      : `${names.length === 1 ? 'Column' : 'Columns'} only ${side}: ${nameSome(names.map(visible), 8)}.`;
  const [left, right] = kind === 'restore' ? ['now', 'after'] : ['left', 'right'];
  const onlyLeft = only(left, onlyBefore);
  const onlyRight = only(right, onlyAfter);
  const parts = [
    onlyLeft,
    onlyLeft === '' ? onlyRight : onlyRight.replace(/^Columns? o/, 'O'),
    `Compared on the ${formatCount(compared)} that both have.`,
  ];
  return [`// ${parts.filter((part) => part !== '').join(' ')}`];
}

function headLine({ change, times }: Block, view: RowChangesView): string {
  const key = keyText(change.key, plainStyle.signs.dot, keyWidth);
  const equal = times > 1 ? `, ${formatCount(times)} equal rows` : '';
  return `${opSigns[change.op]} ${key}  ${headFacts(change, view)}${equal}`;
}

const keyWidth = 60;
const maxNamed = 8;

const facts = {
  restore: { add: 'missing now', remove: 'made since' },
  compare: { add: 'added', remove: 'removed' },
} as const;

function headFacts(change: RowChange, { kind }: RowChangesView): string {
  if (change.op !== 'change') return facts[kind][change.op];
  return nameSome(sortedColumns(change).changed.map(visible), maxNamed);
}

interface Layout {
  /** With which each line begins. */
  readonly number: string;
  /** Columns that the names take: a longer one pushes its own value alone. */
  readonly width: number;
}

function sideLines(
  change: RowChange,
  side: 'before' | 'after',
  { number, width }: Layout,
): readonly string[] {
  const row = change[side];
  if (row === null) return [`${number}(no row)`];
  const { changed, others } = sortedColumns(change);
  const cells = cellsByName(row);
  return [...changed, ...others].flatMap((name) => {
    const value = cells.get(foldName(name));
    const lines = value === undefined ? ['(no column)'] : cellLines(value);
    return lines.map((line, index) => {
      const title = padTo(index === 0 ? visible(name) : '', width);
      return `${number}${title}  ${line}`;
    });
  });
}

interface SortedColumns {
  /** Columns that both sides have, with other values. */
  readonly changed: readonly string[];
  /** All others of both sides, those of the newer first. */
  readonly others: readonly string[];
}

/** Names as the newer side spells them, where both have the column. */
function sortedColumns({ before, after }: RowChange): SortedColumns {
  const [older, newer] = [cellsByName(before), cellsByName(after)];
  const names = [
    ...Object.keys(after ?? {}),
    ...Object.keys(before ?? {}).filter((name) => !newer.has(foldName(name))),
  ];
  const isChanged = (name: string): boolean => {
    const [was, is] = [older.get(foldName(name)), newer.get(foldName(name))];
    return was !== undefined && is !== undefined && !isSameCell(was, is);
  };
  return { changed: names.filter(isChanged), others: names.filter((name) => !isChanged(name)) };
}

function cellsByName(row: RowDocument | null): ReadonlyMap<string, CellDocument> {
  return new Map(Object.entries(row ?? {}).map(([name, cell]) => [foldName(name), cell]));
}
