// What the editor says around a restore: the question, the answers, the result.

import type {
  PendingRestore,
  RestoreDocument,
  RestorePlanDocument,
  SnapshotEntry,
} from '../documents/documents.ts';
import { allTables, rowsAndFiles, sumRows, totalRows } from '../format/counts.ts';
import { quoteLabel } from '../format/names.ts';
import { formatCount, nameSome, plural } from '../format/numbers.ts';
import { snapshotPhrase } from '../snapshots/snapshot-words.ts';
import { ago, timeOfDay, type Clock } from '../format/time.ts';
import { visible } from '../format/width.ts';
import { snapshotLabel } from './snapshot-rows.ts';

/** Native dialogs do not scroll. */
const maxLines = 6;

export interface RestoreQuestion {
  readonly message: string;
  readonly detail: string;
  /** False where it cannot run as things are. */
  readonly canRestore: boolean;
  /** True where files made since would be deleted. */
  readonly canKeepNew: boolean;
}

/** `"Before migration"`, `"Before npm run db:migrate"`; else as in the views. */
export function quotedSnapshot(entry: SnapshotEntry): string {
  return quoteLabel(snapshotPhrase(entry) ?? snapshotLabel(entry), 60);
}

export interface QuestionFacts {
  readonly isUndo?: boolean;
  /** True where it was answered before, and would not have been true any more. */
  readonly isChanged?: boolean;
}

/** @param unsaved paths of files that an editor holds changed and that the restore would write. */
export function restoreQuestion(
  plan: RestorePlanDocument,
  unsaved: readonly string[],
  clock: Clock,
  { isUndo = false, isChanged = false }: QuestionFacts = {},
): RestoreQuestion {
  const inUse = plan.databases.filter(
    ({ method, openIn }) => method === 'replace' && openIn.length > 0,
  );
  const lines = [
    isChanged ? 'The data changed meanwhile, so nothing was done yet. Now it would be this:' : '',
    plan.blocked === null ? '' : asSentence(plan.blocked),
    changeLine(plan),
    plan.to === null ? 'A safety snapshot is taken first, so this can be undone.' : '',
    ...inUse.map(
      ({ path, openIn }) => `${visible(path)} must be replaced: close ${programs(openIn)} first.`,
    ),
    ...plan.databases
      .filter(({ method, openIn }) => method === 'live' && openIn.length > 0)
      .map(
        ({ path, openIn }) =>
          `${visible(path)} is open in ${programs(openIn)}. It stays open and sees the restored rows at its next query.`,
      ),
    mismatchLine(plan),
    ...unsaved.map(
      (path) => `${visible(path)} has unsaved changes in an editor; it is not overwritten there.`,
    ),
    ...plan.warnings.map(asSentence),
  ].filter((line) => line !== '');
  const shown =
    lines.length > maxLines
      ? [
          ...lines.slice(0, maxLines - 1),
          `${plural(lines.length - maxLines + 1, 'more line')} in the preview.`,
        ]
      : lines;
  const takenMs = Date.parse(plan.snapshot.createdAt);
  return {
    message: isUndo
      ? `Undo the last restore, back to how it was at ${timeOfDay(takenMs, clock)}?`
      : `Restore ${quotedSnapshot(plan.snapshot)}, taken ${ago(takenMs, clock)}?`,
    detail: shown.join('\n\n'),
    canRestore: inUse.length === 0 && plan.blocked === null,
    canKeepNew: plan.files.deleted > 0 && !plan.keepNew,
  };
}

/** `node (process 4242)`: the engine says `node (4242)`. */
function programs(openIn: readonly string[]): string {
  return nameSome(
    openIn.map((program) => program.replace(/ \((\d+)\)$/, ' (process $1)')),
    2,
  );
}

/** `19 rows in 1 table and 14 files change; 5 of these files are deleted.` */
export function changeLine({ databases, files }: RestorePlanDocument): string {
  const tables = allTables(databases.map(({ diff }) => diff));
  const rows = totalRows(sumRows(tables));
  const changedFiles = files.written + files.deleted;
  const parts = [
    rows > 0 ? `${plural(rows, 'row')} in ${plural(tables.length, 'table')}` : '',
    changedFiles > 0 ? plural(changedFiles, 'file') : '',
  ].filter((part) => part !== '');
  const schemas = databases.filter(({ diff }) => (diff?.schema.length ?? 0) > 0);
  const whole = databases.filter(({ method, diff }) => method === 'replace' && diff === null);
  const sentences: string[] = [];
  if (rows === 0 && files.written === 0 && files.deleted > 0) {
    sentences.push(
      `${plural(files.deleted, 'file')} ${files.deleted === 1 ? 'is' : 'are'} deleted.`,
    );
  } else if (parts.length > 0) {
    const isOne = rows + changedFiles === 1;
    const deleted =
      files.deleted === 0
        ? ''
        : `; ${formatCount(files.deleted)} of these files ${files.deleted === 1 ? 'is' : 'are'} deleted`;
    sentences.push(`${parts.join(' and ')} ${isOne ? 'changes' : 'change'}${deleted}.`);
  }
  for (const { path } of schemas) sentences.push(`The schema of ${visible(path)} changes.`);
  for (const { path } of whole) sentences.push(`${visible(path)} is replaced as a whole.`);
  return sentences.join(' ') || 'Only modes, links or times change.';
}

/** `Restored "Before migration": 19 rows and 14 files changed, all proven.` */
export function restoredText(result: RestoreDocument, entry: SnapshotEntry): string {
  const changedFiles = result.files.written + result.files.deleted;
  const changed = rowsAndFiles(totalRows(result.rows), changedFiles);
  const restored = `Restored ${quotedSnapshot(entry)}: ${changed} changed`;
  const holders = [...new Set(result.openFiles.flatMap(({ openIn }) => openIn))];
  const made = result.madeSince.length;
  const kept =
    made === 0 ? '' : ` ${plural(made, 'file')} made meanwhile ${made === 1 ? 'is' : 'are'} kept.`;
  if (holders.length === 0) return `${restored}, all proven.${kept}`;
  const files = plural(result.openFiles.length, 'old file', 'old files');
  return `${restored}, proven on disk. ${programs(holders)} still works in ${files}: restart it.${kept}`;
}

/** `A restore of "Sound" was interrupted at 14:40, 12 of 14 files written.` */
export function interruptedText(pending: PendingRestore, clock: Clock): string {
  const { label, snapshot, startedAt, filesWritten, filesTotal } = pending;
  const name = label === null ? snapshot : quoteLabel(label);
  const time = timeOfDay(Date.parse(startedAt), clock);
  const files = `${formatCount(filesWritten)} of ${formatCount(filesTotal)} files written`;
  return `A restore of ${name} was interrupted at ${time}, ${files}.`;
}

/** A phrase of the engine as a sentence: a stop at its end, nothing else. */
function asSentence(text: string): string {
  return /[.!?]$/.test(text.trimEnd()) ? text : `${text}.`;
}

function mismatchLine({ mismatches: { after }, newMismatches }: RestorePlanDocument): string {
  if (after === null || after === 0) return '';
  const fresh = newMismatches.length;
  const words = plural(after, 'mismatch', 'mismatches');
  // What is new does not remain.
  if (fresh > 0) return `${words} afterwards, ${formatCount(fresh)} of them new.`;
  return `${words} will remain.`;
}
