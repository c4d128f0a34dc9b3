// The program: what a terminal starts, what the editor starts as `serve`, and what the engine starts
// again as its workers and children. All but the check of Node's version is loaded after it.

import { isMainThread } from 'node:worker_threads';
import { isNodeNewEnough, refuseOldNode } from './check-node.ts';

async function start(): Promise<void> {
  // Asked without the engine first: help and the version need none of it.
  if (!isMainThread || process.argv[2] === '--role') {
    const { runRole } = await import('../engine/index.ts');
    if (runRole()) return;
  }
  const { run } = await import('./run.ts');
  await run(process.argv.slice(2));
}

if (isNodeNewEnough) void start();
else refuseOldNode();
