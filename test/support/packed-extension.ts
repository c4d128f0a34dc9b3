// The very packages that users get, made once a run.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../scripts/child-process.ts';
import { root } from '../../scripts/setup.mjs';

export interface Packages {
  /** Absolute paths of all that were made, in name order. */
  readonly all: readonly string[];
  remove(): Promise<void>;
}

/** @param flags of scripts/package.ts, as `--host` */
export async function packages(...flags: readonly string[]): Promise<Packages> {
  const folder = await temporaryFolder('packages');
  const args = ['scripts/package.ts', '--out', folder.path, ...flags];
  const { status, output } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(output.filter(Boolean).join(''));
  const names = readdirSync(folder.path).toSorted();
  return { all: names.map((name) => join(folder.path, name)), remove: () => folder.remove() };
}
