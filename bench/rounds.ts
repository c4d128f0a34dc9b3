// The rounds: each tool takes its snapshots of its own copy of the same data, one tool after the
// other at every step, so that what slows the machine down for a while slows all of them down.
//
// A round is: an empty store; first snapshot; unchanged snapshot; rows change, snapshot; files change,
// snapshot; what changed between these (rows after each of the first two steps, then all of it);
// verify; rows and files change again, which no snapshot has; restore of the last one. The next round
// starts with what was restored.

import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { changeBlock, changeFiles, changeRows } from './change-data.ts';
import { assertState, stateOfData } from './data-state.ts';
import { measure, run, type Command } from './measure.ts';
import type { Results } from './results.ts';
import { rows, type RowId } from './rows.ts';
import { bytesBelow, type Tool, type ToolKind, type ToolPlace } from './tools/tool.ts';

interface Contestant {
  readonly name: string;
  readonly place: ToolPlace;
  readonly tool: Tool;
}

export interface RoundsOptions {
  readonly rounds: number;
  /** Measured; others run only where these need them. */
  readonly wanted: ReadonlySet<RowId>;
  readonly tell: (line: string) => void;
}

/** @param kinds installed ones. @param project the data set; each tool gets a copy in `folder` */
export function runRounds(
  kinds: readonly ToolKind[],
  project: string,
  folder: string,
  results: Results,
  options: RoundsOptions,
): void {
  const contestants = kinds.map((kind, i) => enter(kind, project, join(folder, `tool-${i}`)));
  const steps = stepsFor(options.wanted);
  for (let round = 0; round < options.rounds; round += 1) {
    for (const [i, step] of steps.entries()) {
      for (const contestant of turned(contestants, round + i)) {
        const stepRun = new StepRun(contestant, results, options, round);
        step(stepRun);
      }
    }
  }
}

function enter(kind: ToolKind, project: string, folder: string): Contestant {
  const place = {
    project: join(folder, 'project'),
    store: join(folder, 'store'),
    home: join(folder, 'home'),
  };
  cpSync(project, place.project, { recursive: true, preserveTimestamps: true });
  return { name: kind.name, place, tool: kind.create(place) };
}

/** Each step begins with another tool. */
function turned<T>(all: readonly T[], by: number): readonly T[] {
  const at = by % all.length;
  return [...all.slice(at), ...all.slice(0, at)];
}

type Step = (on: StepRun) => void;

function stepsFor(wanted: ReadonlySet<RowId>): readonly Step[] {
  const isWanted = (...ids: RowId[]): boolean => ids.some((id) => wanted.has(id));
  return [
    takeFirst,
    ...(isWanted('unchanged', 'diff-unchanged') ? [takeUnchanged] : []),
    ...(isWanted('guard') ? [guardUnchanged] : []),
    ...(isWanted('diff-unchanged') ? [diffUnchanged] : []),
    ...(isWanted('rows', 'rows-growth', 'memory', 'diff', 'diff-rows') ? [takeRows] : []),
    ...(isWanted('diff-rows') ? [diffRows] : []),
    ...(isWanted('diff-block') ? [diffBlock] : []),
    ...(isWanted('files', 'files-growth', 'memory', 'diff') ? [takeFiles] : []),
    ...(isWanted('diff') ? [diff] : []),
    ...(isWanted('verify') ? [verify] : []),
    ...(isWanted('restore', 'restore-memory') ? [restore] : []),
  ];
}

function takeFirst(on: StepRun): void {
  on.tool.reset();
  readAll(join(on.project, 'data'));
  on.snapshot('first', 'first', 'size');
}

function takeUnchanged(on: StepRun): void {
  on.snapshot('unchanged', 'unchanged');
}

function guardUnchanged(on: StepRun): void {
  on.timed('guard', on.tool.guard?.() ?? null);
}

function takeRows(on: StepRun): void {
  changeRows(on.project, on.seed);
  on.snapshot('rows', 'rows', 'rows-growth');
}

