// `npm run bench`: Savepoint beside what a developer would use instead, on the same data, on the same
// machine, in the same run. It fails only where a tool fails: the figures judge, not the exit code.

import { readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { temporaryFolder } from '../scripts/child-process.ts';
import { withOneLineErrors } from '../scripts/one-line-errors.ts';
import { root } from '../scripts/setup.mjs';
import { formatBytes, formatCount } from '../src/core/format/numbers.ts';
import { measureCheck } from './check-row.ts';
import { measureStart } from './cold-start.ts';
import { measureDetect } from './detect-rows.ts';
import { measureEditor } from './editor-rows.ts';
import { measureGuard } from './guard-rows.ts';
import { describeMachine } from './machine.ts';
import { run } from './measure.ts';
import { parseOptions, type BenchOptions } from './options.ts';
import { measurePrompts } from './prompt-row.ts';
import { measurePackage } from './package-size.ts';
import { createResults, type Results } from './results.ts';
import { runRounds } from './rounds.ts';
import { rowIds, rows, type RowId } from './rows.ts';
import { makeProject, type SampleSize } from './sample-data.ts';
import { judge, tableText, type Column } from './table.ts';
import { borg } from './tools/borg.ts';
import { cp } from './tools/cp.ts';
import { restic } from './tools/restic.ts';
import { rsync } from './tools/rsync.ts';
import { savepointFrom } from './tools/savepoint.ts';
import { sqlite } from './tools/sqlite.ts';
import type { ToolKind } from './tools/tool.ts';
import { measureWriters } from './writers-row.ts';

const tell = (line: string): void => console.error(line);
const tmpfs = 0x01021994;
/** What the copies of the data, the stores and the whole copies of some tools take at scale 1. */
const neededBytes = 9 * 1024 ** 3;
interface Apart {
  readonly rows: readonly [RowId, ...RowId[]];
  readonly what: string;
  /** Adds what it measured to the column; the folder is its own, and is not there yet. */
  readonly measure: (
    cli: string,
    folder: string,
    column: string,
    results: Results,
    options: BenchOptions,
  ) => void | Promise<void>;
}

/** What is measured apart from the rounds, on data of its own. */
const apart: readonly Apart[] = [
  { rows: ['check', 'check-found'], what: 'Checking rows against files', measure: measureCheck },
  { rows: ['start', 'start-list'], what: 'Starting the command line', measure: measureStart },
  { rows: ['detect', 'detect-files'], what: 'Finding data', measure: measureDetect },
  {
    rows: ['prompt-bash', 'prompt-zsh', 'long-bash', 'long-zsh'],
    what: 'Typing at prompts',
    measure: measurePrompts,
  },
  { rows: ['guard-line', 'hook-limit'], what: 'Guarding at its worst', measure: measureGuard },
  { rows: ['writers'], what: 'Writing beside snapshots', measure: measureWriters },
  {
    rows: ['editor-list', 'editor-told', 'editor-tick', 'editor-still'],
    what: 'Answering the editor',
    measure: measureEditor,
  },
  { rows: ['package'], what: 'Packing the extension', measure: measurePackage },
];

await withOneLineErrors(async () => {
  const options = parseOptions(process.argv.slice(2));
  if (options === null) return;
  checkDisk(tmpdir(), options.scale);
  const folder = await temporaryFolder('bench');
  try {
    await bench(options, folder.path);
  } finally {
    await folder.remove();
  }
});

async function bench(options: BenchOptions, folder: string): Promise<void> {
  const machine = describeMachine(folder);
  const cli = join(options.dist ?? build(join(folder, 'dist')), 'cli.js');
  const columns = columnsWith(cli);
  const results = createResults();
  const { wanted } = options;
  let size: SampleSize | null = null;
  const notOfRounds = new Set<RowId>(apart.flatMap(({ rows }) => rows));
  if ([...wanted].some((id) => !notOfRounds.has(id))) {
    tell('Making the data');
    const project = join(folder, 'project');
    size = makeProject(project, options.scale);
    const installed = columns.filter(({ version }) => version !== null).map(({ kind }) => kind);
    runRounds(installed, project, folder, results, { ...options, tell });
  }
  const ours = columns[0].kind.name;
  for (const { rows, what, measure } of apart) {
    if (!rows.some((row) => wanted.has(row))) continue;
    tell(what);
    await measure(cli, join(folder, rows[0]), ours, results, options);
  }
  const ids = rowIds.filter((id) => wanted.has(id));
  console.log(`\n${report(ids, columns, results, machine, size, options)}`);
  if (options.json !== null) writeJson(options.json, ids, columns, results, { machine, size });
}

/** A production build of these sources; answers its folder. */
function build(dist: string): string {
  tell('Building');
  run({
    argv: [process.execPath, 'esbuild.js', '--production', `--outdir=${dist}`],
    cwd: root,
  });
  return dist;
}

function columnsWith(cli: string): readonly [Column, ...Column[]] {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const kinds = [restic, borg, rsync, cp, sqlite];
  const column = (kind: ToolKind): Column => ({ kind, version: kind.version() });
  return [column(savepointFrom(cli, version)), ...kinds.map(column)];
}

/** @throws where times could not be trusted, or the disk would run full */
function checkDisk(folder: string, scale: number): void {
  const { type, bavail, bsize } = statfsSync(folder);
  const hint = 'set TMPDIR to a folder on a disk';
  if (type === tmpfs) throw new Error(`"${folder}" is in memory (tmpfs): ${hint}`);
  const free = bavail * bsize;
  if (free < neededBytes * scale)
    throw new Error(
      `"${folder}" has ${formatBytes(free)} free, this needs ${formatBytes(neededBytes * scale)}: ${hint} with more`,
    );
}

function report(
  ids: readonly RowId[],
  columns: readonly [Column, ...Column[]],
  results: Results,
  machine: string,
  size: SampleSize | null,
  { rounds }: BenchOptions,
): string {
  const data =
    size === null
      ? []
      : [
          `Data: ${formatCount(size.files)} files of ${formatBytes(size.fileBytes)}, a SQLite database of ${formatBytes(size.databaseBytes)} with ${formatCount(size.rows)} rows.`,
        ];
  return [
    tableText(ids, columns, results),
    '',
    `Medians of ${rounds === 1 ? '1 round' : `${rounds} rounds`}, whole processes. ${data.join('')}`,
    `Machine: ${machine}.`,
    'Every snapshot and restore is on the disk when its time is up: where a tool does not sync, a `sync` of the file system follows and stands after the `+`. The ratio is ours to the best of restic, borg and rsync.',
    ...columns.flatMap(({ kind, version }) =>
      version === null ? [] : [`- ${[kind.name, version].filter(Boolean).join(' ')}: ${kind.how}.`],
    ),
  ].join('\n');
}

function writeJson(
  path: string,
  ids: readonly RowId[],
  columns: readonly [Column, ...Column[]],
  results: Results,
  facts: { readonly machine: string; readonly size: SampleSize | null },
): void {
  const measured = ids.map((id) => ({
    id,
    ...rows[id],
    ...judge(id, columns, results),
    samples: Object.fromEntries(
      columns.map(({ kind }) => [kind.name, results.samples(id, kind.name)]),
    ),
  }));
  const tools = Object.fromEntries(columns.map(({ kind, version }) => [kind.name, version]));
  const document = { at: new Date().toISOString(), ...facts, tools, rows: measured };
  writeFileSync(path, `${JSON.stringify(document, undefined, 2)}\n`);
}
