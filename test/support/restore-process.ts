// Restores a database in a process of its own, which is killed right after the go.

import { restoreThroughSqlite } from '../../src/engine/sources/sqlite/sqlite-restore.ts';
import { noProgress } from '../../src/engine/options.ts';
import { liveOptions, targetAt } from './live-databases.ts';

const request = JSON.parse(process.argv[2] ?? '') as {
  imagePath: string;
  target: string;
  writeVersion: 1 | 2;
};
const target = targetAt(request.target);
const options = liveOptions({
  faultPoint: (name) => {
    if (name === 'restore:in-database') process.kill(process.pid, 'SIGKILL');
  },
});
const call = { signal: new AbortController().signal, progress: noProgress };
await restoreThroughSqlite(
  { ...request, ...target, beforeWrite: async () => undefined },
  { options, call },
);
