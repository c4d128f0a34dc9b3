import { deepStrictEqual, strictEqual } from 'node:assert';
import { deleteQuestion, pruneQuestion } from '../../../src/core/views/delete-texts.ts';
import {
  changeLine,
  restoredText,
  restoreQuestion,
} from '../../../src/core/views/restore-texts.ts';
import { clock } from '../../support/documents.ts';
import { ages, entry, mismatch, plan } from './samples.ts';

describe('restoreQuestion', () => {
  it('says in numbers what changes, that it can be undone, and who has the database open', () => {
    const [database] = plan().databases;
    const question = restoreQuestion(
      plan({
        databases: [{ ...database!, tables: null, wholeBecause: null, openIn: ['node (4242)'] }],
        mismatches: { before: 2, after: 3 },
        newMismatches: [mismatch()],
        warnings: ['The snapshot is of branch feature/x; you are on main'],
      }),
      ['data/plan.json'],
      clock,
    );
    deepStrictEqual(
      [question.message, question.detail.split('\n\n'), question.canRestore, question.canKeepNew],
      [
        'Restore "Before migration", taken 12 min ago?',
        [
          '19 rows in 1 table and 14 files change; 5 of these files are deleted.',
          'A safety snapshot is taken first, so this can be undone.',
          'data/docsfy.db is open in node (process 4242). It stays open and sees the restored rows at its next query.',
          '3 mismatches afterwards, 1 of them new.',
          'data/plan.json has unsaved changes in an editor; it is not overwritten there.',
          'The snapshot is of branch feature/x; you are on main.',
        ],
        true,
        true,
      ],
    );
  });

  it('refuses while a database that must be replaced is open, and names who has it', () => {
    const databases = [
      {
        path: 'data/docsfy.db',
        method: 'replace',
        diff: null,
        tables: null,
        wholeBecause: null,
        openIn: ['node (4242)'],
      } as const,
    ];
    const question = restoreQuestion(plan({ databases }), [], clock);
    strictEqual(question.canRestore, false);
    strictEqual(
      question.detail.split('\n\n')[2],
      'data/docsfy.db must be replaced: close node (process 4242) first.',
    );
  });

  it('does not ask whether to run the command that the guard saved the data from', () => {
    const guarded = entry({ reason: 'guard', command: 'npm run db:migrate' });
    strictEqual(
      restoreQuestion(plan({ snapshot: guarded }), [], clock).message,
      'Restore "Before npm run db:migrate", taken 12 min ago?',
    );
  });

  it('speaks of an undo as one', () => {
    strictEqual(
      restoreQuestion(plan(), [], clock, { isUndo: true }).message,
      'Undo the last restore, back to how it was at 14:32?',
    );
  });

  it('says that the numbers are others than a moment ago where it is asked once more', () => {
    const { detail } = restoreQuestion(plan(), [], clock, { isChanged: true });
    strictEqual(
      detail.split('\n\n')[0],
      'The data changed meanwhile, so nothing was done yet. Now it would be this:',
    );
  });

  it('says first why it cannot run at all', () => {
    const question = restoreQuestion(plan({ blocked: '"data/x" is in the way' }), [], clock);
    deepStrictEqual(
      [question.canRestore, question.detail.split('\n\n')[0]],
      [false, '"data/x" is in the way.'],
    );
  });

  it('never has more than six lines', () => {
    const warnings = Array.from({ length: 9 }, (_, index) => `Warning ${index}`);
    const lines = restoreQuestion(plan({ warnings }), [], clock).detail.split('\n\n');
    deepStrictEqual([lines.length, lines.at(-1)], [6, '6 more lines in the preview.']);
  });

  it('names a snapshot without a label as the views do, and offers to keep nothing where nothing goes', () => {
    const question = restoreQuestion(
      plan({ snapshot: entry(), files: { written: 1, deleted: 0, unchanged: 0 }, databases: [] }),
      [],
      clock,
    );
    deepStrictEqual(
      [question.message, question.detail.split('\n\n')[0], question.canKeepNew],
      ['Restore "Snapshot", taken 12 min ago?', '1 file changes.', false],
    );
  });
});

