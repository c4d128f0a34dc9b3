import { deepStrictEqual, match, strictEqual } from 'node:assert';
import type { SnapshotEntry } from '../../../src/core/documents/documents.ts';
import {
  changesRow,
  entryRow,
  schemaRow,
  snapshotIcon,
  snapshotMismatchesRow,
  snapshotRow,
  tableRow,
} from '../../../src/core/views/snapshot-rows.ts';
import { snapshotTooltip } from '../../../src/core/views/snapshot-tooltip.ts';
import { clock } from '../../support/documents.ts';
import { ages, entry } from './samples.ts';

describe('snapshotRow', () => {
  it('says first what it is called, when, and what changed', () => {
    deepStrictEqual(snapshotRow(entry({ label: 'Before migration', mismatches: 2 }), clock), {
      id: 'snapshot/20261120T133205Z-k3f9',
      context: 'snapshot manual unpinned',
      icon: 'bookmark',
      iconColor: null,
      label: 'Before migration',
      description: '12m · +12 -3 ~5 rows · 14 files · 3.1 MB',
      spoken:
        'Before migration, by hand, 12 minutes ago, 12 rows added, 3 removed, 5 changed, 14 files, 2 mismatches',
      expand: 'collapsed',
    });
  });

  it('tells the time of another day, and the day too where the heading is a month', () => {
    const times = [ages.hours(1), ages.hours(22), ages.days(13), ages.days(40)];
    deepStrictEqual(
      times.map((ageMs) => snapshotRow(entry({ ageMs, changes: null }), clock).description),
      [
        '1h · first · 3.1 MB',
        '16:44 · first · 3.1 MB',
        '14:44 · first · 3.1 MB',
        'Sun 11, 14:44 · first · 3.1 MB',
      ],
    );
  });

  it('names the command of a guard on one line, cut', () => {
    const command = 'prisma   migrate reset\n--force --skip-seed --schema ./prisma/schema.prisma';
    strictEqual(
      snapshotRow(entry({ reason: 'guard', command }), clock).label,
      'prisma migrate reset --force --skip-s...',
    );
  });

  it('cuts a long label so that the time is seen beside it', () => {
    const label = 'Before the migration that merges all owners into one';
    deepStrictEqual(
      [label, label.slice(0, 25)].map((text) => snapshotRow(entry({ label: text }), clock).label),
      ['Before the migration th...', 'Before the migration that'],
    );
  });

  it('says when it was taken before it says before which restore', () => {
    const restored = { id: '20261120T143205Z-m2xd', label: 'Before the migration' };
    const safety = { reason: 'safety', changes: null, storedBytes: 0 } as const;
    const rows = [
      entry({ ...safety, beforeRestoreOf: restored }),
      entry({ ...safety, beforeRestoreOf: { ...restored, label: null } }),
      entry({ ...safety, beforeRestoreOf: restored, beforeUndo: true }),
      entry({ ...safety, beforeRestoreOf: restored, label: 'Mine' }),
    ].map((one) => snapshotRow(one, clock));
    deepStrictEqual(
      rows.map(({ label, description }) => `${label} | ${description}`),
      [
        'Before restore | 12m · of "Before the migration" · first · 0 B',
        'Before restore | 12m · of m2xd · first · 0 B',
        'Before undo | 12m · first · 0 B',
        'Mine | 12m · first · 0 B',
      ],
    );
    match(rows[0]?.spoken ?? '', /^Before restore of "Before the migration", /);
  });

  it('says first that something is wrong with it', () => {
    const none = { changes: null, storedBytes: 0 };
    deepStrictEqual(
      [entry({ ...none, damaged: true }), entry({ ...none, consistent: false })].map(
        (one) => snapshotRow(one, clock).description,
      ),
      ['damaged · 12m · first · 0 B', 'incomplete · 12m · first · 0 B'],
    );
  });

  it('has an icon for each kind', () => {
    const kinds: [Partial<SnapshotEntry>, string][] = [
      [{ reason: 'manual' }, 'bookmark'],
      [{ reason: 'guard' }, 'shield'],
      [{ reason: 'safety' }, 'discard'],
      [{ reason: 'schedule' }, 'clock'],
      [{ reason: 'import' }, 'package'],
      [{ actor: 'Claude Code' }, 'hubot'],
      [{ actor: 'Claude Code', pinned: true }, 'pinned'],
      [{ pinned: true, consistent: false }, 'warning'],
      [{ consistent: false, damaged: true }, 'error'],
    ];
    deepStrictEqual(
      kinds.map(([facts]) => snapshotIcon(entry(facts))[0]),
      kinds.map(([, icon]) => icon),
    );
  });

  it('says that a schema changed, though no row did', () => {
    const counts = { files: 0, rows: 0, rowsAdded: 0, rowsRemoved: 0, rowsChanged: 0 };
    const row = snapshotRow(entry({ changes: { ...counts, schema: 1 } }), clock);
    deepStrictEqual(
      [row.description, row.spoken],
      ['12m · schema · 3.1 MB', 'Snapshot, by hand, 12 minutes ago, schema changed'],
    );
  });

  it('speaks of an agent, a pin, and of no change', () => {
    const changes = { files: 0, rows: 0, rowsAdded: 0, rowsRemoved: 0, rowsChanged: 0 };
    const row = snapshotRow(entry({ actor: 'Claude Code', pinned: true, changes }), clock);
    deepStrictEqual(
      [row.context, row.description, row.spoken],
      [
        'snapshot manual pinned agent',
        '12m · Claude Code · no change · 3.1 MB',
        'Snapshot, by hand, by Claude Code, pinned, 12 minutes ago, no change',
      ],
    );
  });
});

