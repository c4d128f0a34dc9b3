// One process at a time, across processes: a lock file that holds the pid of its owner.
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const waitLimitMs = 15 * 60_000;

/** Runs `action` while no other process holds `path`; a dead holder's lock is taken over. */
export async function withLock(path, reason, action) {
  await mkdir(dirname(path), { recursive: true });
  const deadline = Date.now() + waitLimitMs;
  let told = false;
  while (!(await take(path))) {
    if (Date.now() > deadline) throw new Error(`waited too long, ${reason}: "${path}"`);
    if (!told) console.log(`Waiting: ${reason}`);
    told = true;
    await delay(250);
  }
  try {
    return await action();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(path) {
  try {
    await writeFile(path, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  if (await isHeld(path)) return false;
  // Renaming first: of two processes that see the dead holder only one takes its file away.
  const stale = `${path}.${process.pid}`;
  await rename(path, stale).catch(() => undefined);
  await rm(stale, { force: true });
  return take(path);
}

async function isHeld(path) {
  const holder = Number(await readFile(path, 'utf8').catch(() => ''));
  if (Number.isInteger(holder) && holder > 0) return isAlive(holder);
  // An empty file is one that its owner is just writing, or died writing.
  const facts = await stat(path).catch(() => undefined);
  return facts === undefined || Date.now() - facts.mtimeMs < 10_000;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