function takeFiles(on: StepRun): void {
  changeFiles(on.project, on.seed);
  on.snapshot('files', 'files', 'files-growth');
}

function diff(on: StepRun): void {
  on.timed('diff', on.tool.diff('first', 'files'));
}

/** Of databases alone: tools for files do not look into them. */
function diffRows(on: StepRun): void {
  on.timed('diff-rows', on.tool.diffRows('first', 'rows'));
}

function diffBlock(on: StepRun): void {
  const command = on.tool.diffRows('block-before', 'block-after');
  if (command === null) return;
  run(on.tool.snapshot('block-before'));
  changeBlock(on.project, on.seed);
  run(on.tool.snapshot('block-after'));
  on.timed('diff-block', command);
}

function diffUnchanged(on: StepRun): void {
  on.timed('diff-unchanged', on.tool.diffRows('first', 'unchanged'));
}

function verify(on: StepRun): void {
  on.timed('verify', on.tool.verify('first'));
}

function restore(on: StepRun): void {
  // Named anew, so that a step that was left out does not matter.
  run(on.tool.snapshot('before'));
  const command = on.tool.restore('before');
  if (command === null) return;
  const before = stateOfData(on.project);
  changeRows(on.project, on.seed + 500);
  changeFiles(on.project, on.seed + 500);
  const peakBytes = on.timed('restore', command, on.project);
  if (peakBytes !== null) on.add('restore-memory', peakBytes);
  assertState(on.project, before, on.tool.restores);
}

/** One step of one tool in one round. */
class StepRun {
  readonly tool: Tool;
  readonly project: string;
  /** The same for every tool, another one each round. */
  readonly seed: number;
  readonly #name: string;
  readonly #store: string;
  readonly #results: Results;
  readonly #options: RoundsOptions;
  readonly #round: number;

  constructor(contestant: Contestant, results: Results, options: RoundsOptions, round: number) {
    this.tool = contestant.tool;
    this.project = contestant.place.project;
    this.seed = round;
    this.#name = contestant.name;
    this.#store = contestant.place.store;
    this.#results = results;
    this.#options = options;
    this.#round = round;
  }

  snapshot(name: string, row: RowId, growthRow?: RowId): void {
    const before = growthRow === undefined ? 0 : bytesBelow(this.#store);
    const peakBytes = this.timed(row, this.tool.snapshot(name));
    if (peakBytes !== null) this.add('memory', peakBytes);
    if (growthRow !== undefined) this.add(growthRow, bytesBelow(this.#store) - before);
  }

  /** Answers the peak memory. `written` is where a sync is due; default the store. */
  timed(row: RowId, command: Command | null, written = this.#store): number | null {
    if (command === null) return null;
    // What was written before is not this command's to wait for.
    run(syncOf(written));
    const { seconds, peakBytes } = measure(command);
    const isWrite = !row.startsWith('diff') && row !== 'verify';
    const sync = isWrite && this.tool.needsSync ? measure(syncOf(written)).seconds : 0;
    this.#results.add(row, this.#name, seconds + sync, sync);
    const { rounds, tell } = this.#options;
    const time = sync === 0 ? seconds.toFixed(2) : `${seconds.toFixed(2)} + ${sync.toFixed(2)}`;
    tell(`${this.#round + 1}/${rounds}  ${rows[row].title}: ${this.#name} ${time} s`);
    return peakBytes;
  }

  add(row: RowId, value: number): void {
    this.#results.add(row, this.#name, value);
  }
}

/** Of the file system that holds `path`; of all where the command knows no such option. */
function syncOf(path: string): Command {
  const isLinux = process.platform === 'linux';
  return { argv: isLinux ? ['sync', '--file-system', path] : ['sync'] };
}

/** So that every tool finds its data in memory, as just used data are. */
function readAll(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) readFileSync(join(entry.parentPath, entry.name));
}