describe('snapshotMismatchesRow', () => {
  it('says how many there are, and how many the snapshot before did not have', () => {
    const row = snapshotMismatchesRow(entry({ mismatches: 2, newMismatches: 1 }), true);
    deepStrictEqual(
      [row?.icon, row?.label, row?.description, row?.spoken, row?.expand],
      ['warning', '2 mismatches', '1 new', '2 mismatches, 1 new', 'collapsed'],
    );
    const old = snapshotMismatchesRow(entry({ mismatches: 1, newMismatches: 0 }), false);
    deepStrictEqual([old?.label, old?.description, old?.expand], ['1 mismatch', '', 'none']);
  });

  it('is not there where all matches or nobody checked', () => {
    strictEqual(snapshotMismatchesRow(entry({ mismatches: 0 }), true), null);
    strictEqual(snapshotMismatchesRow(entry({ mismatches: null }), true), null);
  });

  it('is told with the snapshot, too', () => {
    const one = entry({ mismatches: 2, newMismatches: 1 });
    match(snapshotRow(one, clock).spoken, /, 2 mismatches, 1 new$/);
    match(snapshotTooltip(one, undefined, clock), /^Mismatches: 2 \(1 new\) {2}$/m);
  });
});

describe('rows inside a snapshot', () => {
  it('keep the id of their place, whatever they say', () => {
    const database = {
      name: 'docsfy.db',
      kind: 'database',
      bytes: 200 * 1024 ** 2,
      mtimeMs: 0,
    } as const;
    const table = { name: 'projects', rows: 1_234_567, columns: [] };
    deepStrictEqual(
      [
        changesRow(
          's',
          { files: 1, rows: 1, rowsAdded: 1, rowsRemoved: 0, rowsChanged: 0 },
          '13:31',
        ),
        entryRow('s', 'data', { name: 'data', kind: 'directory', bytes: 0, mtimeMs: 0 }),
        entryRow('s', 'data/docsfy.db', database),
        entryRow('s', 'data/a\nb', { name: 'a\nb', kind: 'file', bytes: 812, mtimeMs: 0 }),
        schemaRow('s', 'data/docsfy.db'),
        tableRow('snapshot/s', 'data/docsfy.db', table),
      ].map(({ id, context, label, description, spoken }) => [
        id,
        context,
        label,
        description,
        spoken,
      ]),
      [
        [
          'snapshot/s/changes',
          'changes',
          'Changes since 13:31',
          '+1 row · 1 file',
          'Changes since 13:31: 1 row added, 1 file',
        ],
        ['snapshot/s/entry/data', 'dir', 'data', '', 'data, directory'],
        [
          'snapshot/s/entry/data/docsfy.db',
          'database',
          'docsfy.db',
          '200 MB',
          'docsfy.db, database, 200 MB',
        ],
        [
          'snapshot/s/entry/data/a\nb',
          'file',
          String.raw`a\nb`,
          '812 B',
          String.raw`a\nb, file, 812 B`,
        ],
        ['snapshot/s/schema/data/docsfy.db', 'schema', 'Schema', '', 'Schema of data/docsfy.db'],
        [
          'snapshot/s/table/data/docsfy.db:projects',
          'table',
          'projects',
          '1.2M rows',
          'projects, 1,234,567 rows',
        ],
      ],
    );
  });
});

describe('snapshotTooltip', () => {
  it('tells what the row has no room for', () => {
    const one = entry({
      label: 'Before [x](y)',
      branch: 'feature/x',
      commit: 'abcdef0123456789',
      pinned: true,
    });
    const manifest = {
      ...one,
      formatVersion: 1,
      tree: '',
      dataDirs: [],
      databases: [
        {
          path: 'data/docsfy.db',
          engine: 'sqlite',
          ok: true,
          state: 'ok',
          journalMode: 'wal',
          pageSize: 4096,
          bytes: 1,
          tables: { projects: 214, users: 3 },
          detail: null,
        } as const,
      ],
      unsettled: ['data/live.log'],
      skipped: [{ path: 'data/pipe', reason: 'a named pipe' }],
      excluded: [],
      durationMs: 400,
      writtenBy: '',
    };
    deepStrictEqual(snapshotTooltip(one, manifest, clock).split('  \n'), [
      String.raw`**Before \[x\]\(y\)** · By hand, pinned`,
      'Taken today 14:32 (12 min ago), took 0.4 s',
      'Holds 1 database, 1,204 files, 345 MB; 217 rows',
      'Takes 3.1 MB of its own in the store',
      'Changed since the one before: +12 -3 ~5 rows, 14 files',
      'Kept changing: data/live.log',
      'Left out: data/pipe: a named pipe',
      String.raw`Branch: feature/x at abcdef01`,
      'Id: 20261120T133205Z-k3f9',
    ]);
  });
});
