// Runs one operation of a project in a child process that is killed (SIGKILL) exactly at a named step.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FaultPoint } from '../../src/engine/options.ts';

export interface KilledOperation {
  readonly dir: string;
  readonly storeDir: string;
  readonly point: FaultPoint;
  /** A method of Project that takes no CallOptions, or one that does, with its first arguments. */
  readonly method: 'snapshot' | 'delete' | 'rename' | 'applyRestore';
  readonly arguments: readonly unknown[];
}

/** True where the process was killed at the step; false where it ended without reaching it. */
export async function killedAt(operation: KilledOperation): Promise<boolean> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'killed-at-process.ts'), JSON.stringify(operation)],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  if (signal === 'SIGKILL') return true;
  if (code === 0) return false;
  throw new Error(
    `the operation failed before it was killed at ${operation.point}: exit code ${code}`,
  );
}
