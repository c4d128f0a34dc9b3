// What each command prints, whole, as a terminal of 80 columns without colour gets it.

import { deepStrictEqual, equal, ok } from 'node:assert/strict';
import type { CoverageEntry } from '../../../src/core/documents/coverage.ts';
import type {
  RowChange,
  SchemaChange,
  SnapshotManifest,
  StatusDocument,
} from '../../../src/core/documents/documents.ts';
import { detectText } from '../../../src/core/text/detect-text.ts';
import { diffText } from '../../../src/core/text/diff-text.ts';
import { listText } from '../../../src/core/text/list-text.ts';
import { pruneText } from '../../../src/core/text/prune-text.ts';
import {
  restorePlanText,
  restoreQuestion,
  restoreText,
} from '../../../src/core/text/restore-text.ts';
import { showText } from '../../../src/core/text/show-text.ts';
import { snapshotText } from '../../../src/core/text/snapshot-text.ts';
import { statusText } from '../../../src/core/text/status-text.ts';
import { verifyText } from '../../../src/core/text/verify-text.ts';
import { displayWidth } from '../../../src/core/format/width.ts';
import {
  changes,
  dataDir,
  databaseDiff,
  detection,
  diffDocument,
  entry,
  fileChange,
  MB,
  restorePlan,
  tableDiff,
  text,
  wholeFolder,
} from '../../support/documents.ts';

function check(lines: readonly string[], expected: string): void {
  deepStrictEqual(`\n${lines.join('\n')}`, expected.replace(/\n$/, ''));
  for (const line of lines) ok(displayWidth(line) <= 80, `over 80 columns: ${line}`);
}

const store = { bytes: 412 * MB, capBytes: 5 * 1024 * MB };

describe('detectText', () => {
  it('shows what was found, how, and what is left out', () => {
    check(
      detectText(detection(), null, text),
      `
data              docsfy layout, certain                    345 MB, no snapshot
  docsfy.db       SQLite, rollback journal                  200 MB
  projects/       1,204 files                               145 MB
  left out        tmp/: temporary files                     1.1 MB
  found by        DATA_DIR=/data in .env, mapped by docker-compose.yaml
Next: savepoint snapshot
`,
    );
  });

  it('heads a folder of which only databases are taken by these', () => {
    const books = ['library/books.db', 'library/tags.db', 'library/loans.db'];
    const headOf = (paths: readonly string[], roots: readonly string[]): string => {
      const databases = paths.map((path) => ({
        path,
        engine: 'sqlite' as const,
        journalMode: 'rollback' as const,
        bytes: 4096,
        state: 'ok' as const,
      }));
      const found = dataDir({ path: 'library', roots, databases, files: 0, contents: [] });
      const [line = ''] = detectText(detection({ dataDirs: [found] }), null, text);
      return line.slice(0, line.indexOf('  '));
    };
    const [first = ''] = books;
    equal(headOf([first], [first]), 'library/books.db');
    equal(headOf(books, books), 'library/books.db and 2 more');
    equal(headOf([first], ['library']), 'library');
    equal(headOf([first], [first, 'library/covers']), 'library');
  });

  it('shows the roots of a layout with several, what is missing, and the age of the newest snapshot', () => {
    const found = dataDir({
      path: 'packages/server',
      roots: ['packages/server/db', 'packages/server/files'],
      layout: 'generic',
      confidence: 'guess',
      missing: ['projects/'],
      evidence: [],
      excluded: [],
      databases: [
        {
          path: 'packages/server/db/a-rather-long-name-of-a-database.sqlite3',
          engine: 'sqlite',
          journalMode: 'wal',
          bytes: 4096,
          state: 'encrypted',
        },
      ],
      files: 9,
      bytes: 5000,
      contents: Array.from({ length: 8 }, (_, i) => ({
        path: i === 0 ? 'packages/server' : `packages/server/files/${i}`,
        files: 1,
        bytes: i * 10,
      })),
    });
    check(
      detectText(detection({ dataDirs: [found] }), entry(), text),
      `
packages/server                   generic layout, guess     4.9 KB, saved 12m
  db/a-rathe...-database.sqlite3  SQLite, WAL, encrypte...  4 KB
  files/2/                        1 file                    20 B
  files/3/                        1 file                    30 B
  files/4/                        1 file                    40 B
  files/5/                        1 file                    50 B
  files/6/                        1 file                    60 B
  files/7/                        1 file                    70 B
                                  ... 2 more folders
  missing         projects/
`,
    );
  });

  it('says where it looked when there is nothing', () => {
    const storage = notCovered('storage', 'no database in it and no known layout');
    check(
      detectText(detection({ dataDirs: [], coverage: [storage] }), null, text),
      `
No data directory found.
Looked for DATA_DIR and similar names in .env and compose files, folders such as
data, storage, db or pb_data, and SQLite databases, in 12 folders.
! storage: not covered, no database in it and no known layout: savepoint cover
  storage
Or take a folder in: savepoint cover data
`,
    );
  });
});

