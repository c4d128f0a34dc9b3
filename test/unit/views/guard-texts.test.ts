import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import {
  asksForSnapshot,
  deletedUnsavedText,
  guardedLine,
  noSnapshotText,
} from '../../../src/core/views/guard-texts.ts';

const words = { program: 'savepoint', nothing: 'true' };

describe('guardedLine', () => {
  it('puts the snapshot before the whole line', () => {
    const cases: [string, string][] = [
      ['prisma migrate reset', 'savepoint run -- prisma migrate reset'],
      ['  tsc && prisma migrate reset ', 'savepoint run -- tsc && prisma migrate reset'],
      ['A=1 B="x y" knex migrate:latest', 'A=1 B="x y" savepoint run -- knex migrate:latest'],
      ['cd db && make reset', 'savepoint run -- true && cd db && make reset'],
      ['rm -rf data; mkdir data', 'savepoint run -- true && (rm -rf data; mkdir data)'],
      ['rm -rf data || true', 'savepoint run -- true && (rm -rf data || true)'],
      ['"my tool" reset', 'savepoint run -- true && "my tool" reset'],
      ['(rm -r data)', 'savepoint run -- true && (rm -r data)'],
      ['server & rm -r data', 'savepoint run -- true && (server & rm -r data)'],
    ];
    for (const [line, expected] of cases) strictEqual(guardedLine(line, words), expected);
  });

  it('is known as guarded afterwards', () => {
    for (const line of ['prisma migrate reset', 'cd db && make reset', 'X=1 knex seed:run']) {
      strictEqual(asksForSnapshot(line), false, line);
      strictEqual(asksForSnapshot(guardedLine(line, words)), true, line);
    }
  });
});

describe('texts of a snapshot that failed', () => {
  it('name what happened, why, and what to do', () => {
    const error = { message: 'no space left in /s.', hint: 'free some' };
    deepStrictEqual(
      [noSnapshotText('npm run dev', error), deletedUnsavedText('projects/alpha', error)],
      [
        'No snapshot before "npm run dev": no space left in /s (free some).',
        'projects/alpha was deleted without a snapshot: no space left in /s (free some).',
      ],
    );
  });
});
