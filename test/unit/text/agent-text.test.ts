import { strictEqual } from 'node:assert/strict';
import {
  agentRestoreQuestion,
  hookSavedText,
  hookUnsavedText,
} from '../../../src/core/text/agent-text.ts';
import { restorePlan, entry } from '../../support/documents.ts';

const clock = { nowMs: Date.parse('2026-11-20T16:00:00Z'), offsetMinutes: () => 0 };
const plan = (createdAt: string, label: string | null) =>
  restorePlan({
    snapshot: entry({ id: '20261120T143205Z-k3f9', createdAt, label }),
    files: { written: 9, deleted: 5, unchanged: 0 },
    databases: [],
  });

describe('agentRestoreQuestion', () => {
  it('says who asks for what, and what it would do', () => {
    strictEqual(
      agentRestoreQuestion('Claude Code', plan('2026-11-20T14:32:05Z', 'Before migration'), clock),
      'Claude Code asks to restore "Before migration" (14:32): 14 files change; 5 of these files are deleted. A safety snapshot is taken first.',
    );
  });

  it('does not call a snapshot of the guard by its command alone', () => {
    const { snapshot, ...rest } = plan('2026-11-20T14:32:05Z', null);
    const guarded = { ...snapshot, reason: 'guard', command: 'prisma migrate reset' } as const;
    strictEqual(
      agentRestoreQuestion('Claude Code', { ...rest, snapshot: guarded }, clock),
      'Claude Code asks to restore "Before prisma migrate reset" (14:32): 14 files change; 5 of these files are deleted. A safety snapshot is taken first.',
    );
  });

  it('names the day where it is another, the id where there is no label, and another folder', () => {
    strictEqual(
      agentRestoreQuestion('Cursor', plan('2026-11-18T09:00:00Z', null), clock, '/home/mira/api'),
      'Cursor asks to restore k3f9 (2026-11-18 09:00) in /home/mira/api: 14 files change; 5 of these files are deleted. A safety snapshot is taken first.',
    );
  });
});

describe('what a hook tells', () => {
  it('is one line', () => {
    const id = '20261120T143205Z-k3f9';
    strictEqual(hookSavedText(id, null), `Savepoint saved ${id} before this command.`);
    strictEqual(
      hookSavedText(id, 'data is larger than 5 GB'),
      `Savepoint saved ${id} before this command. Databases only: data is larger than 5 GB`,
    );
    strictEqual(
      hookUnsavedText('no space left', 'rm -rf data\nrm -rf x', false),
      String.raw`Savepoint: NOT saved: no space left. Running "rm -rf data\nrm -rf x" unprotected.`,
    );
  });
});
