import { deepStrictEqual, match, strictEqual } from 'node:assert';
import type { DetectedDatabase, HistoryPoint } from '../../../src/core/documents/documents.ts';
import {
  contentsOf,
  dataDirRow,
  databaseRow,
  excludedRow,
  filesRow,
  folderRow,
  notCoveredRow,
  storeRow,
} from '../../../src/core/views/data-rows.ts';
import { dataDirTooltip, tableTooltip } from '../../../src/core/views/data-tooltips.ts';
import { chartColors } from '../../../src/core/views/history-chart.ts';
import { detectionReport } from '../../../src/core/views/detection-report.ts';
import { clock, dataDir } from '../../support/documents.ts';
import { entry, status } from './samples.ts';

const database: DetectedDatabase = dataDir().databases[0]!;

describe('dataDirRow', () => {
  it('says layout, size and how old the newest snapshot is', () => {
    deepStrictEqual(dataDirRow(dataDir(), entry(), clock, true), {
      id: 'dataDir/data',
      context: 'dataDir',
      icon: 'folder-library',
      iconColor: null,
      label: 'data',
      description: 'docsfy · 345 MB · 12m',
      spoken: 'Data directory data, docsfy layout, 345 MB, newest snapshot 12 minutes ago',
      expand: 'expanded',
    });
  });

  it('leaves the generic layout out, marks a guess, and says when there is no snapshot', () => {
    const generic = dataDir({ layout: 'generic', confidence: 'likely' });
    const guess = dataDir({ layout: 'generic', confidence: 'guess' });
    const half = dataDir({ confidence: 'likely' });
    deepStrictEqual(
      [generic, guess, half].map((dir) => {
        const { description, context, expand } = dataDirRow(dir, null, clock, false);
        return [description, context, expand];
      }),
      [
        ['345 MB · no snapshot', 'dataDir', 'expanded'],
        ['a guess · 345 MB · no snapshot', 'dataDir guess', 'collapsed'],
        ['docsfy? · 345 MB · no snapshot', 'dataDir', 'expanded'],
      ],
    );
  });
});

describe('databaseRow', () => {
  it('says size and journal, and what is wrong with it', () => {
    const states: [Partial<DetectedDatabase>, string, string | null, string][] = [
      [{}, '200 MB · rollback', 'database', 'expanded'],
      [{ journalMode: 'wal' }, '200 MB · WAL', 'database', 'expanded'],
      [{ state: 'encrypted' }, '200 MB · encrypted, as plain file', 'warning', 'none'],
      [{ state: 'locked' }, '200 MB · locked', 'warning', 'none'],
      [{ state: 'damaged' }, '200 MB · damaged', 'error', 'none'],
    ];
    deepStrictEqual(
      states.map(([facts]) => {
        const { description, icon, expand, label } = databaseRow(dataDir(), {
          ...database,
          ...facts,
        });
        strictEqual(label, 'docsfy.db');
        return [description, icon, expand];
      }),
      states.map(([, ...expected]) => expected),
    );
  });

  it('stays closed where opening it would read gigabytes', () => {
    strictEqual(databaseRow(dataDir(), { ...database, bytes: 2 * 1024 ** 3 }).expand, 'collapsed');
  });
});

describe('the other rows of the Data view', () => {
  it('say what they count', () => {
    const rows = [
      folderRow('app', '/home/dev/app', 2),
      folderRow('app', '/home/dev/app', 2, true),
      folderRow('app', '/home/dev/app', 0, true),
      ...contentsOf(dataDir()).map((contents) => filesRow(dataDir(), contents)),
      filesRow(dataDir(), { path: 'data', files: 1, bytes: 0 }),
      notCoveredRow(2),
      excludedRow({ path: 'data/tmp', reason: 'tmp', bytes: 1_100_000, canInclude: true }),
      excludedRow({ path: 'mnt', reason: 'another file system', bytes: null, canInclude: false }),
      storeRow(status({ newest: entry() })),
      storeRow(status()),
      storeRow(status({ store: { ephemeral: 'kept in this container only' } })),
    ];
    deepStrictEqual(
      rows.map(({ context, label, description, icon }) => [context, label, description, icon]),
      [
        ['folder', 'app', '2 data directories', 'root-folder'],
        ['folder', 'app', 'No snapshot', 'root-folder'],
        ['folder noData', 'app', 'No data directory', 'root-folder'],
        ['files', 'projects', '1,204 files · 145 MB', 'folder'],
        ['files', 'Files', '1 file · 0 B', 'files'],
        ['notCovered', 'Not covered', '2', 'circle-slash'],
        ['excluded includable', 'data/tmp', 'tmp · 1 MB', 'circle-slash'],
        ['excluded', 'mnt', 'another file system', 'circle-slash'],
        ['store', 'Store', '412 MB of 5 GB', 'archive'],
        ['store', 'Store', 'empty', 'archive'],
        ['store ephemeral', 'Store', 'kept in this container only', 'warning'],
      ],
    );
  });

  it('count all files as one where it is not known which folder they are in', () => {
    const { contents: _, ...dir } = dataDir();
    deepStrictEqual(contentsOf(dir), [{ path: 'data', files: 1204, bytes: 145 * 1024 ** 2 }]);
  });
});

