// What the engine gets from this process: the place of the store, the clock, the environment, the log.

import { readFileSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { warningLine } from '../core/text/error-line.ts';
import { defaultStoreDir, type EngineOptions, type Logger } from '../engine/index.ts';
import type { Terminal } from './terminal.ts';

export interface StoreChoice {
  /** `--store`, relative to the current directory. */
  readonly store?: string | undefined;
  readonly debug: boolean;
}

export function createEngineOptions(
  { store, debug }: StoreChoice,
  terminal: Pick<Terminal, 'err' | 'errorStyle'>,
): EngineOptions {
  const { env } = process;
  return {
    storeDir: storeDirOf(store, env),
    processEntry: realpathSync(process.argv[1] ?? ''),
    log: createLogger(debug, terminal),
    now: Date.now,
    env,
    trusted: true,
  };
}

/** The home folder of the person, also under sudo. */
export function userHome(): string {
  return sudoUserHome(process.env) ?? homedir();
}

function storeDirOf(store: string | undefined, env: NodeJS.ProcessEnv): string {
  const named = store ?? env['SAVEPOINT_STORE'];
  if (named) return resolve(named);
  const sudoHome = sudoUserHome(env);
  if (sudoHome === undefined) return defaultStoreDir(env, process.platform, homedir());
  // Root's own data folder is not the place for another user's snapshots.
  const data = env['XDG_DATA_HOME'];
  const own = data?.startsWith(`${sudoHome}/`) ? { XDG_DATA_HOME: data } : {};
  return defaultStoreDir(own, process.platform, sudoHome);
}

/** Home folder of who called sudo; undefined where nobody did, or where it cannot be told. */
function sudoUserHome(env: NodeJS.ProcessEnv): string | undefined {
  const user = env['SUDO_USER'];
  if (process.getuid?.() !== 0 || !user || user === 'root') return undefined;
  if (process.platform === 'darwin') return `/Users/${user}`;
  try {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((one) => one.startsWith(`${user}:`));
    return line?.split(':')[5] || undefined;
  } catch {
    // No such file here: then root's own home is all there is.
    return undefined;
  }
}

function createLogger(
  debug: boolean,
  { err, errorStyle }: Pick<Terminal, 'err' | 'errorStyle'>,
): Logger {
  const detail = (message: string): void => {
    if (debug) err([errorStyle.dim(`debug: ${message}`)]);
  };
  const warn = (message: string): void => err([warningLine({ message }, errorStyle)]);
  return { trace: detail, debug: detail, info: detail, warn, error: warn };
}
