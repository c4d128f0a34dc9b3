// `savepoint check` for people.

import type { CheckDocument, CheckRule, Mismatch, Severity } from '../documents/documents.ts';
import { countMismatches } from '../check/count.ts';
import { shortSnapshotId } from '../snapshot-id.ts';
import { keyText } from '../format/cell-text.ts';
import { alignColumns, type Cell, type TextOptions } from '../format/lines.ts';
import { formatCount, plural } from '../format/numbers.ts';
import type { Style } from '../format/style.ts';
import { formatDuration } from '../format/time.ts';
import { cut, cutMiddle, displayWidth, visible } from '../format/width.ts';

/** More lines say less: the rest is in `--json`. */
const maxLines = 100;

export function checkText(check: CheckDocument, options: TextOptions): readonly string[] {
  const { style } = options;
  const shown = check.mismatches.slice(0, maxLines);
  const more = check.mismatches.length - shown.length;
  return [
    ...check.diagnoses.map(
      ({ severity, title, detail }) => `${sign(severity, style)} ${title}: ${visible(detail)}`,
    ),
    ...mismatchLines(shown, options),
    ...(more > 0 ? [style.dim(`  ... ${formatCount(more)} more: --json`)] : []),
    summary(check, style),
    ...fullPaths(check),
    ...suggestions(check.rules),
  ];
}

function mismatchLines(
  mismatches: readonly Mismatch[],
  { columns, style }: TextOptions,
): readonly string[] {
  const details = mismatches.map(({ detail }) => displayWidth(visible(detail)));
  const detailWidth = Math.min(Math.max(0, ...details), Math.floor(columns / 2));
  const room = columns - detailWidth - 4;
  const rows = mismatches.map((mismatch): readonly Cell[] => [
    { text: subject(mismatch, room, style) },
    { text: cut(visible(mismatch.detail), detailWidth) },
  ]);
  return alignColumns(rows, { gap: 2 }).map(
    (line, index) => `${sign(mismatches[index]?.severity ?? 'error', style)} ${line}`,
  );
}

/** The row that lacks something; else the path that nobody knows. */
function subject(mismatch: Mismatch, room: number, style: Style): string {
  const { table, key, path } = mismatch;
  if (isAboutPath(mismatch) && path !== null) return cutMiddle(visible(path), room);
  const name = visible(table ?? '');
  const values = key === null ? '' : keyText(withoutEmptyEnd(key), style.signs.dot);
  return cut(`${name} ${values}`.trim(), room);
}

function isAboutPath({ kind, key }: Mismatch): boolean {
  return kind === 'changed-file' || key === null;
}

/** Defaults at the end of a key tell nothing: docsfy's owner is empty nearly everywhere. */
function withoutEmptyEnd(key: NonNullable<Mismatch['key']>): NonNullable<Mismatch['key']> {
  const entries = Object.entries(key);
  const last = entries.findLastIndex(([, value]) => value !== '');
  return last < 0 ? key : Object.fromEntries(entries.slice(0, last + 1));
}

function summary(check: CheckDocument, style: Style): string {
  const { rules, checkedRows, checkedFiles, durationMs, ignored } = check;
  const time = formatDuration(durationMs);
  const where = `in ${plural(checkedRows, 'row')} and ${plural(checkedFiles, 'file')} (${time})`;
  const expected = ignored === 0 ? '' : `, ${formatCount(ignored)} ignored`;
  const counts = severityCounts(check);
  if (counts !== '') return `${counts}${expected} ${where}`;
  if (!rules.some(({ state }) => state === 'checked')) {
    return 'Nothing to check: no rule ties rows to files here';
  }
  return `${style.good(style.signs.done)} No mismatches${expected} ${where}`;
}

/** Where rows stand for the paths that they lack: those are in the document. */
function fullPaths({ side, mismatches }: CheckDocument): readonly string[] {
  if (mismatches.every((mismatch) => isAboutPath(mismatch))) return [];
  const snapshot = side === 'live' ? '' : ` ${shortSnapshotId(side)}`;
  return [`Full paths: savepoint check${snapshot} --json`];
}

/** `2 errors, 1 warning, 3 excusable`; empty where there is nothing. */
function severityCounts({ mismatches, diagnoses }: CheckDocument): string {
  const count = (severity: Severity): number =>
    [...mismatches, ...diagnoses].filter((one) => one.severity === severity).length;
  const parts = [
    count('error') > 0 ? plural(count('error'), 'error') : '',
    count('warning') > 0 ? plural(count('warning'), 'warning') : '',
    count('info') > 0 ? `${formatCount(count('info'))} excusable` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function suggestions(rules: readonly CheckRule[]): readonly string[] {
  const suggested = rules.filter(({ state }) => state === 'suggested');
  const [first] = suggested;
  if (first === undefined) return [];
  const fits =
    first.evidence === null
      ? ''
      : ` (${formatCount(first.evidence.fits)} of ${formatCount(first.evidence.of)} fit)`;
  const more = suggested.length > 1 ? ` and ${formatCount(suggested.length - 1)} more` : '';
  return [`Suggested: ${visible(first.title)}${fits}${more}: savepoint check --write-rules`];
}

/** What `check --write-rules` wrote. */
export function writtenRulesText(
  rules: readonly CheckRule[],
  file: string,
  { style }: TextOptions,
): readonly string[] {
  if (rules.length === 0) return ['No rule to write: savepoint.json has them all'];
  return [
    `${style.good(style.signs.done)} Wrote ${plural(rules.length, 'rule')} to ${visible(file)}`,
    ...rules.map(({ title, target }) => `  ${visible(title)}: ${visible(target)}`),
  ];
}

/** True where `check` found something to see: excusable mismatches alone are none. */
export function hasMismatches(check: CheckDocument): boolean {
  return countMismatches(check) > 0;
}

function sign(severity: Severity, style: Style): string {
  if (severity === 'error') return style.bad(style.signs.failed);
  return severity === 'warning' ? style.warn(style.signs.notice) : style.dim('i');
}
