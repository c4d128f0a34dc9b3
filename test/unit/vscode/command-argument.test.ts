import { deepStrictEqual, throws } from 'node:assert';
import {
  commandOptions,
  sharedOptions,
  type CommandOption,
} from '../../../src/core/documents/command-options.ts';
import { parseCommandArgument } from '../../../src/vscode/commands/command-argument.ts';

describe('parseCommandArgument', () => {
  it('takes the long options of the command line, one or many values where there may be many', () => {
    deepStrictEqual(
      parseCommandArgument({
        snapshot: 'k3f9',
        only: [],
        'keep-new': true,
        yes: true,
        table: 'a.db:t',
      }),
      { snapshot: ['k3f9'], only: [], keepNew: true, yes: true, table: ['a.db:t'] },
    );
    deepStrictEqual(parseCommandArgument({ keepNew: false, label: undefined }), { keepNew: false });
  });

  it('takes every option of the commands that both faces have', () => {
    const samples = { flag: true, text: 'x', texts: ['x'], count: 3 };
    for (const options of [sharedOptions, ...Object.values(commandOptions)]) {
      for (const [name, { flags, kind }] of Object.entries<CommandOption>(options)) {
        const [, long = ''] = /--([a-z-]+)/.exec(flags) ?? [];
        const expected = { [name]: samples[kind] };
        deepStrictEqual(parseCommandArgument({ [long]: samples[kind] }), expected);
        deepStrictEqual(parseCommandArgument(expected), expected);
      }
    }
  });

  it('refuses a key that no command has, and a value of the wrong kind, by name', () => {
    const cases: [object, string][] = [
      [{ lable: 'x' }, 'no command takes "lable"'],
      [{ __proto__: null, constructor: 1 }, 'no command takes "constructor"'],
      [{ label: 1 }, '"label" must be text'],
      [{ yes: 'true' }, '"yes" must be true or false'],
      [{ rows: 1.5 }, '"rows" must be a whole number'],
      [{ snapshot: [1] }, '"snapshot" must be text or a list of texts'],
    ];
    for (const [value, message] of cases) {
      throws(() => parseCommandArgument(value), { code: 'USAGE', message });
    }
  });
});
