// After a command: did it change data that no rule knew it would? Started by the hooks of shells and
// agents where something on the disk is newer than the command's start, and waited for by nobody.

import { performance } from 'node:perf_hooks';
import { statSync } from 'node:fs';
import type { GuardedCommand } from '../../core/documents/guard.ts';
import type { LearnedCommand } from '../../core/documents/learned.ts';
import { EngineError } from '../../core/errors.ts';
import { noProgress } from '../../engine/index.ts';
import type { CommandContext } from '../command.ts';

export interface AfterOptions {
  /** A file that was written just before the command began, or that moment in ms. */
  readonly since: string;
  /** What the command ended with; absent where nobody knows. */
  readonly status?: string | undefined;
}

/** Another writer that is busy shows itself within this time. */
const settleMs = 1500;

/** A command that was ended by a signal, as servers are, has not changed data by its own plan. */
const firstSignalStatus = 129;

export async function learnAfter(
  { project, engine, signal }: CommandContext,
  command: GuardedCommand,
  { since, status }: AfterOptions,
): Promise<readonly LearnedCommand[]> {
  const startedMs = momentOf(since);
  if (Number(status ?? 0) >= firstSignalStatus) return [];
  const opened = await project();
  try {
    const ended = { ...command, startedMs, endedMs: performance.timeOrigin, settleMs };
    return await opened.learn(ended, { signal, progress: noProgress });
  } catch (error) {
    // Nobody waits for it, and nothing is lost.
    engine.log.debug(`nothing was learned: ${String(error)}`);
    return [];
  } finally {
    await opened.close();
  }
}

function momentOf(since: string): number {
  const ms = /^\d+(\.\d+)?$/.test(since)
    ? Number(since)
    : statSync(since, { throwIfNoEntry: false })?.mtimeMs;
  if (ms === undefined) throw new EngineError('USAGE', `--since: there is no file ${since}`);
  return ms;
}
