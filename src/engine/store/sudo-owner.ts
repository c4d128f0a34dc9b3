// Under sudo the store is that of the user who called it, and stays theirs: what root makes in it is
// given to them, and the store of anybody else is refused.

import { existsSync, lchownSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../core/errors.ts';
import type { EngineOptions } from '../options.ts';

/** @throws EngineError STORE_FOREIGN */
export function refuseForeignStore(storePath: string, options: EngineOptions): void {
  const caller = callerOf(options);
  if (caller === undefined || !existsSync(storePath)) return;
  const { uid } = lstatSync(storePath);
  if (uid === 0 || uid === caller.uid) return;
  throw new EngineError('STORE_FOREIGN', `the store belongs to another user: ${storePath}`, {
    path: storePath,
    hint: 'call savepoint as that user, or choose another place with --store',
  });
}

/** Gives the caller what root made: the folder of all stores, and everything in that of this project. */
export function giveToCaller(storePath: string, options: EngineOptions): void {
  const caller = callerOf(options);
  if (caller === undefined) return;
  const give = (path: string): boolean => {
    const stats = lstatSync(path);
    if (stats.uid === 0) lchownSync(path, caller.uid, caller.gid);
    return stats.isDirectory();
  };
  const visit = (path: string): void => {
    if (give(path)) for (const name of readdirSync(path)) visit(join(path, name));
  };
  give(options.storeDir);
  visit(storePath);
}

/** Undefined where this is not root called through sudo. */
function callerOf({
  env,
}: EngineOptions): { readonly uid: number; readonly gid: number } | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const [uid, gid] = [Number(env['SUDO_UID']), Number(env['SUDO_GID'])];
  return Number.isInteger(uid) && Number.isInteger(gid) && uid > 0 ? { uid, gid } : undefined;
}