describe('snapshotText', () => {
  const taken = {
    id: '20261120T143205Z-k3f9',
    createdAt: '2026-11-20T14:32:05.000Z',
    reason: 'manual',
    label: 'Before migration',
    dataDirs: ['data'],
    files: 1204,
    bytes: 345 * MB,
    storedBytes: 3.1 * MB,
    durationMs: 412,
    consistent: true,
    unsettled: [],
    skipped: [],
    databases: [
      {
        path: 'data/docsfy.db',
        engine: 'sqlite',
        ok: true,
        state: 'ok',
        journalMode: 'rollback',
        pageSize: 4096,
        bytes: 200 * MB,
        tables: { projects: 214 },
        detail: null,
      },
    ],
    mismatches: null,
    unchanged: false,
    store,
    pruned: [],
  } as const;

  it('says what was saved and how it comes back', () => {
    check(
      snapshotText(taken, text),
      `
✓ Saved 20261120T143205Z-k3f9 "Before migration" in 0.4 s
  1 database, 1,204 files, 345 MB; 3.1 MB new, store 412 MB of 5 GB
  Bring it back: savepoint restore k3f9
`,
    );
  });

  it('says what is not as it should be, on a line each', () => {
    const [database] = taken.databases;
    const troubled = {
      ...taken,
      label: null,
      consistent: false,
      unsettled: ['data/a.log', 'data/b\nc.log'],
      skipped: [{ path: 'data/pipe', reason: 'named pipe' }],
      databases: [
        { ...database, ok: false, state: 'damaged', detail: 'page 3 is never used' } as const,
      ],
      mismatches: 2,
      unchanged: true,
      store: { bytes: 412 * MB, capBytes: null },
      pruned: ['20261101T090000Z-a1xq'],
    };
    check(
      snapshotText(troubled, text),
      `
✓ Saved 20261120T143205Z-k3f9 in 0.4 s
  1 database, 1,204 files, 345 MB; nothing changed, store 412 MB
! data/docsfy.db is damaged: page 3 is never used
! 2 files kept changing: data/a.log, data/b\\nc.log
! Not in it: data/pipe (named pipe)
! 2 mismatches: savepoint check
  Retention deleted 1 older snapshot
  Bring it back: savepoint restore k3f9
`,
    );
  });
});

describe('listText', () => {
  it('groups by day, newest first, and cuts labels, never ids', () => {
    const list = [
      entry({ mismatches: 2 }),
      entry({
        id: '20261120T123101Z-p7qa',
        createdAt: '2026-11-20T12:31:01Z',
        reason: 'guard',
        label: null,
        command: 'prisma migrate reset --force',
        changes: changes(0, 0, 0, 0),
      }),
      entry({
        id: '20261119T152000Z-m2xd',
        createdAt: '2026-11-19T15:20:00Z',
        label: 'Seeded demo data',
        pinned: true,
        changes: changes(214, 0, 0, 1204),
      }),
      entry({
        id: '20261117T080000Z-t8wn',
        createdAt: '2026-11-17T08:00:00Z',
        reason: 'safety',
        label: null,
        damaged: true,
        changes: { files: 1, rows: null, rowsAdded: null, rowsRemoved: null, rowsChanged: null },
      }),
      entry({
        id: '20251117T080000Z-b5cz',
        createdAt: '2025-11-17T08:00:00Z',
        label: '数据库 before\nthe big change 👩‍👩‍👧',
        changes: null,
      }),
    ];
    check(
      listText(list, store, text),
      `
Today
  20261120T133205Z-k3f9  14:32  +12 -3 ~5 rows, 14 files  !2   Before migration
  20261120T123101Z-p7qa  13:31  no change                      prisma migrate...
Yesterday
  20261119T152000Z-m2xd  16:20  +214 rows, 1,204 files    pin  Seeded demo data
Tue, 17 November
  20261117T080000Z-t8wn  09:00  damaged, rows, 1 file          Before restore
Mon, 17 November 2025
  20251117T080000Z-b5cz  09:00  first                          数据库 before\\...
5 snapshots, 412 MB of 5 GB
`,
    );
  });

  it('shortens counts that would not fit', () => {
    const big = entry({
      changes: changes(412_345, 1_204, 9_999, 12_345),
      pinned: true,
      mismatches: 12,
    });
    check(
      listText([big], store, text),
      `
Today
  20261120T133205Z-k3f9  14:32  +412k -1.2k ~10k rows, 12k files  pin !12  Be...
1 snapshot, 412 MB of 5 GB
`,
    );
  });

  it('says how to begin where there is none', () => {
    check(listText([], store, text), '\nNo snapshot yet: savepoint snapshot');
  });
});

