import { deepStrictEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { errorCodes } from '../../../src/core/errors.ts';
import { exitCodeOfError } from '../../../src/cli/exit-codes.ts';

describe('exitCodeOfError', () => {
  it('gives each code the exit code of the group it stands in', () => {
    // The groups are the comments of the list itself.
    const source = readFileSync(new URL('../../../src/core/errors.ts', import.meta.url), 'utf8');
    const exits = { 'The call is wrong': 2, 'Refused; nothing': 3, 'Failed; nothing': 4 };
    const expected = Object.fromEntries(
      errorCodes.map((code) => {
        const before = source.slice(0, source.indexOf(`'${code}'`));
        const group = Object.entries(exits).toSorted(
          ([a], [b]) => before.lastIndexOf(b) - before.lastIndexOf(a),
        )[0];
        return [code, group?.[1]];
      }),
    );
    deepStrictEqual({ ...exitCodeOfError }, expected);
  });
});
