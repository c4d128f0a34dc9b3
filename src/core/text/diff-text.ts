// `savepoint diff` for people.

import type {
  DatabaseDiff,
  DiffDocument,
  SchemaChange,
  SnapshotEntry,
  TableDiff,
} from '../documents/documents.ts';
import { keyText, rowFacts } from '../format/cell-text.ts';
import { allTables, rowsText, sumRows, totalRows } from '../format/counts.ts';
import { fileLines } from '../format/file-lines.ts';
import { alignColumns, noteLines, type Cell, type TextOptions } from '../format/lines.ts';
import { snapshotName, tableName } from '../format/names.ts';
import { formatCount, plural } from '../format/numbers.ts';
import { opSigns, paintOp, type Op } from '../format/style.ts';
import { cut, cutMiddle, displayWidth, visible } from '../format/width.ts';

/** A side as it was named; null for live data. */
export type DiffSide = Pick<SnapshotEntry, 'id' | 'label'> | null;

/** Empty where nothing differs: no line, no difference. */
export function diffText(
  diff: DiffDocument,
  sides: { readonly a: DiffSide; readonly b: DiffSide },
  options: TextOptions,
): readonly string[] {
  const [a, b] = [sideName(sides.a, options), sideName(sides.b, options)];
  const linked = (diff.linkedAway ?? []).flatMap(({ path, reason }) =>
    noteLines(`not compared: ${path} (${reason})`, options),
  );
  if (!hasDifference(diff)) return [`No difference between ${a} and ${b}`, ...linked];
  return [
    `${a} -> ${b}`,
    ...databaseLines(diff.databases, options),
    ...fileLines(diff.fileChanges, options),
    ...(diff.skipped ?? []).flatMap(({ path, reason }) =>
      noteLines(`not compared: ${path} (${reason})`, options),
    ),
    ...linked,
    diffSummary(diff),
  ];
}

export function hasDifference(diff: DiffDocument): boolean {
  const { databases, fileChanges, files, skipped = [] } = diff;
  const named = files.added.length + files.removed.length + files.modified.length;
  return databases.length + fileChanges.length + skipped.length + named > 0;
}

/** `+3 -12 ~5 rows, 14 files, mismatches 2 -> 3`. */
export function diffSummary(diff: DiffDocument): string {
  const { databases, fileChanges, mismatches, skipped = [] } = diff;
  const { before, after } = mismatches;
  const schemas = databases.filter(({ schema }) => schema.length > 0).length;
  const unknown = databases.filter(({ problem }) => problem !== null);
  const partly = unknown.filter(isPartial).length;
  const notAtAll = unknown.length - partly;
  const parts = [
    rowsText(sumRows(allTables(databases))),
    schemas > 0 ? `schema of ${plural(schemas, 'database')}` : '',
    partly > 0 ? `${plural(partly, 'database')} compared in part` : '',
    notAtAll > 0 ? `${plural(notAtAll, 'database')} not comparable` : '',
    fileChanges.length > 0 ? plural(fileChanges.length, 'file') : '',
    skipped.length > 0 ? `${plural(skipped.length, 'path')} not compared` : '',
    before === null || after === null ? '' : `mismatches ${before} -> ${after}`,
  ].filter((part) => part !== '');
  return parts.length > 0 ? parts.join(', ') : plural(databases.length, 'database');
}