describe('showText', () => {
  it('shows one snapshot, whole', () => {
    const manifest: SnapshotManifest = {
      ...entry({ pinned: true, actor: 'Claude Code', command: 'npm run db:reset', mismatches: 2 }),
      formatVersion: 1,
      tree: 'ab',
      dataDirs: [{ name: 'data', path: 'data', roots: ['data'], layout: 'docsfy' }],
      databases: [
        {
          path: 'data/docsfy.db',
          engine: 'sqlite',
          ok: true,
          state: 'unchecked',
          journalMode: 'wal',
          pageSize: 4096,
          bytes: 200 * MB,
          tables: { projects: 214, users: 1 },
          detail: null,
        },
      ],
      unsettled: [],
      skipped: [{ path: 'data/s', reason: 'socket' }],
      excluded: [],
      durationMs: 400,
      writtenBy: 'savepoint 0.1.0',
    };
    check(
      showText(manifest, text),
      `
20261120T133205Z-k3f9 "Before migration"
  taken           12 min ago, by hand, in 0.4 s
  pinned          retention never takes it
  holds           1 database, 1,204 files, 345 MB; 3.1 MB of its own
  changed         +12 -3 ~5 rows, 14 files since the one before
  mismatches      2
  command         npm run db:reset
  by              Claude Code
  branch          main, commit 787de50c1a
data              docsfy layout
  docsfy.db       SQLite, WAL, not checkable                200 MB
    projects      214 rows
    users         1 row
! Not in it: data/s (socket)
`,
    );
  });
});

const alpha = { name: 'alpha', branch: 'main', provider: 'gemini', model: 'pro', owner: '' };
const projects = tableDiff(
  'projects',
  [3, 12, 4],
  [
    {
      op: 'change',
      key: alpha,
      before: {
        ...alpha,
        status: 'ready',
        page_count: 42,
        plan: null,
        size: { int: '9007199254740993' },
      },
      after: { ...alpha, status: 'error', page_count: 0, plan: 'x', size: 3 },
    },
    {
      op: 'remove',
      key: { ...alpha, name: 'beta' },
      before: { ...alpha, name: 'beta' },
      after: null,
    },
  ],
);

const someFiles = [
  fileChange('change', 'projects/alpha/main/gemini/pro/plan.json', 3.9 * 1024, 4.1 * 1024),
  ...wholeFolder('remove', 'projects/alpha/main/gemini/pro/site', 8, 12 * 1024),
  ...wholeFolder('add', 'projects/gamma/main/gemini/pro', 5, 2048),
];

