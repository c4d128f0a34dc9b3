import { deepStrictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { lineDiff } from '../../../src/core/format/line-diff.ts';
import { plainStyle } from '../../../src/core/format/style.ts';

const diff = (before: string | null, after: string | null): readonly string[] =>
  lineDiff('a.json', before, after, plainStyle);

describe('lineDiff', () => {
  it('shows what changes with three lines around it', () => {
    const before = '1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n';
    const after = '1\nx\n3\n4\n5\n6\n7\n8\n9\n10\ny\n';
    deepStrictEqual(diff(before, after), [
      '--- a.json',
      '+++ a.json',
      ' 1',
      '-2',
      '+x',
      ' 3',
      ' 4',
      ' 5',
      '@@',
      ' 8',
      ' 9',
      ' 10',
      '+y',
    ]);
  });

  it('names a file that is not there, or that goes', () => {
    deepStrictEqual(diff(null, 'a\n'), ['--- (none)', '+++ a.json', '+a']);
    deepStrictEqual(diff('a\n', null), ['--- a.json', '+++ (none)', '-a']);
  });

  it('has the lines of both sides, in order, and none where they are equal', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 7 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const body = diff(before.join('\n'), after.join('\n')).slice(2);
        if (before.join() === after.join()) return body.length === 0;
        const side = (sign: string): string =>
          body
            .filter((line) => line.startsWith(sign))
            .map((line) => line.slice(1))
            .join();
        const isSubsequence = (part: string, whole: readonly string[]): boolean =>
          whole.reduce((left, line) => (left[0] === line ? left.slice(1) : left), part.split(','))
            .length === 0 || part === '';
        return isSubsequence(side('-'), before) && isSubsequence(side('+'), after);
      }),
    );
  });
});
