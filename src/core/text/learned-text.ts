// What the guard has learned, as `doctor` and the editor tell it.

import type { LearnedCommand } from '../documents/learned.ts';
import { nameSome } from '../format/numbers.ts';
import { ago, type Clock } from '../format/time.ts';
import type { StatusLine } from './status-line.ts';

const maxLines = 10;

export function learnedLines(
  learned: readonly LearnedCommand[],
  clock: Clock,
): readonly StatusLine[] {
  const lines = learned.slice(0, maxLines).map((one): StatusLine => {
    const text = `${learnedPhrase(one, clock)}; saved before from now on: savepoint guard --forget "${one.command}" takes it out`;
    return { mark: 'good', name: 'learned', text };
  });
  if (learned.length <= maxLines) return lines;
  const others = learned.slice(maxLines).map(({ command }) => command);
  return [...lines, { mark: 'good', name: 'learned', text: nameSome(others, maxLines) }];
}

/** `Saved before, for they changed data: pnpm test, jest`. */
export function learnedTooltip(learned: readonly LearnedCommand[], clock: Clock): string {
  const [only, ...more] = learned;
  if (only === undefined) return '';
  if (more.length === 0) return `Learned: ${learnedPhrase(only, clock)}`;
  return `Learned: ${nameSome(
    learned.map(({ command }) => command),
    3,
  )} changed data`;
}

/** `pnpm test changed 1,204 rows yesterday 16:20` */
function learnedPhrase({ command, changed, lastAt }: LearnedCommand, clock: Clock): string {
  return `${command} changed ${changed} ${ago(Date.parse(lastAt), clock)}`;
}