describe('diffText', () => {
  it('shows rows and files, whole folders as one line, and a sum', () => {
    const diff = diffDocument({
      databases: [
        databaseDiff({ path: 'docsfy.db', tables: [projects, tableDiff('users', [0, 0, 1])] }),
      ],
      fileChanges: someFiles,
      mismatches: { before: 2, after: 3 },
    });
    check(
      diffText(diff, { a: entry(), b: null }, text),
      `
k3f9 "Before migration" -> live
docsfy.db  projects  +3 -12 ~4 rows
  ~ alpha · main · gemini · pro · ""  status "ready" -> "error", 3 more columns
  - beta · main · gemini · pro · ""
  ... 17 more: --rows 100
docsfy.db  users     ~1 row
- projects/alpha/main/gemini/pro/site/         8 files, 96 KB
~ projects/alpha/main/gemini/pro/plan.json     3.9 KB -> 4.1 KB
+ projects/gamma/main/gemini/pro/              5 files, 10 KB
+3 -12 ~5 rows, 14 files, mismatches 2 -> 3
`,
    );
  });

  it('shows schemas, new and lost databases, and what cannot be compared', () => {
    const diff = diffDocument({
      databases: [
        databaseDiff({
          schema: [
            { op: 'add', type: 'column', name: 'projects.owner', before: null, after: 'TEXT' },
            { op: 'remove', type: 'index', name: 'by_name', before: 'CREATE INDEX', after: null },
            { op: 'remove', type: 'index', name: 'by_age', before: 'CREATE INDEX', after: null },
            { op: 'change', type: 'pragma', name: 'user_version', before: '3', after: '4' },
          ],
        }),
        databaseDiff({
          path: 'data/lost.db',
          state: 'removed',
          tables: [tableDiff('t', [0, 2, 0])],
        }),
        databaseDiff({ path: 'data/new.db', state: 'added' }),
        databaseDiff({ path: 'data/torn.db', problem: 'database disk image is malformed' }),
      ],
      fileChanges: [
        { path: 'data/l', op: 'add', kind: 'symlink', beforeBytes: null, afterBytes: 3 },
        { path: 'data/e', op: 'remove', kind: 'directory', beforeBytes: null, afterBytes: null },
        fileChange('change', 'data/same', 5, 5),
        { ...fileChange('change', 'data/x.sh', 5, 5), modes: { before: 0o644, after: 0o755 } },
      ],
    });
    const other = { id: '20261120T144001Z-t8wn', label: null };
    check(
      diffText(diff, { a: entry(), b: other }, text),
      `
k3f9 "Before migration" -> t8wn
data/docsfy.db  schema  +1 column -2 indexes ~1 pragma
  + column projects.owner
  - index by_name
  - index by_age
  ~ pragma user_version  3 -> 4
data/lost.db    database is gone
data/lost.db    t       -2 rows
data/new.db     new database
data/torn.db    cannot be compared: database disk image is malformed
- data/e/                                      empty folder
+ data/l                                       link
~ data/same                                    5 B, same size
~ data/x.sh                                    mode 644 -> 755
-2 rows, schema of 1 database, 1 database not comparable, 4 files
`,
    );
  });

  it('says on which columns rows were compared where a migration changed them', () => {
    const row = {
      op: 'change',
      key: { id: 7 },
      before: { id: 7, name: 'a', old: 1 },
      after: { id: 7, name: 'b', owner: null },
    } as const;
    const columns = { onlyBefore: ['old'], onlyAfter: ['owner'], compared: 2 };
    const schema = [
      { op: 'add', type: 'column', name: 'users.owner', before: null, after: 'TEXT' },
    ] as const;
    const diff = diffDocument({
      databases: [
        databaseDiff({ schema, tables: [{ ...tableDiff('users', [0, 0, 1], [row]), columns }] }),
      ],
    });
    check(
      diffText(diff, { a: null, b: null }, text),
      `
live -> live
data/docsfy.db  schema  +1 column
  + column users.owner
data/docsfy.db  users   ~1 row, on the 2 columns that both have
  ~ 7  name "a" -> "b"
~1 row, schema of 1 database
`,
    );
  });

  it('shows rows without a telling key by what they hold', () => {
    const rows = [
      {
        op: 'add',
        key: { rowid: 12 },
        before: null,
        after: { name: 'a', data: { blob: 'ff', bytes: 1024 } },
      },
      { op: 'remove', key: {}, before: { word: 'two words', n: null }, after: null },
      { op: 'remove', key: { id: 7 }, before: { id: 7, title: 'Sofa', price: 12 }, after: null },
      {
        op: 'add',
        key: { name: 'two words', id: { int: '9007199254740993' } },
        before: null,
        after: {},
      },
    ] as const;
    const diff = diffDocument({
      databases: [databaseDiff({ tables: [tableDiff('t', [2, 2, 0], rows)] })],
    });
    check(
      diffText(diff, { a: entry({ label: null }), b: null }, text),
      `
k3f9 -> live
data/docsfy.db  t       +2 -2 rows
  + rowid 12  name "a", data blob, 1 KB
  - (no key)  word "two words", n NULL
  - 7         title "Sofa", price 12
  + two words · 9007199254740993
+2 -2 rows
`,
    );
  });

  it('folds crowds into the folders that came or went as a whole, and no others', () => {
    const gone = Array.from({ length: 40 }, (_, i) => ({
      ...fileChange('remove', `data/p/${i % 7}/${i}.txt`, 10, null),
      folder: 'data/p',
    }));
    const some = Array.from({ length: 2 }, (_, i) =>
      fileChange('remove', `data/r/${i}.txt`, 10, null),
    );
    const diff = diffDocument({
      fileChanges: [...gone, fileChange('add', 'data/q', null, 1), ...some],
    });
    check(
      diffText(diff, { a: entry(), b: null }, text),
      `
k3f9 "Before migration" -> live
- data/p/                                      40 files, 400 B
- data/r/0.txt                                 10 B
- data/r/1.txt                                 10 B
+ data/q                                       1 B
43 files
`,
    );
  });

  it('names tables and columns without a name, and leaves room behind long ones', () => {
    const row = (name: string): RowChange => ({
      op: 'change',
      key: { id: 1 },
      before: { id: 1, [name]: 'a' },
      after: { id: 1, [name]: 'b' },
    });
    const rows = [row(''), row('c'.repeat(300))];
    const database = databaseDiff({
      path: 'a.db',
      tables: [{ ...tableDiff('', [0, 0, 2]), rows }],
    });
    check(
      diffText(diffDocument({ databases: [database] }), { a: entry(), b: null }, text).slice(1),
      `
a.db  ""      ~2 rows
  ~ 1  "" "a" -> "b"
  ~ 1  ccccccccccccccccccccccccccc... "a" -> "b"
~2 rows
`,
    );
  });

  it('tells what was compared of a database in part', () => {
    const problem = 'table "k": no such collation sequence: own';
    const database = databaseDiff({ path: 'a.db', tables: [tableDiff('t', [1, 0, 0])], problem });
    check(
      diffText(diffDocument({ databases: [database] }), { a: entry(), b: null }, text).slice(1),
      `
a.db  compared in part: table "k": no such collation sequence: own
a.db  t       +1 row
+1 row, 1 database compared in part
`,
    );
  });

  it('says what only one side could read', () => {
    const skipped = [{ path: 'data/secret', reason: 'permission denied' }];
    check(
      diffText(diffDocument({ skipped }), { a: entry(), b: null }, text),
      `
k3f9 "Before migration" -> live
! not compared: data/secret (permission denied)
1 path not compared
`,
    );
  });

  it('says that there is no difference', () => {
    check(
      diffText(diffDocument(), { a: entry(), b: null }, text),
      '\nNo difference between k3f9 "Before migration" and live',
    );
  });
});

