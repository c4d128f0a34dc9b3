// Database servers: no snapshot holds them, and whoever says what is saved says that, without a password.

import { deepStrictEqual, equal, ok } from 'node:assert/strict';
import { openProject } from '../../../src/engine/index.ts';
import { quietCall, testProject, type TestProject } from '../../support/project.ts';
import { database } from '../../support/sqlite.ts';
import type { Tree } from '../../support/tree.ts';

const data = { 'data/app.db': database('CREATE TABLE t(a)') };
const env = { '.env': 'DATABASE_URL="postgresql://me:p/s@ss?w0rd@localhost/shop?sslmode=off"\n' };

async function said({ project }: TestProject, command: string): Promise<readonly string[]> {
  const match = await project.matchCommand({ command, beside: 'in projects' });
  return match.notSaved.map(({ what }) => what);
}

async function saidIn(entries: Tree, command: string): Promise<readonly string[]> {
  return await said(await testProject({ ...data, ...entries }), command);
}

const shop = 'PostgreSQL shop on localhost:5432 (DATABASE_URL in .env)';

describe('a database server', () => {
  it('is not saved before a command that works on it, and that is said', async () => {
    const one = await testProject({ ...data, ...env });
    for (const line of [
      'npx prisma migrate reset --force',
      'alembic downgrade base',
      'python manage.py flush',
      'psql "$DATABASE_URL" -h localhost -d shop -c "drop table users"',
    ])
      deepStrictEqual(await said(one, line), [shop], line);
    deepStrictEqual(await said(one, 'prisma generate'), []);
    deepStrictEqual(await said(one, 'sqlite3 data/app.db "delete from t"'), []);
    deepStrictEqual(await said(one, 'goose sqlite3 ./data/app.db up'), []);
  });

  it('is told the same by what is covered, in detect, doctor and every snapshot', async () => {
    const { project } = await testProject({ ...data, ...env });
    const { coverage = [] } = await project.detect(quietCall);
    const server = {
      path: 'postgres://localhost:5432/shop',
      kind: 'server',
      covered: false,
      reason: 'Savepoint does not save servers yet',
      evidence: ['DATABASE_URL in .env'],
      files: null,
      bytes: null,
      mend: null,
    };
    deepStrictEqual(
      coverage.filter(({ kind }) => kind === 'server'),
      [server],
    );
    const { notCovered } = await project.snapshot({}, quietCall);
    deepStrictEqual(notCovered, [server]);
    const command = 'prisma db push';
    const match = await project.matchCommand({ command, beside: 'in projects' });
    const told = JSON.stringify([coverage, notCovered, match]);
    for (const part of ['p/s', 'ss?w0rd', 'w0rd', 'me:', 'sslmode']) ok(!told.includes(part), part);
  });

  it('is found in what frameworks have for it', async () => {
    const reset = 'prisma migrate reset';
    const found: readonly (readonly [Tree, string])[] = [
      [
        { '.env': 'DB_CONNECTION=pgsql\nDB_HOST=db\nDB_DATABASE=blog\nDB_PASSWORD=x\n' },
        'PostgreSQL blog on db:5432 (DB_CONNECTION in .env)',
      ],
      [
        { 'prisma/schema.prisma': 'datasource db {\n  provider = "mysql"\n  url = env("X")\n}\n' },
        'MySQL (prisma/schema.prisma)',
      ],
      [
        {
          'prisma/schema.prisma':
            'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n',
          ...env,
        },
        shop,
      ],
      [
        { 'config/database.yml': 'development:\n  adapter: postgresql\n  database: site_dev\n' },
        'PostgreSQL site_dev on localhost:5432 (development in config/database.yml)',
      ],
      [
        { 'alembic.ini': '[alembic]\nsqlalchemy.url = mysql+pymysql://a:b@h:3307/wiki\n' },
        'MySQL wiki on h:3307 (a URL in alembic.ini)',
      ],
      [
        { 'apps/api/.env': 'MONGO_URL=mongodb://u:p@m1,m2/chat\n' },
        'MongoDB chat on m1:27017 (MONGO_URL in apps/api/.env)',
      ],
    ];
    for (const [entries, what] of found)
      deepStrictEqual(await saidIn(entries, reset), [what], what);
  });

  it('is none where a file, a test or a production is named, or the environment says otherwise', async () => {
    const reset = 'prisma migrate reset';
    deepStrictEqual(await saidIn({ '.env': 'DATABASE_URL=file:../data/app.db' }, reset), []);
    deepStrictEqual(await saidIn({ '.env': 'TEST_DATABASE_URL=mysql://a/b' }, reset), []);
    deepStrictEqual(await saidIn({ '.env.production': 'DATABASE_URL=mysql://a/b' }, reset), []);
    const { options, dir } = await testProject({ ...data, ...env });
    const own = { ...options, env: { ...options.env, DATABASE_URL: 'file:data/app.db' } };
    const project = await openProject(own, dir);
    const { notSaved } = await project.matchCommand({ command: reset, beside: 'in projects' });
    deepStrictEqual(notSaved, []);
  });

  it('is what a client or a URL on the line means, whatever the project has', async () => {
    deepStrictEqual(await saidIn({}, 'dropdb old'), ['PostgreSQL old (the command names it)']);
    deepStrictEqual(await saidIn({}, 'DATABASE_URL=mysql://a:b@h/x knex migrate:latest'), [
      'MySQL x on h:3306 (the command names it)',
    ]);
    deepStrictEqual(await saidIn({}, 'redis-cli flushall'), ['Redis (the command names it)']);
  });

  it('is missed by nobody where the data has no database at all', async () => {
    const { project } = await testProject({
      'savepoint.json': '{ "dataDirs": [{ "path": "files" }] }',
      'files/a.txt': 'a',
    });
    const command = 'prisma migrate reset';
    const { notSaved } = await project.matchCommand({ command, beside: 'in projects' });
    equal(notSaved[0]?.what, 'the database that "prisma migrate reset" works on');
  });
});
