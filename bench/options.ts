import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { rowIds, rows, type RowId } from './rows.ts';

export interface BenchOptions {
  readonly rounds: number;
  /** 1 is the data set of the budgets. */
  readonly scale: number;
  readonly wanted: ReadonlySet<RowId>;
  /** Absolute path of the file that gets every sample. */
  readonly json: string | null;
  /** A folder built earlier, absolute; null: built anew from these sources. */
  readonly dist: string | null;
}

const help = `Usage: npm run bench -- [OPTIONS]

Measures Savepoint beside restic, borg, rsync, cp and sqlite3, each where it is installed, and prints
a table. Everything happens in a temporary folder (TMPDIR), which is removed afterwards.

  --rounds N     how often everything is measured; medians are printed (default 5)
  --scale N      size of the data; 1 is 10,000 files and 200 MB of database (default 1)
  --only ROW     only this row; may be repeated
  --json FILE    also write every single measurement
  --dist DIR     measure this build instead of a new one of the sources
  --help         show this

Rows:
${rowIds.map((id) => `  ${id.padEnd(15)}${rows[id].title}`).join('\n')}`;

/** Null where only help was asked for, which is printed. @throws where the call is wrong */
export function parseOptions(args: readonly string[]): BenchOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '5' },
      scale: { type: 'string', default: '1' },
      only: { type: 'string', multiple: true, default: [...rowIds] },
      json: { type: 'string' },
      dist: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return null;
  }
  return {
    rounds: positive('--rounds', values.rounds, Number.isSafeInteger),
    scale: positive('--scale', values.scale, Number.isFinite),
    wanted: new Set(values.only.map(rowIdOf)),
    json: values.json === undefined ? null : resolve(values.json),
    dist: values.dist === undefined ? null : resolve(values.dist),
  };
}

function positive(option: string, text: string, isFit: (value: number) => boolean): number {
  const value = Number(text);
  if (isFit(value) && value > 0) return value;
  throw new Error(`${option} "${text}" is no number that makes sense here`);
}

function rowIdOf(text: string): RowId {
  const found = rowIds.find((id) => id === text);
  if (found === undefined) throw new Error(`no row "${text}": ${rowIds.join(', ')}`);
  return found;
}