describe('restorePlanText', () => {
  const diff = databaseDiff({
    path: 'docsfy.db',
    tables: [tableDiff('projects', [12, 3, 4]), tableDiff('users', [0, 0, 1])],
  });
  const plan = restorePlan({
    databases: [
      {
        path: 'docsfy.db',
        method: 'live',
        diff,
        tables: null,
        wholeBecause: null,
        openIn: ['node (4242)'],
      },
      {
        path: 'other.db',
        method: 'none',
        diff: null,
        tables: null,
        wholeBecause: null,
        openIn: [],
      },
    ],
    files: { written: 9, deleted: 5, unchanged: 1190 },
    fileChanges: [
      fileChange('change', 'projects/alpha/main/gemini/pro/plan.json', 4.1 * 1024, 3.9 * 1024),
      ...wholeFolder('add', 'projects/alpha/main/gemini/pro/site', 8, 12 * 1024),
      ...wholeFolder('remove', 'projects/gamma/main/gemini/pro', 5, 2048),
    ],
    mismatches: { before: 3, after: 2 },
  });

  it('shows what a restore would do, and asks with the same numbers', () => {
    check(
      [...restorePlanText(plan, text), restoreQuestion(plan)],
      `
Would restore k3f9 "Before migration", taken 12 min ago. Nothing was changed.
  docsfy.db   +12 -3 ~5 rows    through SQLite, stays open for node (4242)
    projects  +12 -3 ~4
    users     ~1
  + projects/alpha/main/gemini/pro/site/       8 files, 96 KB
  ~ projects/alpha/main/gemini/pro/plan.json   4.1 KB -> 3.9 KB
  - projects/gamma/main/gemini/pro/            5 files, made since; --keep-new
  Mismatches 3 now, 2 after
20 rows and 14 files change; 5 of these files are deleted. Restore?
`,
    );
  });

  it('shows warnings, what stands in the way, and databases that are replaced as files', () => {
    const troubled = restorePlan({
      databases: [
        {
          path: 'data/a.db',
          method: 'replace',
          diff: null,
          tables: null,
          wholeBecause: null,
          openIn: ['node (4242)', 'php (7)', 'x (1)'],
        },
        {
          path: 'data/b.db',
          method: 'delete',
          diff: null,
          tables: null,
          wholeBecause: null,
          openIn: [],
        },
        {
          path: 'data/c.db',
          method: 'replace',
          diff: databaseDiff({ state: 'added' }),
          tables: null,
          wholeBecause: null,
          openIn: [],
        },
      ],
      files: { written: 0, deleted: 0, unchanged: 3 },
      warnings: ['The snapshot is of branch feature/x; you are on main'],
      blocked: '2 files of this snapshot are damaged in the store',
      blockedHint: 'savepoint verify tells which',
    });
    check(
      [...restorePlanText(troubled, text), restoreQuestion(troubled)],
      `
Would restore k3f9 "Before migration", taken 12 min ago. Nothing was changed.
  data/a.db  as it was         as a new file
    close node (4242), php (7) and 1 more first
  data/b.db  deleted           made since
  data/c.db  comes back        as a new file
! The snapshot is of branch feature/x; you are on main
✗ 2 files of this snapshot are damaged in the store: savepoint verify tells
  which
2 databases are replaced. Restore?
`,
    );
  });

  it('shows how many of the tables come back, and the keys that this would break', () => {
    const part = restorePlan({
      databases: [
        {
          path: 'docsfy.db',
          method: 'live',
          diff: databaseDiff({ path: 'docsfy.db', tables: [tableDiff('projects', [12, 3, 4])] }),
          tables: ['projects'],
          tablesChanged: 2,
          wholeBecause: null,
          openIn: ['node (4242)'],
        },
      ],
      files: { written: 0, deleted: 0, unchanged: 3 },
      mismatches: { before: 0, after: 1 },
      foreignKeys: [{ database: 'docsfy.db', table: 'projects', parent: 'users', rows: 3 }],
      blocked:
        'foreign keys of "docsfy.db" break: 3 rows of "projects" would have no row in "users"',
    });
    check(
      [...restorePlanText(part, text), restoreQuestion(part)],
      `
Would restore k3f9 "Before migration", taken 12 min ago. Nothing was changed.
  docsfy.db   +12 -3 ~4 rows    1 of 2 tables, through SQLite
    stays open for node (4242)
    projects  +12 -3 ~4
  Mismatches 0 now, 1 after
✗ foreign keys of "docsfy.db" break: 3 rows of "projects" would have no row in
  "users"
19 rows change. Restore?
`,
    );
  });

  it('says before what command or restore a snapshot without a label was taken', () => {
    const facts = { label: null, command: null } as const;
    const restored = { id: '20261120T143205Z-m2xd', label: 'Seeded demo data' };
    const cases = [
      entry({ ...facts, reason: 'guard', command: 'npm run\n  db:migrate' }),
      entry({ ...facts, reason: 'safety', beforeRestoreOf: restored }),
      entry({ ...facts, reason: 'safety', beforeUndo: true }),
      entry(facts),
    ];
    const head = 'Would restore k3f9, taken 12 min ago. Nothing was changed.';
    deepStrictEqual(
      cases.map((snapshot) => restorePlanText(restorePlan({ snapshot }), text)),
      [
        [head, '  Before npm run db:migrate'],
        [head, '  Before restore of Seeded demo data'],
        [head, '  Before undo'],
        [head],
      ],
    );
  });

  it('stays within the terminal with a long label and a long folder', () => {
    const label = 'L'.repeat(120);
    const to = `/tmp/${'folder/'.repeat(20)}x`;
    const lines = restorePlanText({ ...plan, snapshot: entry({ label }), to }, text);
    deepStrictEqual(lines.slice(0, 2), [
      'Would restore k3f9 "LLLLLLLLLLLLLLLL...", taken 12 min ago. Nothing was changed.',
      '  into /tmp/folder/folder/folder/fo...older/folder/folder/folder/folder/folder/x',
    ]);
    equal(Math.max(...lines.map((line) => line.length)) <= 80, true);
  });

  it('stays within the terminal where much of a schema differs, and names are long', () => {
    const types = ['table', 'index', 'view', 'trigger', 'column', 'pragma'];
    const schema = types.flatMap((type) =>
      (['add', 'remove', 'change'] as const).map((op): SchemaChange => ({
        op,
        type,
        name: 'x',
        before: null,
        after: null,
      })),
    );
    const wide = databaseDiff({
      path: 'docsfy.db',
      schema,
      tables: [tableDiff('t'.repeat(60), [0, 0, 1])],
    });
    const [first] = plan.databases;
    const changed = restorePlan({ databases: [{ ...first!, diff: wide }] });
    const sides = { a: entry(), b: null };
    for (const lines of [
      restorePlanText(changed, text),
      diffText(diffDocument({ databases: [wide] }), sides, text),
    ]) {
      deepStrictEqual(
        lines.filter((line) => displayWidth(line) > 80),
        [],
      );
    }
  });

  it('calls a file in the place of a database not made since', () => {
    const file = { op: 'remove', kind: 'file', beforeBytes: 5, afterBytes: null } as const;
    const [first] = plan.databases;
    const files = [
      { ...file, path: 'docsfy.db' },
      { ...file, path: 'new.txt' },
    ];
    const lost = restorePlan({ databases: [{ ...first!, method: 'replace' }], fileChanges: files });
    check(
      restorePlanText(lost, text).slice(-2),
      `
  - docsfy.db                                  5 B, gives way to the database
  - new.txt                                    5 B, made since; --keep-new
`,
    );
  });

  it('tells what takes the place of something of another kind', () => {
    const change = { op: 'change', beforeBytes: null, afterBytes: null } as const;
    const changed = restorePlan({
      fileChanges: [
        { ...change, path: 'a', kind: 'file', afterBytes: 5 },
        { ...change, path: 'b', kind: 'directory', beforeBytes: 5 },
        { ...change, path: 'c', kind: 'symlink', beforeBytes: 5 },
        { ...change, path: 'd', kind: 'directory' },
      ],
    });
    check(
      restorePlanText(changed, text).slice(1, 5),
      `
  ~ b/                                         a folder instead of a file
  ~ d/                                         mode
  ~ a                                          5 B, no file before
  ~ c                                          a link instead of a file
`,
    );
  });

  it('says that nothing would change', () => {
    check(
      restorePlanText(restorePlan({ empty: true }), text),
      '\nNothing to restore: what was asked for is as it was in k3f9 "Before migration"',
    );
  });
});

