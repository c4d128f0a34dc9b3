// Two texts against each other, line by line, as a patch shows them: for settings that are about to change.

import type { Style } from './style.ts';

interface Line {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

const around = 3;

/**
 * The lines that differ with three around them, and `@@` between the places. Empty where nothing differs.
 * @param before null for a file that is not there, as is `after` for one that goes.
 */
export function lineDiff(
  path: string,
  before: string | null,
  after: string | null,
  style: Style,
): readonly string[] {
  const lines = compare(linesOf(before), linesOf(after));
  if (lines.every(({ sign }) => sign === ' ')) return [];
  const shown = lines.map((_line, index) =>
    lines.slice(Math.max(0, index - around), index + around + 1).some(({ sign }) => sign !== ' '),
  );
  const body = lines.flatMap(({ sign, text }, index) => {
    if (shown[index] !== true) return [];
    const starts = index > 0 && shown[index - 1] !== true;
    const paint = sign === '+' ? style.good : sign === '-' ? style.bad : (plain: string) => plain;
    return [...(starts ? [style.dim('@@')] : []), paint(`${sign}${text}`)];
  });
  const name = (text: string | null): string => (text === null ? '(none)' : path);
  return [style.strong(`--- ${name(before)}`), style.strong(`+++ ${name(after)}`), ...body];
}

/** The longest common subsequence; settings are short. */
function compare(before: readonly string[], after: readonly string[]): readonly Line[] {
  const width = after.length + 1;
  const common = new Uint32Array((before.length + 1) * width);
  const at = (row: number, column: number): number => common[row * width + column] ?? 0;
  for (let row = before.length - 1; row >= 0; row -= 1) {
    for (let column = after.length - 1; column >= 0; column -= 1) {
      common[row * width + column] =
        before[row] === after[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const lines: Line[] = [];
  let row = 0;
  let column = 0;
  while (row < before.length || column < after.length) {
    const old = before[row];
    const fresh = after[column];
    if (old !== undefined && old === fresh) {
      lines.push({ sign: ' ', text: old });
      row += 1;
      column += 1;
    } else if (
      old !== undefined &&
      (fresh === undefined || at(row + 1, column) >= at(row, column + 1))
    ) {
      lines.push({ sign: '-', text: old });
      row += 1;
    } else {
      lines.push({ sign: '+', text: fresh ?? '' });
      column += 1;
    }
  }
  return lines;
}

function linesOf(text: string | null): readonly string[] {
  if (text === null || text === '') return [];
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}
