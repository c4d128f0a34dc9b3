// Real migrations of Node's tools on SQLite, guarded end to end: migrate, break, undo.

import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cliProject, runCli, type CliProject } from '../support/cli.ts';
import { prismaEnvironment, prismaModules } from '../support/prisma.ts';
import { rows } from '../support/sqlite.ts';
import type { Tree } from '../support/tree.ts';

const modules = join(import.meta.dirname, '../../node_modules');
const bin = join(modules, '.bin');

const knexfile = `module.exports = {
  client: 'better-sqlite3', connection: { filename: 'data/app.db' }, useNullAsDefault: true,
};`;

const knexFirst = `
exports.up = async (knex) => {
  await knex.schema.createTable('users', (table) => table.string('name'));
  await knex('users').insert([{ name: 'ada' }, { name: 'bob' }]);
};
exports.down = async (knex) => await knex.schema.dropTable('users');
`;

const drizzleConfig = `module.exports = {
  dialect: 'sqlite', dbCredentials: { url: 'data/app.db' }, out: './drizzle', schema: './schema.js',
};`;

const drizzleFirst = `CREATE TABLE users (name text);
--> statement-breakpoint
INSERT INTO users VALUES ('ada'), ('bob');
`;

/** Means to take one of two out, and takes both. */
const drizzleSecond = `DELETE FROM users WHERE name <> 'x';
--> statement-breakpoint
ALTER TABLE users ADD COLUMN email text;
`;

const prismaConfig = `import { PrismaLibSQL } from '@prisma/adapter-libsql';
export default {
  experimental: { adapter: true }, engine: 'js', schema: 'prisma/schema.prisma',
  adapter: async () => new PrismaLibSQL({ url: 'file:data/app.db' }),
};`;

const prismaSchema = `datasource db {
  provider = "sqlite"
  url = "file:../data/app.db"
}
model users {
  name String @id
}
`;

const prismaFirst = `CREATE TABLE users (name TEXT NOT NULL PRIMARY KEY);
INSERT INTO users VALUES ('ada'), ('bob');
`;

function drizzleJournal(...tags: readonly string[]): string {
  const entries = tags.map((tag, idx) => {
    const when = 1_700_000_000_000 + idx;
    return { idx, version: '6', when, tag, breakpoints: true };
  });
  return JSON.stringify({ version: '7', dialect: 'sqlite', entries });
}

describe('a migration of a Node tool that goes wrong, under savepoint run --match', () => {
  async function project(entries: Tree) {
    const made = await cliProject({ data: {}, ...entries });
    const env = {
      ...made.env,
      ...prismaEnvironment,
      PATH: [bin, process.env['PATH']].join(delimiter),
    };
    const run = (...command: readonly string[]) => {
      const args = ['run', '--match', '--', ...command];
      const { code, stdout, stderr } = runCli(args, { cwd: made.dir, env });
      return { code, saved: /undo: savepoint restore (\w+)/.exec(stderr)?.[1], stdout, stderr };
    };
    return { ...made, run };
  }

  function names({ dir }: Pick<CliProject, 'dir'>): unknown {
    return rows(join(dir, 'data/app.db'), 'SELECT * FROM users ORDER BY name');
  }

  it('of Knex: its rollback drops a table, and the table comes back', async () => {
    const made = await project({
      'knexfile.js': knexfile,
      migrations: { '1_first.js': knexFirst },
    });
    // Knex runs what is installed where it is started.
    symlinkSync(modules, join(made.dir, 'node_modules'));
    const first = made.run('knex', 'migrate:latest');
    strictEqual(first.code, 0, first.stdout + first.stderr);
    const before = names(made);
    strictEqual(made.run('knex', 'migrate:list').saved, undefined);
    const { code, saved = '' } = made.run('knex', 'migrate:rollback');
    strictEqual(code, 0);
    made.json(0, 'restore', saved, '--yes');
    deepStrictEqual(names(made), before);
  }).timeout(180_000);

  it('of Drizzle: a migration takes too many rows and changes the table, and both come back', async () => {
    const made = await project({
      'drizzle.config.js': drizzleConfig,
      drizzle: {
        '0000_first.sql': drizzleFirst,
        meta: { '_journal.json': drizzleJournal('0000_first') },
      },
    });
    const first = made.run('drizzle-kit', 'migrate');
    strictEqual(first.code, 0, first.stdout + first.stderr);
    const before = names(made);
    writeFileSync(join(made.dir, 'drizzle/0001_second.sql'), drizzleSecond);
    const journal = drizzleJournal('0000_first', '0001_second');
    writeFileSync(join(made.dir, 'drizzle/meta/_journal.json'), journal);
    strictEqual(made.run('drizzle-kit', 'check').saved, undefined);
    const { code, saved = '' } = made.run('drizzle-kit', 'migrate');
    deepStrictEqual([code, names(made)], [0, []]);
    made.json(0, 'restore', saved, '--yes');
    deepStrictEqual(names(made), before);
  }).timeout(180_000);

  it('of Prisma: a migration takes all rows, its reset the database, and both come back', async () => {
    const made = await project({
      'prisma.config.mjs': prismaConfig,
      prisma: {
        'schema.prisma': prismaSchema,
        migrations: {
          'migration_lock.toml': 'provider = "sqlite"\n',
          '0001_first': { 'migration.sql': prismaFirst },
        },
      },
    });
    symlinkSync(prismaModules(), join(made.dir, 'node_modules'));
    const prisma = 'node_modules/.bin/prisma';
    const deploy = [prisma, 'migrate', 'deploy', '--config', 'prisma.config.mjs'];
    const first = made.run(...deploy);
    strictEqual(first.code, 0, first.stdout + first.stderr);
    const before = names(made);
    strictEqual(made.run(prisma, '--version').saved, undefined);
    mkdirSync(join(made.dir, 'prisma/migrations/0002_second'));
    const second = join(made.dir, 'prisma/migrations/0002_second/migration.sql');
    writeFileSync(second, 'DELETE FROM users;\n');
    const { code, saved = '' } = made.run(...deploy);
    deepStrictEqual([code, names(made)], [0, []]);
    made.json(0, 'restore', saved, '--yes');
    deepStrictEqual(names(made), before);
    // Its reset needs the engine that is not here: a stand-in of the same name does what it does first.
    const standIn = join(made.dir, 'prisma/prisma');
    writeFileSync(standIn, '#!/bin/sh\nrm data/app.db\n', { mode: 0o755 });
    const reset = made.run('prisma/prisma', 'migrate', 'reset', '--force');
    deepStrictEqual([reset.code, existsSync(join(made.dir, 'data/app.db'))], [0, false]);
    made.json(0, 'restore', reset.saved ?? '', '--yes');
    deepStrictEqual(names(made), before);
  }).timeout(180_000);
});
