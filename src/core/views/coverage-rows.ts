// What is not covered as the editor shows it: a row a place above the data, and the same names in the
// tooltip. Which places are worth a row is decided where the command line decides it.

import type { CoverageEntry } from '../documents/coverage.ts';
import type { DetectionDocument } from '../documents/documents.ts';
import { formatBytes, nameSome, plural } from '../format/numbers.ts';
import { visible } from '../format/width.ts';
import { worthTelling } from '../text/coverage-text.ts';
import { escapeMarkdown, markdownLines } from './markdown.ts';
import { dotted, spokenList, warningColor, type Row } from './row.ts';

/** What of a detection is not saved and has to be known; an engine from before this key tells none. */
export function notCoveredOf(
  detection: Pick<DetectionDocument, 'coverage'> | undefined,
): readonly CoverageEntry[] {
  return worthTelling(detection?.coverage ?? []);
}

/** `media  not covered · 392 of 400 auth_user.avatar`. */
export function coverageRow(entry: CoverageEntry): Row {
  const { path, reason, evidence } = entry;
  const label = visible(path);
  const isGone = isNotThere(entry);
  const [because = isGone ? '' : (reason ?? '')] = evidence;
  return {
    id: `coverage/${path}`,
    context: canCover(entry) ? 'coverage coverable' : 'coverage',
    icon: 'warning',
    iconColor: warningColor,
    label,
    description: dotted([isGone ? 'not there' : 'not covered', visible(because)]),
    spoken: spokenList([`${label}, not covered`, visible(reason ?? ''), ...evidence.map(visible)]),
    expand: 'none',
  };
}

export function coverageTooltip(entry: CoverageEntry): string {
  const { path, reason, evidence, files, bytes, mend } = entry;
  const size = [
    files === null ? '' : plural(files, 'file'),
    bytes === null ? '' : formatBytes(bytes),
  ];
  return markdownLines([
    `**${escapeMarkdown(visible(path))}** is in no snapshot${reason === null ? '' : `: ${escapeMarkdown(visible(reason))}`}`,
    evidence.length > 0 &&
      `Rows name it: ${evidence.map((one) => escapeMarkdown(visible(one))).join(', ')}`,
    size.filter((part) => part !== '').join(', '),
    mend && `In a terminal: ${escapeMarkdown(mend)}`,
  ]);
}

/** `media, library and 2 more`; empty where all is covered. */
export function notCoveredNames(
  detections: readonly Pick<DetectionDocument, 'coverage'>[],
): string {
  return nameSome(
    detections.flatMap(notCoveredOf).map(({ path }) => visible(path)),
    3,
  );
}

/** True where one click does what its line says. */
function canCover(entry: CoverageEntry): boolean {
  return entry.mend?.startsWith('savepoint cover ') === true && !isNotThere(entry);
}

/** Named somewhere, but nothing lies there. */
function isNotThere({ reason }: CoverageEntry): boolean {
  return /\bnot there$/.test(reason ?? '');
}
