import { deepStrictEqual, rejects } from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { createContentPool } from '../../../src/engine/store/content-pool.ts';
import type { ReadJob } from '../../../src/engine/store/read-content.ts';
import { realOptions, tempFolder } from '../../support/project.ts';
import { tree } from '../../support/tree.ts';

function jobOf(path: string): ReadJob {
  const end = statSync(path).size;
  return { path, start: 0, end, chunked: false, expected: null, previous: [], headerVersion: null };
}

describe('the content pool', () => {
  // Node dies of a thread that is stopped as it begins to compress.
  it('lets its threads end by themselves when it is given up', async () => {
    const codes: number[] = [];
    const onWorker = (worker: Worker) => worker.once('exit', (code) => codes.push(code));
    process.on('worker', onWorker);
    try {
      const path = join(await tree({ 'a.txt': 'abcdefgh'.repeat(80) }), 'a.txt');
      const storePath = tempFolder();
      const pool = createContentPool(storePath, null, realOptions(storePath), true);
      const cancel = new AbortController();
      const handler = { onObject: () => cancel.abort(), onDone: () => undefined };
      const jobs = Array<ReadJob>(1_000).fill(jobOf(path));
      await rejects(pool.run(jobs, handler, cancel.signal), { name: 'AbortError' });
      await pool.close();
    } finally {
      process.off('worker', onWorker);
    }
    deepStrictEqual(codes, [0, 0]);
  });
});