describe('restoreText', () => {
  const done = {
    restored: '20261120T133205Z-k3f9',
    safetySnapshot: '20261120T144001Z-t8wn',
    files: { written: 9, deleted: 5, unchanged: 1190 },
    databases: [{ path: 'data/docsfy.db', method: 'live', ok: true }],
    mismatches: null,
    openFiles: [],
    madeSince: [],
    rows: { added: 12, removed: 3, changed: 5 },
    durationMs: 911,
    warnings: [],
    to: null,
  };

  it('says what was restored, that it is proven, and how to undo it', () => {
    check(
      restoreText(done, entry(), text),
      `
✓ Safety snapshot 20261120T144001Z-t8wn
✓ Restored k3f9 "Before migration": 20 rows, 14 files, all proven, in 0.9 s
  Undo: savepoint undo
`,
    );
  });

  it('names the command that the guard saved the data from', () => {
    const guarded = entry({ label: null, reason: 'guard', command: 'prisma migrate reset' });
    equal(
      restoreText(done, guarded, text)[1],
      '✓ Restored k3f9 "Before prisma migrate...": 20 rows, 14 files, all proven, in 0.9 s',
    );
  });

  it('calls it proven on disk where a program still has an old version open', () => {
    const openFiles = [{ path: 'data/store.mdb', openIn: ['node (812)'] }];
    equal(
      restoreText({ ...done, openFiles }, entry(), text)[1],
      '✓ Restored k3f9 "Before migration": 20 rows, 14 files, proven on disk, in 0.9 s',
    );
  });

  it('says how many mismatches remain', () => {
    check(
      restoreText({ ...done, mismatches: 2 }, entry(), text).slice(-2),
      `
! 2 mismatches: savepoint check
  Undo: savepoint undo
`,
    );
  });

  it('counts databases whose rows are not known, and says where nothing had to change', () => {
    const rows = { added: 0, removed: 0, changed: 0 };
    const files = { written: 0, deleted: 0, unchanged: 3 };
    const lineOf = (databases: typeof done.databases): string | undefined =>
      restoreText({ ...done, rows, files, databases }, entry(), text)[1];
    deepStrictEqual(
      [lineOf(done.databases), lineOf([])],
      [
        '✓ Restored k3f9 "Before migration": 1 database, all proven, in 0.9 s',
        '✓ Restored k3f9 "Before migration": nothing had to change, all proven, in 0.9 s',
      ],
    );
  });

  it('names the folder of a copy, and no undo', () => {
    const copy = {
      ...done,
      safetySnapshot: null,
      rows: { added: 0, removed: 0, changed: 0 },
      to: '/tmp/x',
    };
    check(
      restoreText(
        { ...copy, warnings: ['The owner could not be set'] },
        entry({ label: null }),
        text,
      ),
      `
✓ Restored k3f9 into /tmp/x: 1 database, 14 files, all proven, in 0.9 s
! The owner could not be set
`,
    );
  });
});

