// `learned.json` in a project's folder of the store: which commands were seen to change data. Whole or
// absent, like all small files there; two that write at once lose one sighting, never the file.

import { join } from 'node:path';
import type { LearnedCommand } from '../../core/documents/learned.ts';
import { isObject } from '../../core/is-object.ts';
import { readIfThere, writeDurably } from '../disk/durable-file.ts';

/** `once`: it takes one more time until it counts. `forgotten`: a person took it out. */
export type LearnedState = 'once' | 'learned' | 'forgotten';

export interface LearnedRecord extends LearnedCommand {
  readonly state: LearnedState;
}

const maxLearned = 100;

/** Newest first; none where nothing can be read. */
export function readLearned(storePath: string): readonly LearnedRecord[] {
  try {
    const all: unknown = JSON.parse(readIfThere(fileOf(storePath)) ?? '[]');
    return Array.isArray(all) ? all.flatMap(recordOf) : [];
  } catch {
    // Damaged: it is learned anew.
    return [];
  }
}

/** Those that are guarded, newest first. */
export function learnedCommands(storePath: string): readonly LearnedCommand[] {
  return readLearned(storePath)
    .filter(({ state }) => state === 'learned')
    .map(({ command, changed, lastAt, times }) => ({ command, changed, lastAt, times }));
}

/** In place of what was known of the same command; beyond the bound what was not seen for longest goes. */
export function saveLearned(storePath: string, changed: readonly LearnedRecord[]): void {
  const commands = new Set(changed.map(({ command }) => command));
  const others = readLearned(storePath).filter(({ command }) => !commands.has(command));
  const all = [...changed, ...others]
    .toSorted((a, b) => (a.lastAt < b.lastAt ? 1 : a.lastAt > b.lastAt ? -1 : 0))
    .slice(0, maxLearned);
  writeDurably(fileOf(storePath), `${JSON.stringify(all, null, 2)}\n`);
}

function fileOf(storePath: string): string {
  return join(storePath, 'learned.json');
}

function recordOf(value: unknown): readonly LearnedRecord[] {
  if (!isObject(value)) return [];
  const { command, changed, lastAt, times, state } = value;
  if (typeof command !== 'string' || typeof changed !== 'string') return [];
  if (typeof lastAt !== 'string' || typeof times !== 'number') return [];
  if (state !== 'once' && state !== 'learned' && state !== 'forgotten') return [];
  return [{ command, changed, lastAt, times, state }];
}
