import { deepStrictEqual, strictEqual, throws } from 'node:assert';
import {
  commandOptions,
  sharedOptions,
  type CommandOption,
} from '../../../src/core/documents/command-options.ts';
import { parseCommandArgument } from '../../../src/vscode/commands/command-argument.ts';

describe('parseCommandArgument', () => {
  it('takes the long options of the command line, one or many values where there may be many', () => {
    deepStrictEqual(
      parseCommandArgument('savepoint.restore', {
        snapshot: 'k3f9',
        only: [],
        'keep-new': true,
        yes: true,
        table: 'a.db:t',
      }),
      { snapshot: ['k3f9'], only: [], keepNew: true, yes: true, table: ['a.db:t'] },
    );
    deepStrictEqual(
      parseCommandArgument('savepoint.restore', { keepNew: false, label: undefined }),
      { keepNew: false },
    );
  });

  it('takes every option of the commands that both faces have', () => {
    const samples = { flag: true, text: 'x', texts: ['x'], count: 3 };
    const commands = {
      'savepoint.snapshot': commandOptions.snapshot,
      'savepoint.compare': commandOptions.diff,
      'savepoint.check': commandOptions.check,
      'savepoint.restore': commandOptions.restore,
      'savepoint.undoRestore': commandOptions.undo,
      'savepoint.verify': commandOptions.verify,
      'savepoint.prune': commandOptions.prune,
      'savepoint.delete': commandOptions.delete,
    };
    strictEqual(Object.keys(commands).length, Object.keys(commandOptions).length);
    for (const [id, options] of Object.entries({ ...commands, 'savepoint.list': sharedOptions })) {
      for (const [name, { flags, kind }] of Object.entries<CommandOption>(options)) {
        const [, long = ''] = /--([a-z-]+)/.exec(flags) ?? [];
        const expected = { [name]: samples[kind] };
        deepStrictEqual(parseCommandArgument(id, { [long]: samples[kind] }), expected);
        deepStrictEqual(parseCommandArgument(id, expected), expected);
      }
    }
  });

  it('refuses a key that no command has, and a value of the wrong kind, by name', () => {
    const cases: [string, object, string][] = [
      ['snapshot', { lable: 'x' }, 'no command takes "lable"'],
      ['snapshot', { __proto__: null, constructor: 1 }, 'no command takes "constructor"'],
      ['snapshot', { label: 1 }, '"label" must be text'],
      ['snapshot', { yes: 'true' }, '"yes" must be true or false'],
      ['compare', { rows: 1.5 }, '"rows" must be a whole number'],
      ['restore', { snapshot: [1] }, '"snapshot" must be text or a list of texts'],
    ];
    for (const [name, value, message] of cases) {
      throws(() => parseCommandArgument(`savepoint.${name}`, value), { code: 'USAGE', message });
    }
  });

  it('refuses a key of another command, which would be without effect', () => {
    throws(() => parseCommandArgument('savepoint.delete', { snapshot: 'x', 'dry-run': true }), {
      code: 'USAGE',
      message: 'savepoint.delete does not take "dry-run"',
      hint: 'it takes cwd, data, yes, snapshot',
    });
    throws(() => parseCommandArgument('savepoint.refresh', { path: 'x' }), {
      message: 'savepoint.refresh does not take "path"',
      hint: 'it takes cwd, data, yes',
    });
  });
});
