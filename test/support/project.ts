// A project with a store of its own, opened through the engine's door with everything real behind it.

import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  openProject,
  noProgress,
  type CallOptions,
  type EngineOptions,
  type Project,
} from '../../src/engine/index.ts';
import { silentLog } from './engine-options.ts';
import { tree, type Tree } from './tree.ts';

const processEntry = join(import.meta.dirname, '../../src/engine/process-entry.ts');

/** A call that nobody cancels and that tells nobody. */
export const quietCall: CallOptions = {
  signal: new AbortController().signal,
  progress: noProgress,
};

export interface TestProject {
  readonly project: Project;
  readonly dir: string;
  readonly storeDir: string;
  readonly options: EngineOptions;
}

/** A fresh project folder with `entries` and an empty store; both are removed after the test. */
export async function testProject(
  entries: Tree,
  changes: Partial<EngineOptions> = {},
): Promise<TestProject> {
  const dir = await tree(entries);
  const storeDir = tempFolder();
  const options = realOptions(storeDir, changes);
  return { project: await openProject(options, dir), dir, storeDir, options };
}

/** Options under which workers, children and the clock are real. */
export function realOptions(storeDir: string, changes: Partial<EngineOptions> = {}): EngineOptions {
  return {
    storeDir,
    processEntry,
    log: silentLog,
    now: Date.now,
    env: { HOME: '/nowhere', PATH: process.env['PATH'] },
    trusted: true,
    ...changes,
  };
}

const folders = new Set<string>();

/** An empty folder, removed when the test run ends. */
export function tempFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'savepoint-test-')));
  folders.add(folder);
  return folder;
}

process.once('exit', () => {
  if (process.env['KEEP'] === '1') return;
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
