import { deepStrictEqual, equal } from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import type { RestoreDocument, RestorePlanDocument } from '../../src/core/documents/documents.ts';
import { cliProject, type CliProject } from '../support/cli.ts';
import { database, rows, sqlite } from '../support/sqlite.ts';

describe('savepoint restore of parts', function () {
  this.timeout(60_000);

  it('shows which of the tables come back, and brings those back alone', async () => {
    const it = await broken();
    deepStrictEqual(
      lines(
        it.savepoint('restore', 'good', '--table', 'data/app.db:users', '--dry-run').stdout,
      ).slice(1),
      [
        '  data/app.db  +1 ~1 rows        1 of 2 tables, through SQLite',
        '    users      +1 ~1',
        '  Mismatches 0 now, 1 after',
      ],
    );
    const done = it.json(0, 'restore', 'good', '--table', 'data/app.db:users', '--yes');
    const { rows: changed, mismatches } = done as RestoreDocument;
    deepStrictEqual([changed, mismatches], [{ added: 1, removed: 0, changed: 1 }, 1]);
    deepStrictEqual(names(it), ['ann', 'bob']);
    equal(fs.existsSync(join(it.dir, 'data/avatars/bob')), false);
    equal(it.savepoint('undo', '--yes').code, 0);
    deepStrictEqual(names(it), ['eve']);
  });

  it('takes paths as the shell has them and leaves out what --except and --except-table name', async () => {
    const it = await broken();
    const options = ['--except', join(it.dir, 'data/avatars'), '--except-table', 'data/app.db:log'];
    const plan = it.json(0, 'restore', 'good', ...options, '--dry-run') as RestorePlanDocument;
    deepStrictEqual(
      [plan.fileChanges, plan.databases.map(({ diff }) => diff?.tables.map(({ name }) => name))],
      [[], [['users']]],
    );
  });

  it('says in one line what it cannot do, and changes nothing', async () => {
    const it = await broken();
    const refused: [readonly string[], number, string][] = [
      [
        ['--table', 'data/app.db:usres'],
        2,
        'no table "usres" in "data/app.db": did you mean "users"? savepoint show ',
      ],
      [['--table', 'data/app.db:'], 2, 'no table "" in "data/app.db": savepoint show '],
      [['--table', 'users'], 2, '"users" names no table: give it as DATABASE:TABLE'],
      [['--table', 'data/avatars/ann:users'], 2, '"data/avatars/ann" is no database'],
      [['--except', 'data/typo'], 2, '"data/typo" is not in'],
      [['--only', 'avatars/ann'], 2, ': did you mean "data/avatars/ann"?'],
      [['--only', 'data/avatar'], 2, ': did you mean "data/avatars"?'],
      [['--table', 'app.db:users'], 2, ': did you mean "data/app.db"?'],
      [['--to', ''], 2, '--to names no folder'],
      [['--to', 'x', '--table', 'data/app.db:users'], 2, '--to copies whole databases'],
    ];
    for (const [options, code, words] of refused) {
      const ran = it.savepoint('restore', 'good', ...options, '--yes');
      const [first = '', ...more] = lines(ran.stderr);
      deepStrictEqual([ran.code, first.includes(words), more], [code, true, []], ran.stderr);
    }
    sqlite(join(it.dir, 'data/app.db'), 'ALTER TABLE log ADD COLUMN more');
    const ran = it.savepoint('restore', 'good', '--table', 'data/app.db:users', '--yes');
    equal(ran.code, 3);
    const typo = it.savepoint('restore', 'good', '--table', 'data/app.db:usres', '--dry-run');
    equal(typo.code, 2);
    equal(/no table "usres"/.test(typo.stderr), true);
    equal(
      ran.stderr,
      'error: "data/app.db" is restored whole or not at all, because the schema differs: restore it without choosing tables\n',
    );
    deepStrictEqual(names(it), ['eve']);
    equal((it.json(0, 'list') as unknown[]).length, 1);
  });
});

async function broken(): Promise<CliProject> {
  const it = await cliProject({
    'savepoint.json': JSON.stringify({
      dataDirs: [
        {
          path: 'data',
          references: [{ database: 'app.db', table: 'users', path: 'avatars/{name}' }],
        },
      ],
    }),
    'data/app.db': database(
      `CREATE TABLE users(id INTEGER PRIMARY KEY, name); CREATE TABLE log(what);
       INSERT INTO users VALUES (1, 'ann'), (2, 'bob')`,
    ),
    'data/avatars/ann': 'ann',
    'data/avatars/bob': 'bob',
  });
  equal(it.savepoint('snapshot', '-m', 'good').code, 0);
  const change = `UPDATE users SET name = 'eve' WHERE id = 1; DELETE FROM users WHERE id = 2; INSERT INTO log VALUES (1)`;
  sqlite(join(it.dir, 'data/app.db'), change);
  fs.rmSync(join(it.dir, 'data/avatars/bob'));
  fs.writeFileSync(join(it.dir, 'data/avatars/eve'), 'eve');
  return it;
}

function names({ dir }: CliProject): unknown[] {
  return rows(join(dir, 'data/app.db'), 'SELECT name FROM users ORDER BY id').map(
    (row) => (row as { name: string }).name,
  );
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