describe('verifyText', () => {
  const sound = {
    checked: 7,
    damaged: [],
    chunks: 4120,
    bytes: 412 * MB,
    databases: 5,
    durationMs: 2100,
  };

  it('says how much was read back', () => {
    check(
      verifyText(sound, text),
      '\n✓ 7 snapshots, 4,120 chunks, 412 MB read back, 5 databases opened, in 2.1 s',
    );
  });

  it('tells repaired damage from lasting damage', () => {
    const damaged = [
      {
        id: '20261119T152000Z-m2xd',
        path: 'projects/beta/plan.json',
        detail: 'repaired from k3f9',
        repaired: true,
      },
      {
        id: '20261119T152000Z-m2xd',
        path: 'projects/c',
        detail: 'its content is not what was saved',
        repaired: false,
      },
    ];
    check(
      verifyText({ ...sound, damaged }, text),
      `
✗ 7 snapshots, 4,120 chunks, 412 MB read back, 5 databases opened, in 2.1 s
! m2xd projects/beta/plan.json was damaged, repaired from k3f9
✗ m2xd projects/c is damaged: its content is not what was saved
  What is damaged is not restored; everything else still is
`,
    );
  });
});

describe('pruneText', () => {
  const kept = [
    { id: 'a', why: 'newest' },
    { id: 'b', why: 'by hand (last 10)' },
    { id: 'c', why: 'by hand (last 10)' },
    { id: 'd', why: 'pinned' },
  ];
  const old = entry({ id: '20261101T090000Z-a1xq', reason: 'schedule', label: null });

  it('says what would go and why, and what stays and why', () => {
    const prune = {
      deleted: [
        { ...old, why: 'not among the last 50 of its kind' },
        entry({ reason: 'safety', label: null }),
      ],
      kept,
      freedBytes: 210 * MB,
    };
    check(
      pruneText(prune, { isPlan: true }, text),
      `
Would delete 2 of 6, freeing 210 MB
  - 20261101T090000Z-a1xq  scheduled         not among the last 50 of its kind
  - 20261120T133205Z-k3f9  before a restore  Before restore
Keep 4: 1 newest, 2 by hand (last 10), 1 pinned
`,
    );
  });

  it('says that there is nothing to delete', () => {
    check(
      pruneText({ deleted: [], kept: [], freedBytes: 0 }, { isPlan: false }, text),
      '\nNothing to delete: no snapshot yet',
    );
  });
});

