// What applications feel of snapshots: writers of two large databases, one with a log and one without,
// while one snapshot after the other is taken.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startWriter, type Writer, type WriterReport } from '../test/support/application.ts';
import { makeBank } from '../test/support/live-databases.ts';
import { run } from './measure.ts';
import type { Results } from './results.ts';
import { savepoint } from './tools/savepoint.ts';

/** Each of the two, at scale 1. */
const megabytes = 200;
const modes = ['wal', 'delete'];
const writersEach = 2;

/** Adds milliseconds in which none of the writers of a database could commit, the longest of a round. */
export async function measureWriters(
  cli: string,
  folder: string,
  column: string,
  results: Results,
  { rounds, scale }: { readonly rounds: number; readonly scale: number },
): Promise<void> {
  const project = join(folder, 'project');
  const data = join(project, 'data');
  mkdirSync(data, { recursive: true });
  const pathOf = (mode: string): string => join(data, `${mode}.db`);
  for (const mode of modes) makeBank(pathOf(mode), mode, Math.max(1, megabytes * scale));
  for (let round = 0; round < rounds; round += 1) {
    const writers = await Promise.all(modes.map((mode) => startWriters(pathOf(mode), mode)));
    run({
      argv: savepoint(cli, project, join(folder, 'store'), 'snapshot'),
      env: { HOME: folder },
    });
    const halts = await Promise.all(writers.map(longestHalt));
    results.add('writers', column, Math.max(...halts));
  }
}

async function startWriters(path: string, mode: string): Promise<readonly Writer[]> {
  const seeds = Array.from({ length: writersEach }, (_, index) => 1_000 + index);
  return await Promise.all(seeds.map((seed) => startWriter(path, mode, seed)));
}

/** A single writer may wait longer: SQLite lets writers with a rollback journal starve each other. */
async function longestHalt(writers: readonly Writer[]): Promise<number> {
  const reports = await Promise.all(writers.map((writer) => writer.stop()));
  const times = reports.flatMap(timesOf).toSorted((a, b) => a - b);
  return Math.max(0, ...times.slice(1).map((time, i) => time - (times[i] ?? time)));
}

function timesOf({ commitTimes, errors }: WriterReport): readonly number[] {
  if (errors.length > 0) throw new Error(`a writer failed beside a snapshot: ${errors.join('; ')}`);
  return commitTimes;
}
