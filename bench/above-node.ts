// What short commands cost above a Node that does nothing.

import { measure, type Command } from './measure.ts';
import { medianOf, type Results } from './results.ts';
import type { RowId } from './rows.ts';

/** In turn, so many times each. */
const runs = 15;

/** Adds milliseconds above Node's own median, one sample a run; of several commands of a row the slowest. */
export function measureAboveNode(
  commands: readonly (readonly [RowId, readonly Command[]])[],
  column: string,
  results: Results,
): void {
  const nothing: Command = { argv: [process.execPath, '-e', '0'] };
  const times = [[nothing], ...commands.map(([, ofRow]) => ofRow)].map((ofRow) => ({
    ofRow,
    ms: [] as number[],
  }));
  for (let i = 0; i < runs; i += 1)
    for (const { ofRow, ms } of times)
      ms.push(Math.max(...ofRow.map((command) => measure(command).seconds * 1000)));
  const [node, ...others] = times;
  const base = medianOf(node?.ms ?? []);
  for (const [at, [row]] of commands.entries())
    for (const ms of others[at]?.ms ?? []) results.add(row, column, ms - base);
}