describe('dataDirTooltip', () => {
  it('shows how size and mismatches went, as an image with words for it', () => {
    const point = {
      id: '20261120T133205Z-k3f9',
      createdAt: '2026-11-20T13:32:05Z',
      label: null,
      reason: 'manual',
      files: 1,
      tables: {},
    } as const;
    const history = [
      { ...point, bytes: 1024, mismatches: 0 },
      { ...point, bytes: 2048, mismatches: 2 },
    ];
    const text = dataDirTooltip(dataDir(), history, chartColors.light);
    match(text, /Found by DATA\\_DIR=\/data in \.env, mapped by docker\\-compose\.yaml/);
    match(
      text,
      /!\[Size over the last 2 snapshots: from 1 KB to 2 KB, 2 mismatches\]\(data:image\/svg\+xml;base64,/,
    );
  });

  it('has no image before there are two snapshots', () => {
    strictEqual(dataDirTooltip(dataDir(), [], chartColors.light).includes('!['), false);
  });
});

describe('tableTooltip', () => {
  it('says key, columns and the rows of the last snapshots', () => {
    const table = {
      name: 'projects',
      rows: 214,
      columns: [
        { name: 'name', type: 'TEXT', key: true },
        { name: 'status', type: 'TEXT', key: false },
      ],
    };
    const point = (rows: number): HistoryPoint => ({
      id: 'x',
      createdAt: '2026-11-20T13:32:05Z',
      label: null,
      reason: 'manual',
      files: 1,
      bytes: 1,
      mismatches: null,
      tables: { 'data/docsfy.db:projects': rows },
    });
    const text = tableTooltip('data/docsfy.db', table, [point(200), point(214)]);
    deepStrictEqual(text.split('  \n'), [
      '**projects** in data/docsfy.db',
      '214 rows, 2 columns',
      'Key: name',
      'Columns: name, status',
      'In the last 2 snapshots: 200 -> 214 rows',
    ]);
  });
});

describe('detectionReport', () => {
  it('says what was found, what was not taken, and where it stopped', () => {
    const text = detectionReport('/home/dev/app', {
      dataDirs: [
        dataDir({ excluded: [{ path: 'data/tmp', reason: 'tmp', bytes: 1, canInclude: true }] }),
      ],
      foldersLookedAt: 20_000,
      boundHit: true,
      rejected: [{ path: 'assets/data', reason: 'no SQLite database in it' }],
      configProblems: [{ file: 'savepoint.json', line: 4, column: 1, message: 'no such folder.' }],
    });
    deepStrictEqual(text.split('\n'), [
      'What was looked at in /home/dev/app',
      '',
      '20,000 folders and every .env and compose file in them: 1 data directory found.',
      'Stopped looking after 20,000 folders. Missing something? Choose it by hand.',
      '',
      'Found: data',
      '  docsfy layout, certain · 1 database, 1,204 files, 345 MB',
      '  by DATA_DIR=/data in .env, mapped by docker-compose.yaml',
      '  left out: data/tmp (tmp)',
      '',
      'Looked at and not taken:',
      '  assets/data: no SQLite database in it',
      '',
      'In savepoint.json:',
      '  savepoint.json, line 4: no such folder.',
      '',
    ]);
  });
});
