// Packages that are too large for everybody's node_modules, installed once into the cache of the tests.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir } from '../../scripts/cache-dir.ts';

/**
 * Absolute path of a `node_modules` with these packages, `NAME@VERSION` each; nothing of them ran.
 * @param folder its name in the cache, another one for other versions
 */
export function npmModules(folder: string, ...packages: readonly string[]): string {
  const place = join(cacheDir(), folder);
  const modules = join(place, 'node_modules');
  const isThere = join(place, 'installed');
  if (existsSync(isThere)) return modules;
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...packages];
  const { status, stderr } = spawnSync('npm', args, { cwd: place, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed:\n${stderr}`);
  writeFileSync(isThere, '');
  return modules;
}
