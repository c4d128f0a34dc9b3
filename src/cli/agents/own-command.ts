// The shell command that starts this program, for settings of other programs.

import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface ProgramPlace {
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  /** Absolute path of Node, or of an editor that runs as Node. */
  readonly execPath: string;
  /** Absolute path of this program's file. */
  readonly programFile: string;
  readonly isElectron: boolean;
}

export function thisPlace(): ProgramPlace {
  return {
    env: process.env,
    platform: process.platform,
    execPath: process.execPath,
    programFile: realpathSync(process.argv[1] ?? ''),
    isElectron: process.versions['electron'] !== undefined,
  };
}

/**
 * `savepoint` where the PATH leads to a program of that name, which goes on working after updates;
 * else this very file, run by this very Node.
 */
export function ownCommand(place: ProgramPlace): string {
  if (isOnPath('savepoint', place)) return 'savepoint';
  const { platform, isElectron, execPath, programFile } = place;
  const run = `${quoted(execPath, platform)} ${quoted(programFile, platform)}`;
  if (!isElectron) return run;
  return platform === 'win32'
    ? `set "ELECTRON_RUN_AS_NODE=1" && ${run}`
    : `ELECTRON_RUN_AS_NODE=1 ${run}`;
}

export function isOnPath(name: string, { env, platform }: ProgramPlace): boolean {
  const endings = platform === 'win32' ? ['.cmd', '.exe', '.ps1'] : [''];
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.some((folder) => endings.some((ending) => isProgram(join(folder, name + ending))));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function quoted(path: string, platform: NodeJS.Platform): string {
  if (/^[\w./:@%+=-]+$/.test(path)) return path;
  return platform === 'win32' ? `"${path}"` : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
