import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import {
  guardScript,
  scriptFileKind,
  unguardedScripts,
  type Script,
  type ScriptFile,
} from '../../../src/vscode/guard/script-edits.ts';

const manifest = `{
  "name": "app",
  "scripts": {
    "build": "tsc",
    "db:reset": "prisma migrate reset",
    "seed": "savepoint run -- knex seed:run",
    "odd": 1
  }
}
`;
const makefile = `DB = data/app.db

.PHONY: reset
reset: stop
\t@rm -f $(DB)
\t./migrate

both one: ; true
long:
\trm -f data/a \\
\t  data/b
done:
\tsavepoint run -- make reset
`;

describe('unguardedScripts', () => {
  it('knows the files by their names', () => {
    deepStrictEqual(
      ['/p/package.json', '/p/Makefile', '/p/GNUmakefile', '/p/db.mk', '/p/a.json'].map(
        scriptFileKind,
      ),
      ['package.json', 'Makefile', 'Makefile', 'Makefile', undefined],
    );
  });

  it('lists scripts that take no snapshot yet', () => {
    deepStrictEqual(commandsOf(manifest, 'package.json'), {
      build: ['tsc'],
      'db:reset': ['prisma migrate reset'],
    });
  });

  it('lists targets with their own commands, variables put in', () => {
    const found = commandsOf(makefile, 'Makefile');
    deepStrictEqual(Object.keys(found), ['reset', 'long']);
    deepStrictEqual(found['reset'], ['rm -f data/app.db', './migrate']);
  });

  it('lists what can be read of a broken file', () => {
    deepStrictEqual(commandsOf('{"scripts": {"a": "make", ', 'package.json'), { a: ['make'] });
    deepStrictEqual(commandsOf('', 'package.json'), {});
    deepStrictEqual(commandsOf('\u0000:\n\t', 'Makefile'), {});
  });
});

describe('guardScript', () => {
  it('writes the snapshot before the command, and nothing else', () => {
    strictEqual(
      guardScript(manifest, scriptOf(manifest, 'package.json', 'db:reset')),
      manifest.replace('"prisma', '"savepoint run -- prisma'),
    );
    strictEqual(
      guardScript(makefile, scriptOf(makefile, 'Makefile', 'reset')),
      makefile.replace('@rm -f $(DB)', '@savepoint run -- rm -f $(DB)'),
    );
    strictEqual(
      guardScript(makefile, scriptOf(makefile, 'Makefile', 'long')),
      makefile.replace('rm -f data/a', 'savepoint run -- rm -f data/a'),
    );
  });

  it('keeps line ends', () => {
    const windows = makefile.replaceAll('\n', '\r\n');
    strictEqual(
      guardScript(windows, scriptOf(windows, 'Makefile', 'reset')),
      windows.replace('@rm -f $(DB)', '@savepoint run -- rm -f $(DB)'),
    );
  });
});

function commandsOf(text: string, kind: ScriptFile): Record<string, readonly string[]> {
  return Object.fromEntries(
    unguardedScripts(text, kind).map(({ name, commands }) => [name, commands]),
  );
}

function scriptOf(text: string, kind: ScriptFile, name: string): Script {
  const found = unguardedScripts(text, kind).find((script) => script.name === name);
  if (!found) throw new Error(`no script ${name}`);
  return found;
}