/** A place that holds data and is not saved. */
function notCovered(path: string, reason: string): CoverageEntry {
  const facts = { kind: 'folder', covered: false, evidence: [], files: null, bytes: null } as const;
  return { path, reason, ...facts, mend: `savepoint cover ${path}` };
}

describe('statusText', () => {
  const status: StatusDocument = {
    project: { id: 'app-12345678', path: '/home/me/app' },
    store: {
      path: '/home/me/.local/share/savepoint/app',
      ...store,
      freeBytes: 38 * 1024 * MB,
      snapshots: 7,
      verifiedAt: '2026-11-11T10:00:00Z',
      ephemeral: null,
      problem: null,
      problemCode: null,
    },
    newest: entry(),
    detection: detection({
      coverage: [
        notCovered('data/tmp/', 'temporary files'),
        { ...notCovered('media', 'large: 3 GB'), evidence: ['392 of 400 auth_user.avatar'] },
        notCovered('storage', 'no database in it'),
      ],
    }),
    canUndo: true,
    pending: null,
    tools: [
      { name: 'node', version: '24.11.0', problem: null },
      { name: 'SQLite', version: '3.54.1', problem: null },
    ],
  };

  it('says what is covered, what is not, and where it is kept', () => {
    check(
      statusText(status, { home: '/home/me' }, text),
      `
✓ data          docsfy; 1 database, 1,204 files; newest snapshot 12 min ago
! not covered   data/tmp/ (temporary files); media (large: 3 GB; 392 of 400
                auth_user.avatar): savepoint cover media
✓ store         ~/.local/share/savepoint/app, 412 MB of 5 GB, 38 GB free
! verified      9 days ago: savepoint verify --deep
✓ tools         node 24.11.0, SQLite 3.54.1
`,
    );
  });

  it('gives a data directory with a long or odd name a line of its own', () => {
    const dataDirs = ['packages/server\u001b[31m', '/srv/'.padEnd(120, 'x')].map((path) =>
      dataDir({ path, excluded: [] }),
    );
    check(
      statusText({ ...status, detection: detection({ dataDirs }) }, { home: '' }, text).slice(0, 4),
      `
✓ packages/server\\x1b[31m
                docsfy; 1 database, 1,204 files; newest snapshot 12 min ago
✓ /srv/xxxxxxxxxxxxxxxxxxxxxxxxx...xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
                docsfy; 1 database, 1,204 files; newest snapshot 12 min ago
`,
    );
  });

  it('puts an interrupted restore first and wraps what is long', () => {
    const troubled: StatusDocument = {
      ...status,
      newest: null,
      detection: detection({
        dataDirs: [],
        configProblems: [
          {
            file: 'savepoint.json',
            line: 4,
            column: 2,
            message: 'no table "project" in docsfy.db',
          },
        ],
      }),
      pending: {
        snapshot: 'k3f9',
        label: null,
        safetySnapshot: 't8wn',
        startedAt: '2026-11-20T13:40:00Z',
        filesWritten: 12,
        filesTotal: 14,
      },
      store: {
        ...status.store,
        snapshots: 0,
        ephemeral: 'kept in this container only: mount a named volume there',
      },
      tools: [],
    };
    check(
      statusText(troubled, { home: '' }, text),
      `
✗ restore       interrupted, 12 of 14 files written: savepoint restore k3f9
                finishes it, savepoint undo takes it back
! data          no data directory found: savepoint detect tells what was looked
                at
! settings      savepoint.json, line 4: no table "project" in docsfy.db
! store         /home/me/.local/share/savepoint/app, 412 MB of 5 GB, 38 GB free
!               kept in this container only: mount a named volume there
`,
    );
  });
});
