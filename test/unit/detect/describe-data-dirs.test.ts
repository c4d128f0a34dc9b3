import { deepStrictEqual, rejects } from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import type { DetectionDocument } from '../../../src/core/documents/documents.ts';
import { describeDataDirs } from '../../../src/engine/detect/describe-data-dirs.ts';
import { findDataDirs } from '../../../src/engine/detect/find-data-dirs.ts';
import { noProgress } from '../../../src/engine/options.ts';
import { engineOptions } from '../../support/engine-options.ts';
import { database } from '../../support/sqlite.ts';
import { fifo, symlink, tree } from '../../support/tree.ts';

const call = () => ({ signal: new AbortController().signal, progress: noProgress });

async function describe1(root: string, trusted = true): Promise<DetectionDocument> {
  const options = engineOptions({ trusted });
  const found = findDataDirs(root, { options, allowed: [], storeDir: options.storeDir });
  return await describeDataDirs(found, options, call());
}

const table = 'CREATE TABLE t(a); INSERT INTO t VALUES (1)';

describe('describeDataDirs', () => {
  it('tells the whole of a docsfy installation', async () => {
    const root = await tree({
      '.env': 'DATA_DIR=/data',
      'docker-compose.yaml': 'services: {app: {volumes: ["./data:/data"]}}',
      'data/docsfy.db': database('CREATE TABLE projects(branch)', { pageSize: 4096 }),
      'data/projects/_default/x/site/index.html': 'hello',
      'data/projects/_default/x/cache/pages/a.md': 'page',
      'data/tmp/a/b': '12345',
    });
    deepStrictEqual(await describe1(root), {
      dataDirs: [
        {
          name: 'data',
          path: 'data',
          roots: ['data'],
          layout: 'docsfy',
          confidence: 'certain',
          evidence: [
            'DATA_DIR=/data in .env, mapped by docker-compose.yaml',
            'docsfy.db and projects/ of docsfy',
          ],
          missing: [],
          databases: [
            {
              path: 'data/docsfy.db',
              engine: 'sqlite',
              journalMode: 'rollback',
              state: 'ok',
              bytes: 8192,
            },
          ],
          files: 2,
          bytes: 8192 + 9,
          contents: [{ path: 'data/projects', files: 2, bytes: 9 }],
          excluded: [{ path: 'data/tmp', reason: 'temporary files', bytes: 5, canInclude: true }],
          references: [
            {
              database: 'data/docsfy.db',
              table: 'projects',
              path: 'data/projects/{owner|_default}/{name}/{branch}/{ai_provider}/{ai_model}/site',
              direction: 'both',
            },
            {
              database: 'data/docsfy.db',
              table: 'projects',
              path: 'data/projects/{owner|_default}/{name}/{branch}/{ai_provider}/{ai_model}/plan.json',
              direction: 'row-to-path',
            },
          ],
        },
      ],
      foldersLookedAt: 1,
      boundHit: false,
      rejected: [],
      configProblems: [],
    });
  });

  it('finds databases by their first bytes, and says what state they are in', async () => {
    const root = await tree({
      'data/plain': database(table),
      'data/wal.db': database(table, { leftInWal: 'INSERT INTO t VALUES (2)' }),
      'data/deep/big-pages': database(table, { pageSize: 65536 }),
      'data/empty.db': '',
      'data/cut.db': database(table),
      'data/sealed.db': randomBytes(8192),
      'data/sealed': randomBytes(8192),
      'data/sealed-wal': 'x',
      'data/text.db': 'not a database',
      'data/gone.sqlite': 'SQLite format',
      'data/notes-journal': 'a file like any other',
      'data/notes': 'x',
    });
    fs.truncateSync(join(root, 'data/cut.db'), 1000);
    const [dataDir] = (await describe1(root)).dataDirs;
    deepStrictEqual(
      dataDir?.databases.map(({ path, journalMode, state }) => `${path} ${journalMode} ${state}`),
      [
        'data/cut.db rollback damaged',
        'data/deep/big-pages rollback ok',
        'data/empty.db rollback empty',
        'data/gone.sqlite rollback damaged',
        'data/plain rollback ok',
        'data/sealed wal encrypted',
        'data/sealed.db rollback encrypted',
        'data/wal.db wal ok',
      ],
    );
    // text.db, notes and notes-journal.
    deepStrictEqual(dataDir.files, 3);
  });

  it('counts what is captured: no pipes, no links, names of any bytes', async () => {
    const root = await tree({
      'data/a.db': database(table),
      'data/pipe': fifo(),
      'data/link': symlink('/etc'),
      'data/n\udcff/x\udcfe': '123',
      'data/line\nbreak': '1',
    });
    const [dataDir] = (await describe1(root)).dataDirs;
    deepStrictEqual([dataDir?.files, dataDir?.bytes], [2, 8192 + 4]);
  });

  it('does not count what an interrupted restore left behind, as a snapshot does not', async () => {
    const root = await tree({
      'data/a.db': database(table),
      'data/.savepoint-restore-k3f9/0': 'half',
      'data/files/one': '1',
    });
    const [dataDir] = (await describe1(root)).dataDirs;
    deepStrictEqual(dataDir?.files, 1);
  });

  it('tells a name that is not UTF-8 by its bytes', async () => {
    const root = await tree({ 'data/a.db': database(table), 'data/n\udcff.sqlite': '' });
    const [dataDir] = (await describe1(root)).dataDirs;
    deepStrictEqual(dataDir?.databases[1]?.path, 'data/n\udcff.sqlite');
  });

  it('lists every place that is left out, with its size', async () => {
    const root = await tree({
      'savepoint.json':
        '{ "dataDirs": [{ "path": "data", "exclude": ["**/*.log"], "include": ["tmp/keep"] }] }',
      'data/a.log': '1',
      'data/b/c.log': '22',
      'data/tmp/keep/x': 'kept',
      'data/tmp/y': '333',
    });
    const [dataDir] = (await describe1(root)).dataDirs;
    deepStrictEqual(dataDir?.excluded, [
      { path: 'data/a.log', reason: 'left out by savepoint.json', bytes: 1, canInclude: true },
      { path: 'data/b/c.log', reason: 'left out by savepoint.json', bytes: 2, canInclude: true },
      { path: 'data/tmp/y', reason: 'temporary files', bytes: 3, canInclude: true },
    ]);
    deepStrictEqual([dataDir.files, dataDir.bytes], [1, 4]);
  });

  it('describes databases by themselves with their write-ahead log', async () => {
    const root = await tree({
      'prisma/dev.db': database(table, { leftInWal: 'INSERT INTO t VALUES (2)' }),
      'prisma/schema.prisma': '',
    });
    const [dataDir] = (await describe1(root)).dataDirs;
    deepStrictEqual(
      [
        dataDir?.roots,
        dataDir?.files,
        dataDir?.databases.map(({ path, journalMode }) => [path, journalMode]),
      ],
      [['prisma/dev.db'], 0, [['prisma/dev.db', 'wal']]],
    );
  });

  it('takes the references that savepoint.json names', async () => {
    const reference = { database: 'a.db', table: 't', path: 'files/{a}', covers: 'files/*' };
    const dataDirs = [
      { path: 'data', references: [reference, { ...reference, covers: undefined }] },
    ];
    const root = await tree({
      'savepoint.json': JSON.stringify({ dataDirs }),
      'data/a.db': database(table),
    });
    deepStrictEqual(
      (await describe1(root)).dataDirs[0]?.references.map(
        ({ path, direction }) => `${path} ${direction}`,
      ),
      ['data/files/{a} both', 'data/files/{a} row-to-path'],
    );
  });

  it('opens nothing in an untrusted workspace', async () => {
    const root = await tree({ 'data/a.db': database(table), 'data/b': database(table) });
    const [dataDir] = (await describe1(root, false)).dataDirs;
    deepStrictEqual(
      dataDir?.databases.map(({ path, state }) => `${path} ${state}`),
      ['data/a.db unchecked'],
    );
  });

  it('leaves no trace beside the data', async () => {
    const root = await tree({
      'data/a.db': database(table, { leftInWal: 'INSERT INTO t VALUES (2)' }),
    });
    const look = () =>
      fs
        .readdirSync(join(root, 'data'))
        .map((name) => fs.statSync(join(root, 'data', name)).mtimeMs);
    const before = look();
    await describe1(root);
    deepStrictEqual(look(), before);
  });

  it('ends where it is cancelled', async () => {
    const root = await tree({ 'data/a.db': database(table) });
    const options = engineOptions();
    const found = findDataDirs(root, { options, allowed: [], storeDir: options.storeDir });
    const signal = AbortSignal.abort();
    await rejects(describeDataDirs(found, options, { signal, progress: noProgress }), {
      name: 'AbortError',
    });
  });

  it('counts 10,000 files', async () => {
    const root = await tree({ 'data/a.db': database(table) });
    for (let i = 0; i < 100; i += 1) {
      fs.mkdirSync(join(root, 'data', String(i)));
      for (let j = 0; j < 100; j += 1)
        fs.writeFileSync(join(root, 'data', String(i), String(j)), 'x');
    }
    const { dataDirs } = await describe1(root);
    deepStrictEqual(dataDirs[0]?.files, 10_000);
  });
});