describe('changeLine', () => {
  it('tells a database that comes back as a whole, and one whose schema changes', () => {
    const files = { written: 0, deleted: 0, unchanged: 0 };
    const diff = {
      path: 'a.db',
      state: 'changed',
      schema: [{ op: 'add', type: 'column', name: 'x', before: null, after: 'x' }],
      tables: [],
      problem: null,
    } as const;
    strictEqual(
      changeLine(
        plan({
          files,
          databases: [
            { path: 'a.db', method: 'live', diff, tables: null, wholeBecause: null, openIn: [] },
            {
              path: 'b.db',
              method: 'replace',
              diff: null,
              tables: null,
              wholeBecause: null,
              openIn: [],
            },
          ],
        }),
      ),
      'The schema of a.db changes. b.db is replaced as a whole.',
    );
    strictEqual(changeLine(plan({ files, databases: [] })), 'Only modes, links or times change.');
    const deleted = { ...files, deleted: 8 };
    strictEqual(changeLine(plan({ files: deleted, databases: [] })), '8 files are deleted.');
  });
});

describe('restoredText', () => {
  it('counts what was done', () => {
    const result = {
      restored: 'id',
      safetySnapshot: 's',
      files: { written: 9, deleted: 5, unchanged: 1 },
      databases: [],
      mismatches: null,
      rows: { added: 12, removed: 3, changed: 4 },
      openFiles: [],
      madeSince: [],
      durationMs: 1,
      warnings: [],
      to: null,
    };
    strictEqual(
      restoredText(result, entry({ label: 'Before migration' })),
      'Restored "Before migration": 19 rows and 14 files changed, all proven.',
    );
    strictEqual(
      restoredText(
        { ...result, madeSince: ['data/uploads/late.png'] },
        entry({ label: 'Before migration' }),
      ),
      'Restored "Before migration": 19 rows and 14 files changed, all proven. 1 file made meanwhile is kept.',
    );
    strictEqual(
      restoredText(
        { ...result, openFiles: [{ path: 'data/store.mdb', openIn: ['node (812)'] }] },
        entry({ label: 'Before migration' }),
      ),
      'Restored "Before migration": 19 rows and 14 files changed, proven on disk. node (process 812) still works in 1 old file: restart it.',
    );
  });
});

describe('deleteQuestion', () => {
  it('names one with its time and size', () => {
    deepStrictEqual(deleteQuestion([entry({ label: 'Before migration' })], clock), {
      message: 'Delete "Before migration"?',
      detail: 'Taken today 14:32, 3.1 MB of its own. This cannot be undone.',
      button: 'Delete',
    });
  });

  it('says that it is pinned, on the button too', () => {
    const { detail, button } = deleteQuestion(
      [entry({ pinned: true, ageMs: ages.days(1) })],
      clock,
    );
    deepStrictEqual(
      [detail, button],
      [
        'Taken yesterday 14:44, 3.1 MB of its own. It is pinned. This cannot be undone.',
        'Unpin and Delete',
      ],
    );
  });

  it('lists the first of many', () => {
    const many = Array.from({ length: 10 }, (_, index) =>
      entry({ label: `n${index}`, pinned: index < 2 }),
    );
    const { message, detail, button } = deleteQuestion(many, clock);
    deepStrictEqual(
      [message, detail.split('\n').slice(7), button],
      [
        'Delete 10 snapshots?',
        ['n7, today 14:32', 'and 2 more', '', '2 of them are pinned. This cannot be undone.'],
        'Unpin and Delete',
      ],
    );
  });
});

describe('pruneQuestion', () => {
  it('says what goes and what that frees', () => {
    const question = pruneQuestion(
      { deleted: [entry()], kept: [], freedBytes: 210 * 1024 ** 2 },
      clock,
    );
    deepStrictEqual(question, {
      message: 'Delete 1 snapshot (210 MB)?',
      detail: 'Snapshot, today 14:32',
      button: 'Delete',
    });
  });
});
