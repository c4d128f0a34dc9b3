import { deepStrictEqual, rejects, strictEqual } from 'node:assert';
import { createCoalesced } from '../../../src/vscode/host/run-coalesced.ts';

describe('createCoalesced', () => {
  it('runs one at a time, and once more for all calls that came meanwhile', async () => {
    const ends: (() => void)[] = [];
    let runs = 0;
    const run = createCoalesced(async () => {
      const number = (runs += 1);
      await new Promise<void>((resolve) => ends.push(resolve));
      return number;
    });
    const first = run();
    const others = [run(), run(), run()];
    strictEqual(runs, 1);
    ends[0]?.();
    strictEqual(await first, 1);
    while (ends.length < 2) await new Promise(setImmediate);
    const late = run();
    ends[1]?.();
    deepStrictEqual(await Promise.all(others), [2, 2, 2]);
    while (ends.length < 3) await new Promise(setImmediate);
    ends[2]?.();
    strictEqual(await late, 3);
  });

  it('goes on after a failure, which only its own callers hear of', async () => {
    let runs = 0;
    const run = createCoalesced(async () => {
      runs += 1;
      if (runs === 1) throw new Error('first');
      return runs;
    });
    const first = run();
    const second = run();
    await rejects(first, /first/);
    strictEqual(await second, 2);
  });
});
