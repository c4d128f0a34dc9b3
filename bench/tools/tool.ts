// A tool as the rounds use it: what it would run. Whatever it needs beforehand (a repository, an id)
// its methods do themselves, outside of the measured command.

import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../measure.ts';

/** Where a tool works: a copy of the data and a store of its own. Absolute paths. */
export interface ToolPlace {
  /** The folder that holds `data`. */
  readonly project: string;
  readonly store: string;
  /** Stands for the home folder: caches and settings. */
  readonly home: string;
}

/** What is as it was after a restore; `changed`: all but files that were made since, which stay. */
export type Restored = 'everything' | 'changed' | 'database';

export interface Tool {
  /** It does not sync what it writes: the rounds do that afterwards and count it. */
  readonly needsSync: boolean;
  readonly restores: Restored;
  /** Makes the store empty, ready for the first snapshot. */
  reset(): void;
  snapshot(name: string): Command;
  /** What runs before each destructive command, where nothing changed; undefined: nothing of the kind. */
  guard?(): Command;
  restore(name: string): Command | null;
  diff(a: string, b: string): Command | null;
  /** The same for a tool that tells rows, where nothing but the database changed. */
  diffRows(a: string, b: string): Command | null;
  verify(name: string): Command | null;
}

export interface ToolKind {
  /** The column's head. */
  readonly name: string;
  /** How it is run, in words; for the notes below the table. */
  readonly how: string;
  /** The best of these is what we are compared with. Others are ours, or know no versions or only databases. */
  readonly isPeer: boolean;
  /** Null where it is not installed. */
  version(): string | null;
  create(place: ToolPlace): Tool;
}

/** The first line that the command prints; null where there is no such command. */
export function firstLineOf(command: string, ...args: string[]): string | null {
  const { error, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return error === undefined ? (stdout.split('\n')[0] ?? '') : null;
}

/** An empty folder. */
export function makeEmpty(path: string): void {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
}

/** Bytes of all files below, one with several names once. */
export function bytesBelow(folder: string): number {
  const seen = new Set<number>();
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const { ino, nlink, size } = lstatSync(join(entry.parentPath, entry.name));
    if (nlink > 1 && seen.has(ino)) continue;
    seen.add(ino);
    bytes += size;
  }
  return bytes;
}
