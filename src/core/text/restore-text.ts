// Restores for people: what one would do (`--dry-run`, the question in the terminal, the editor's
// summary: one renderer), and what one did.

import type {
  DatabasePlan,
  RestoreDocument,
  RestorePlanDocument,
  SnapshotEntry,
} from '../documents/documents.ts';
import {
  allTables,
  rowsAndFiles,
  rowsText,
  signedRows,
  sumRows,
  totalRows,
  type RowCounts,
} from '../format/counts.ts';
import { isPartial, schemaCounts } from './diff-text.ts';
import { fileLines } from '../format/file-lines.ts';
import {
  alignColumns,
  markedLines,
  noteLines,
  type Cell,
  type TextOptions,
} from '../format/lines.ts';
import { snapshotName, tableName } from '../format/names.ts';
import { formatCount, nameSome, plural } from '../format/numbers.ts';
import { snapshotPhrase } from '../snapshots/snapshot-words.ts';
import { ago, formatDuration } from '../format/time.ts';
import { shortSnapshotId } from '../snapshot-id.ts';
import { cut, cutMiddle, displayWidth, visible } from '../format/width.ts';

const maxPathWidth = 34;
const countsWidth = 16;

/** What a restore would do; nothing was changed. */
export function restorePlanText(
  plan: RestorePlanDocument,
  options: TextOptions,
): readonly string[] {
  const { style, columns } = options;
  const { snapshot } = plan;
  const bad = style.bad(style.signs.failed);
  const notes = plan.warnings.flatMap((warning) => noteLines(warning, options));
  const todo = plan.blockedHint === undefined ? '' : `: ${plan.blockedHint}`;
  const blocked = plan.blocked === null ? [] : markedLines(`${plan.blocked}${todo}`, bad, options);
  if (plan.empty && plan.blocked === null) {
    const name = snapshotName(named(snapshot), style, columns - 60);
    return [`Nothing to restore: what was asked for is as it was in ${name}`, ...notes];
  }
  const databases = new Set(plan.databases.map(({ path }) => path));
  const madeSince = plan.keepNew || plan.to !== null ? '' : 'made since; --keep-new';
  const removedNote = (path: string): string =>
    databases.has(path) ? 'gives way to the database' : madeSince;
  return [
    ...headLines(plan, options),
    ...databaseRows(plan.databases, options),
    ...fileLines(plan.fileChanges, options, { indent: '  ', removedNote }),
    ...mismatchLine(plan.mismatches),
    ...notes,
    ...blocked,
  ];
}

/**
 * What and when. Before what command or restore it was taken has a line of its own, so that an undo
 * says what it undoes; and so has the folder that it would be copied into.
 */
function headLines(
  { snapshot, to }: RestorePlanDocument,
  { style, clock, columns }: TextOptions,
): readonly string[] {
  const rest = `, taken ${ago(Date.parse(snapshot.createdAt), clock)}. Nothing was changed.`;
  const id = shortSnapshotId(snapshot.id);
  const room = columns - `Would restore ${id} ""${rest}`.length;
  const name = snapshotName(snapshot, style, Math.min(30, Math.max(8, room)));
  const into = to === null ? [] : [`  into ${cutMiddle(visible(to), columns - 7)}`];
  const phrase = snapshot.label === null ? snapshotPhrase(snapshot) : null;
  const before = phrase === null ? [] : [`  ${cut(visible(phrase), columns - 2)}`];
  return [`Would restore ${name}${rest}`, ...before, ...into];
}

/** Before what command or restore it was taken stands for a label. */
function named(snapshot: SnapshotEntry): Pick<SnapshotEntry, 'id' | 'label'> {
  return { id: snapshot.id, label: snapshotPhrase(snapshot) };
}

/** The question that follows the plan: `14 files change; 5 of these files are deleted. Restore?` */
export function restoreQuestion(plan: RestorePlanDocument): string {
  return `${planCounts(plan)} Restore?`;
}

/** `20 rows and 14 files change; 5 of these files are deleted.` */
export function planCounts(plan: RestorePlanDocument): string {
  const { written, deleted } = plan.files;
  const rows = totalRows(sumRows(allTables(plan.databases.map(({ diff }) => diff))));
  const uncounted = plan.databases.filter(
    ({ diff, method }) => method !== 'none' && (diff === null || diff.problem !== null),
  ).length;
  const replaced =
    uncounted > 0 ? `${plural(uncounted, 'database is', 'databases are')} replaced` : '';
  if (uncounted > 0 && rows + written + deleted === 0) return `${replaced}.`;
  const changes = rowsAndFiles(rows, written + deleted);
  const isAll = deleted > 0 && rows + written + uncounted === 0;
  if (isAll) return `${plural(deleted, 'file is', 'files are')} deleted.`;
  const deletions =
    deleted > 0
      ? `; ${formatCount(deleted)} of these files ${deleted === 1 ? 'is' : 'are'} deleted`
      : '';
  const verb = rows + written + deleted === 1 || changes === 'nothing' ? 'changes' : 'change';
  return `${replaced === '' ? '' : `${replaced}, `}${changes} ${verb}${deletions}.`;
}