/** Schema, tables and rows of what differs. */
function databaseLines(
  databases: readonly DatabaseDiff[],
  options: TextOptions,
): readonly string[] {
  const width = (texts: readonly string[]): number => Math.max(0, ...texts.map(displayWidth));
  const pathOf = ({ path }: DatabaseDiff): string => cutMiddle(visible(path), 36);
  const tables = allTables(databases).map(({ name }) => tableName(name));
  const widths = [width(databases.map(pathOf)), width([...tables, 'schema'])];
  const line = (cells: Cell[]): readonly string[] => alignColumns([cells], { widths });
  const room = options.columns - (widths[0] ?? 0) - (widths[1] ?? 0) - 4;
  return databases.flatMap((database) => {
    const path: Cell = { text: pathOf(database), paint: options.style.strong };
    return [
      ...headLines(database, path, line, options.columns - (widths[0] ?? 0) - 2),
      ...(database.schema.length > 0
        ? [
            ...line([path, { text: 'schema' }, { text: cut(schemaCounts(database.schema), room) }]),
            ...database.schema.map((change) => schemaLine(change, options)),
          ]
        : []),
      ...database.tables.flatMap((table) => [
        ...line([path, { text: tableName(table.name) }, { text: cut(tableFacts(table), room) }]),
        ...rowLines(table, options),
      ]),
    ];
  });
}

/** Of a database with a problem: some of it could be compared. */
export function isPartial({ tables, schema }: DatabaseDiff): boolean {
  return tables.length + schema.length > 0;
}

function headLines(
  database: DatabaseDiff,
  path: Cell,
  line: (cells: Cell[]) => readonly string[],
  room: number,
): readonly string[] {
  const { state, problem } = database;
  if (problem !== null) {
    const how = isPartial(database) ? 'compared in part' : 'cannot be compared';
    return line([path, { text: cut(`${how}: ${visible(problem)}`, room) }]);
  }
  if (state === 'changed') return [];
  return line([path, { text: state === 'added' ? 'new database' : 'database is gone' }]);
}

/** `~3 rows`, and on what they were compared where the columns are not the same. */
function tableFacts(table: TableDiff): string {
  const { columns } = table;
  const compared =
    columns === undefined ? '' : `, on the ${plural(columns.compared, 'column')} that both have`;
  return `${rowsText(table)}${compared}`;
}

function rowLines(table: TableDiff, options: TextOptions): readonly string[] {
  const { style, columns } = options;
  const keys = table.rows.map(({ key }) => cut(keyText(key, style.signs.dot), 44));
  const facts = table.rows.map(rowFacts);
  const keyWidth = Math.max(0, ...keys.filter((_, index) => facts[index] !== '').map(displayWidth));
  const rows = table.rows.map(({ op }, index): Cell[] => {
    const key = keys[index] ?? '';
    const paint = (text: string): string => paintOp(style, op)(text.slice(0, 1)) + text.slice(1);
    const head: Cell = { text: `${opSigns[op]} ${key}`, paint };
    const fact = cut(facts[index] ?? '', columns - 6 - keyWidth);
    return fact === '' ? [head] : [head, { text: fact }];
  });
  const all = totalRows(table);
  const more = all - table.rows.length;
  const lines = alignColumns(rows, { indent: '  ' });
  if (more === 0 || lines.length === 0) return lines;
  return [...lines, `  ... ${formatCount(more)} more: --rows ${Math.max(100, all)}`];
}

/** `+1 column -1 index`. */
export function schemaCounts(changes: readonly SchemaChange[]): string {
  const counts = new Map<string, number>();
  const ops: readonly Op[] = ['add', 'remove', 'change'];
  for (const op of ops) {
    for (const change of changes) {
      if (change.op !== op) continue;
      const key = `${opSigns[op]} ${change.type}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return Array.from(counts, ([key, count]) => {
    const [sign, type] = key.split(' ');
    return `${sign}${plural(count, type ?? '', pluralType(type ?? ''))}`;
  }).join(' ');
}

function pluralType(type: string): string {
  return type === 'index' ? 'indexes' : `${type}s`;
}

function schemaLine(change: SchemaChange, { style, columns }: TextOptions): string {
  const { op, type, name, before, after } = change;
  const values =
    type === 'pragma' || type === 'file' ? `  ${before ?? 'none'} -> ${after ?? 'none'}` : '';
  const text = cut(visible(`${type} ${name}${values}`), columns - 4);
  return `  ${paintOp(style, op)(opSigns[op])} ${text}`;
}

function sideName(side: DiffSide, { style }: TextOptions): string {
  return side === null ? 'live' : snapshotName(side, style, 28);
}
