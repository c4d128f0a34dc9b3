// How a script is started by hand: by the package manager whose lock file lies nearest, or by make;
// and how the command that guards it gets to where it runs.

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

/**
 * The command line that installs `savepoint` for a script of the file at `path`; null where it is
 * found already, beside the script or in one of `folders`.
 */
export async function missingProgram(
  path: string,
  folders: readonly string[],
): Promise<string | null> {
  const folder = dirname(path);
  const names = process.platform === 'win32' ? ['savepoint.cmd', 'savepoint.exe'] : ['savepoint'];
  const isMakefile = scriptFileKind(path) === 'Makefile';
  const places = isMakefile ? folders : [...folders, ...binFolders(folder)];
  for (const program of places.flatMap((place) => names.map((name) => join(place, name))))
    if (await exists(program)) return null;
  if (isMakefile) return 'npm install --global savepoint';
  const manager = await packageManager(folder);
  return manager === 'npm' ? 'npm install --save-dev savepoint' : `${manager} add -D savepoint`;
}

/** Where package managers look for what a script calls: here and in the folders above. */
function binFolders(folder: string): readonly string[] {
  const above = dirname(folder);
  const here = join(folder, 'node_modules', '.bin');
  return above === folder ? [here] : [here, ...binFolders(above)];
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
