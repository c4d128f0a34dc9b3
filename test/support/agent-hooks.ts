// The command line as an agent starts its hooks: with the event on stdin.

import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { cliFile, type Ran, type RunOptions } from './cli.ts';
import { tree } from './tree.ts';

/** @param args arguments of the program, or a whole command for a shell */
export function runCliWithInput(
  args: readonly string[] | string,
  input: string | Uint8Array,
  { cwd = tmpdir(), env = {} }: RunOptions,
): Ran {
  const { PATH = '' } = process.env;
  const options = {
    cwd,
    env: { PATH, TMPDIR: tmpdir(), TZ: 'UTC', LANG: 'C.UTF-8', ...env },
    encoding: 'utf8',
    input,
    timeout: 30_000,
  } as const;
  const { status, stdout, stderr } =
    typeof args === 'string'
      ? spawnSync('/bin/sh', ['-c', args], options)
      : spawnSync(process.execPath, [cliFile(), ...args], options);
  return { code: status, stdout, stderr };
}

/** A folder that belongs to no project. */
export async function cleanPlace(): Promise<string> {
  return await tree();
}
