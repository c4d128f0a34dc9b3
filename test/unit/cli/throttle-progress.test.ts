import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { mock } from 'node:test';
import { throttleProgress } from '../../../src/cli/throttle-progress.ts';
import type { ProgressEvent } from '../../../src/core/protocol.ts';

describe('throttleProgress', () => {
  let sent: ProgressEvent[];
  let progress: ReturnType<typeof throttleProgress>;

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    sent = [];
    progress = throttleProgress((event) => sent.push(event));
  });
  afterEach(() => mock.timers.reset());

  it('tells ten times a second what went on, however often it hears of it', () => {
    progress.phase('reading');
    for (let ms = 0; ms < 1_000; ms += 1) {
      progress.advance(1, 10);
      mock.timers.tick(1);
    }
    strictEqual(sent.length, 10);
    deepStrictEqual(sent.at(-1), { done: { files: 1_000, bytes: 10_000 } });
  });

  it('tells the end of each phase, and nothing after the last', () => {
    progress.phase('reading');
    progress.total(5, 50);
    progress.advance(5, 50);
    progress.phase('checking');
    progress.flush();
    progress.advance(1, 1);
    mock.timers.tick(1_000);
    deepStrictEqual(sent, [
      { phase: 'reading', total: { files: 5, bytes: 50 }, done: { files: 5, bytes: 50 } },
      { phase: 'checking', done: { files: 0, bytes: 0 } },
    ]);
  });
});
