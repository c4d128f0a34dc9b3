// Prisma, installed once into the cache of the tests: it is too large for everybody's node_modules.
// Its engines are binaries from a place of their own, so it runs on `engine: 'js'` and is told that
// the binaries are there.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir } from '../../scripts/cache-dir.ts';

const version = '6.19.3';

/** Absolute path of a `node_modules` with Prisma and its adapter for SQLite files. */
export function prismaModules(): string {
  const place = join(cacheDir(), `prisma-${version}`);
  const modules = join(place, 'node_modules');
  const isThere = join(place, 'installed');
  if (existsSync(isThere)) return modules;
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'package.json'), '{ "private": true }\n');
  const packages = [`prisma@${version}`, `@prisma/adapter-libsql@${version}`];
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...packages];
  const { status, stderr } = spawnSync('npm', args, { cwd: place, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed:\n${stderr}`);
  writeFileSync(isThere, '');
  return modules;
}

/** With these Prisma asks for no download. */
export const prismaEnvironment = {
  PRISMA_QUERY_ENGINE_LIBRARY: process.execPath,
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  CHECKPOINT_DISABLE: '1',
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
};
