import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { branchRow, unguardedRow, unguardedTooltip } from '../../../src/core/views/guard-rows.ts';
import { entry as snapshotEntry } from '../../support/documents.ts';

const clock = { nowMs: Date.parse('2026-11-20T11:05:00Z'), offsetMinutes: () => 0 };
const run = { id: '1', command: 'alembic downgrade', atMs: Date.parse('2026-11-20T11:02:30Z') };

describe('unguardedRow', () => {
  it('says what ran and when, and never that it was saved', () => {
    const { label, description, context, spoken } = unguardedRow(run, clock);
    deepStrictEqual(
      [label, description, context, spoken],
      [
        'Ran unguarded: alembic downgrade',
        '11:02',
        'unguarded',
        'Ran unguarded: alembic downgrade, 2 minutes ago',
      ],
    );
  });

  it('is one line, however long the command', () => {
    const { label } = unguardedRow({ ...run, command: `a\n${'b'.repeat(500)}` }, clock);
    strictEqual(label.includes('\n'), false);
    strictEqual(label.length < 120, true);
  });

  it('names in its tooltip what there is to go back to', () => {
    const entry = snapshotEntry({ label: 'Seeded', createdAt: '2026-11-20T08:00:00Z' });
    match(unguardedTooltip(run, entry, clock), /Newest snapshot before it: Seeded, 3h old\./);
    match(unguardedTooltip(run, null, clock), /There is no snapshot from before it\./);
  });
});

describe('branchRow', () => {
  it('names the branch, its newest snapshot and its age', () => {
    const entry = snapshotEntry({ label: 'Seeded', createdAt: '2026-11-18T11:00:00Z' });
    const row = branchRow({ id: '2', branch: 'feature/x', entry, atMs: run.atMs }, clock);
    deepStrictEqual([row.label, row.description], ['Snapshot of feature/x: Seeded', '2d']);
  });
});
