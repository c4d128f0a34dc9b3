// How a script is started by hand: by the package manager whose lock file lies nearest, or by make.

import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { scriptFileKind } from './script-edits.ts';

const lockFiles = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
] as const;

/** @param path absolute, of the package.json or Makefile. */
export async function scriptCommand(path: string, name: string): Promise<string> {
  const shown = /^[\w:./@-]+$/.test(name) ? name : JSON.stringify(name);
  if (scriptFileKind(path) === 'Makefile') {
    const file = path.replace(/^.*[/\\]/, '');
    return file.endsWith('.mk') ? `make -f ${file} ${shown}` : `make ${shown}`;
  }
  return `${await packageManager(dirname(path))} run ${shown}`;
}

async function packageManager(folder: string): Promise<string> {
  for (const [file, manager] of lockFiles) {
    if (await exists(join(folder, file))) return manager;
  }
  const above = dirname(folder);
  const isTop = above === folder || (await exists(join(folder, '.git')));
  return isTop ? 'npm' : packageManager(above);
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