export function restoreText(
  done: RestoreDocument,
  snapshot: SnapshotEntry,
  options: TextOptions,
): readonly string[] {
  const { style } = options;
  const good = style.good(style.signs.done);
  const files = done.files.written + done.files.deleted;
  const rows = totalRows(done.rows);
  const databases = done.databases.length;
  const counts = [
    ...(rows > 0 ? [plural(rows, 'row')] : databases > 0 ? [plural(databases, 'database')] : []),
    ...(files > 0 ? [plural(files, 'file')] : []),
  ];
  const into = done.to === null ? '' : ` into ${visible(done.to)}`;
  const took = formatDuration(done.durationMs);
  const proven = done.openFiles.length === 0 ? 'all proven' : 'proven on disk';
  return [
    ...(done.safetySnapshot === null
      ? []
      : [`${good} Safety snapshot ${style.id(done.safetySnapshot)}`]),
    `${good} Restored ${snapshotName(named(snapshot), style, 24)}${into}: ${counts.join(', ') || 'nothing had to change'}, ${proven}, in ${took}`,
    ...done.warnings.flatMap((warning) => noteLines(warning, options)),
    ...remainingLines(done.mismatches, options),
    ...(done.safetySnapshot === null ? [] : ['  Undo: savepoint undo']),
  ];
}

function databaseRows(
  databases: readonly DatabasePlan[],
  { columns }: TextOptions,
): readonly string[] {
  const changing = databases.filter(({ method }) => method !== 'none');
  const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(displayWidth));
  const tableNames = allTables(changing.map(({ diff }) => diff)).map(({ name }) => tableName(name));
  const names = widest([
    ...changing.map(({ path }) => cutMiddle(visible(path), maxPathWidth)),
    ...tableNames.map((name) => `  ${name}`),
  ]);
  const used = names + Math.max(countsWidth, widest(changing.map(databaseCounts)));
  /** What does not fit beside a row, by the row's number: which program is meant must not be cut. */
  const below = new Map<number, string>();
  const rows: Cell[][] = [];
  for (const database of changing) {
    const { diff } = database;
    const [way, programs] = methodTexts(database);
    const part = partText(database);
    const method = part === '' ? way : `${part}, ${way}`;
    const both = programs === '' ? method : `${method}, ${programs}`;
    const fits = displayWidth(visible(both)) <= columns - used - 6;
    if (!fits) below.set(rows.length, `    ${cut(visible(programs), columns - 4)}`);
    const head: Cell[] = [
      { text: cutMiddle(visible(database.path), maxPathWidth) },
      { text: databaseCounts(database) },
      { text: cut(visible(fits ? both : method), columns - used - 6) },
    ];
    const tables = (diff?.tables ?? []).map((table): Cell[] => [
      { text: `  ${tableName(table.name)}` },
      { text: signedRows(table) },
    ]);
    const schema = diff?.schema ?? [];
    const schemaRow: Cell[][] =
      schema.length > 0
        ? [[{ text: '  schema' }, { text: cut(schemaCounts(schema), columns - names - 4) }]]
        : [];
    rows.push(head, ...schemaRow, ...tables);
  }
  return alignColumns(rows, { indent: '  ', widths: [0, countsWidth] }).flatMap((line, index) => {
    const note = below.get(index);
    return note === undefined ? [line] : [line, note];
  });
}

function databaseCounts({ diff, method }: DatabasePlan): string {
  if (method === 'delete') return 'deleted';
  if (diff === null) return 'as it was';
  if (diff.problem !== null) return isPartial(diff) ? 'compared in part' : 'not comparable';
  if (diff.state === 'added') return 'comes back';
  const rows: RowCounts = sumRows(diff.tables);
  return rowsText(rows) || (diff.schema.length > 0 ? 'schema' : 'content');
}

/** `1 of 2 tables`: of those that differ; empty where all of them come back. */
function partText({ tables, tablesChanged, diff }: DatabasePlan): string {
  if (tables === null || tablesChanged === undefined || diff === null) return '';
  const coming = diff.tables.length;
  if (coming === tablesChanged) return '';
  return `${formatCount(coming)} of ${plural(tablesChanged, 'table')}`;
}

/** How it is restored, and what that means for the programs that have it open; empty for none. */
function methodTexts({ method, openIn }: DatabasePlan): readonly [string, string] {
  const programs = nameSome(openIn, 2);
  const isOpen = openIn.length > 0;
  switch (method) {
    case 'live':
      return ['through SQLite', isOpen ? `stays open for ${programs}` : ''];
    case 'replace':
      return ['as a new file', isOpen ? `close ${programs} first` : ''];
    case 'delete':
      return ['made since', isOpen ? `close ${programs} first` : ''];
    case 'none':
      return ['', ''];
  }
}

function mismatchLine({ before, after }: RestorePlanDocument['mismatches']): readonly string[] {
  if (after === null || (before ?? 0) + after === 0) return [];
  if (before === null) return [`  Mismatches ${formatCount(after)} after`];
  return [`  Mismatches ${formatCount(before)} now, ${formatCount(after)} after`];
}

/** `2 mismatches: savepoint check`. */
function remainingLines(mismatches: number | null, options: TextOptions): readonly string[] {
  if (mismatches === null || mismatches === 0) return [];
  return noteLines(`${plural(mismatches, 'mismatch', 'mismatches')}: savepoint check`, options);
}
