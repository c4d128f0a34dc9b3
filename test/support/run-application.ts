// What every application goes through, real or made by a test: found without configuration, saved
// while it writes, destroyed, restored and read by itself, and checked with faults planted.

import { deepStrictEqual, notDeepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type {
  CheckDocument,
  DataDirDocument,
  SnapshotDocument,
  StatusDocument,
} from '../../src/core/documents/documents.ts';
import { cliProject, startCli, type CliProject } from './cli.ts';
import type { ProgramName } from './needs.ts';

/** What an application reads of its records: the content of each one's file; null where it has none. */
export type Records = Readonly<Record<string, string | null>>;

/** An application with data of its own, in a project folder of its own. */
export interface DataApplication {
  /** Makes a record with a file for each name, as a user of it would; the file has `contentOf(name)`. */
  readonly add: (names: readonly string[]) => Promise<void>;
  readonly read: () => Promise<Records>;
  /** A command line of its own that destroys records. */
  readonly destroy: readonly [string, ...string[]];
  readonly faults: () => Promise<Faults>;
}

/** Paths relative to the project folder. */
export interface Faults {
  readonly removed: string;
  readonly stray: string;
  readonly changed: string;
  /** What check has to say of the three, `KIND PATH` each, in order. */
  readonly told: readonly string[];
}

export interface ApplicationDriver {
  readonly name: string;
  /** Programs that it needs beside what every machine has. */
  readonly needs: readonly ProgramName[];
  /** What `detect` has to find, in its order. */
  readonly dataDirs: readonly string[];
  /** Sets it up in the project's folder, without a record. */
  readonly start: (project: CliProject) => Promise<DataApplication>;
}

export const contentOf = (name: string): string => `content of ${name}\n`;

/** Runs a command of the application in its folder, without a shell; answers what it printed. */
export async function runCommand(
  { dir, env }: CliProject,
  ...command: readonly string[]
): Promise<string> {
  const { PATH = '' } = process.env;
  const child = spawn('/bin/sh', ['-c', 'exec "$@"', 'sh', ...command], {
    cwd: dir,
    env: { PATH, LANG: 'C.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'close') as Promise<[number | null]>;
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    exited,
  ]);
  if (code !== 0) throw new Error(`${command.join(' ')}: exit ${code}\n${stdout}${stderr}`);
  return stdout;
}

/** From one upload to the next: those of a person who is busy. */
const pauseMs = 200;

const seedNames = namesOf('paper', 30);

export async function runApplication(driver: ApplicationDriver): Promise<void> {
  const project = await cliProject({});
  const application = await driver.start(project);
  await application.add(seedNames);
  expectFound(project, driver);
  const live = await saveWhileWriting(project, application);
  expectSilence(project);
  const before = await application.read();
  expectWhole(before);
  await destroyAndRestore(project, application, before);
  for (const path of driver.dataDirs) await rm(join(project.dir, path), { recursive: true });
  project.json(0, 'restore', live, '--yes');
  expectWhole(await application.read());
  project.json(0, 'restore', 'latest', '--yes');
  deepStrictEqual(await application.read(), before, 'what the guard saved');
  await expectExactFaults(project, application);
}

function expectFound(project: CliProject, { dataDirs }: ApplicationDriver): void {
  const found = project.json(0, 'detect') as DataDirDocument[];
  deepStrictEqual(
    found.map(({ path }) => path),
    dataDirs,
  );
  const { detection } = project.json(0, 'doctor') as StatusDocument;
  deepStrictEqual(
    detection.coverage?.filter(({ covered }) => !covered),
    [],
  );
}

function expectSilence(project: CliProject): void {
  deepStrictEqual(told(project.json(0, 'check') as CheckDocument), []);
}

/** Every seeded record is there, and every record has its file with the right content. */
function expectWhole(records: Records): void {
  deepStrictEqual(
    Object.entries(records).filter(([name, content]) => content !== contentOf(name)),
    [],
  );
  deepStrictEqual(
    seedNames.filter((name) => !(name in records)),
    [],
  );
}

/** Answers the first snapshot that is of one moment; each of the others says which files it may lack. */
async function saveWhileWriting(
  project: CliProject,
  application: DataApplication,
): Promise<string> {
  const writer = startWriting(application);
  await writer.written;
  const taken: SnapshotDocument[] = [];
  const isOfOneMoment = ({ consistent }: SnapshotDocument): boolean => consistent;
  while (taken.length < 2 || (taken.length < 10 && !taken.some(isOfOneMoment))) {
    taken.push(await snapshot(project));
  }
  await writer.stop();
  for (const one of taken) expectTold(project, one);
  const chosen = taken.find(isOfOneMoment);
  ok(chosen !== undefined, 'a snapshot under writes is of one moment');
  return chosen.id;
}

/** What a snapshot has no file for it names itself. */
function expectTold(project: CliProject, { id, unsettled, skipped }: SnapshotDocument): void {
  const { mismatches } = JSON.parse(
    project.savepoint('check', id, '--json').stdout,
  ) as CheckDocument;
  const isTold = (path: string): boolean =>
    unsettled.some((one) => one === path || one.startsWith(`${path}/`));
  deepStrictEqual(
    mismatches.filter(({ kind, path }) => kind !== 'orphan-file' && !isTold(path ?? '')),
    [],
    `${id} does not tell what it lacks`,
  );
  // Such as locks, which come and go.
  deepStrictEqual(
    skipped.filter(({ path }) => existsSync(join(project.dir, path))),
    [],
  );
}

interface ApplicationWriter {
  /** Resolves when the first records are there. */
  readonly written: Promise<unknown>;
  readonly stop: () => Promise<void>;
}

function startWriting(application: DataApplication): ApplicationWriter {
  const state = { isStopped: false };
  let count = 0;
  const addSome = async (): Promise<void> => {
    await application.add([`live-${count}`]);
    count += 1;
  };
  const written = addSome();
  const ended = (async () => {
    await written;
    while (!state.isStopped) {
      await delay(pauseMs);
      await addSome();
    }
  })();
  return {
    written,
    stop: async () => {
      state.isStopped = true;
      await ended;
    },
  };
}

/** Taken by a process that this one does not wait for, so that it can go on writing. */
async function snapshot({ dir, env }: CliProject): Promise<SnapshotDocument> {
  const child = startCli(['snapshot', '--json'], { cwd: dir, env }, ['ignore', 'pipe', 'inherit']);
  if (child.stdout === null) throw new Error('no stdout');
  return JSON.parse(await text(child.stdout)) as SnapshotDocument;
}

async function destroyAndRestore(
  project: CliProject,
  application: DataApplication,
  before: Records,
): Promise<void> {
  const { code, stdout, stderr } = project.savepoint(
    'run',
    '--match',
    '--',
    ...application.destroy,
  );
  strictEqual(code, 0, stdout + stderr);
  const saved = /undo: savepoint restore (\w+)/.exec(stderr)?.[1];
  ok(saved !== undefined, stderr);
  const left = await application.read().catch(() => ({}));
  notDeepStrictEqual(left, before, 'records were destroyed');
  project.json(0, 'restore', saved, '--yes');
  deepStrictEqual(await application.read(), before);
}

async function expectExactFaults(project: CliProject, application: DataApplication): Promise<void> {
  expectSilence(project);
  const faults = await application.faults();
  await rm(join(project.dir, faults.removed));
  await mkdir(join(project.dir, dirname(faults.stray)), { recursive: true });
  await writeFile(join(project.dir, faults.stray), 'nobody knows me');
  await appendFile(join(project.dir, faults.changed), 'more');
  deepStrictEqual(told(project.json(1, 'check') as CheckDocument), faults.told);
}

function told({ mismatches }: CheckDocument): readonly string[] {
  return mismatches.map(({ kind, path }) => `${kind} ${path}`).toSorted();
}

function namesOf(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`);
}
