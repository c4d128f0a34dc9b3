// The process that `killedAt` starts.

import { openProject } from '../../src/engine/index.ts';
import type { KilledOperation } from './killed-at.ts';
import { quietCall, realOptions } from './project.ts';

const operation = JSON.parse(process.argv[2] ?? '') as KilledOperation;
const options = realOptions(operation.storeDir, {
  faultPoint: (point) => {
    if (point === operation.point) process.kill(process.pid, 'SIGKILL');
  },
});
const project = await openProject(options, operation.dir);
const [first, second] = operation.arguments;
if (operation.method === 'snapshot') await project.snapshot(first as object, quietCall);
else if (operation.method === 'delete') await project.delete(first as string[]);
else if (operation.method === 'rename') await project.rename(String(first), String(second));
else await project.applyRestore(first as { snapshot: string }, undefined, quietCall);
