// Who has a file open. Told in errors, and asked before a database file is replaced: an idle
// connection would go on reading the old file for ever.

import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { diskPath } from './disk-path.ts';
import { isOwnProcess } from './own-process.ts';

/**
 * Processes other than Savepoint's that have one of `paths` open, as `node (4242)`, in order of their
 * ids. By device and inode, so that other names of a file and other mounts count. Processes of other
 * users cannot be looked into without being root, and Windows has no such list: then they are missing.
 */
export async function processesWithOpen(paths: readonly string[]): Promise<string[]> {
  if (process.platform === 'linux') return scanProc(inodesOf(paths));
  if (process.platform === 'win32') return [];
  return await askLsof(paths);
}

export interface OpenFile {
  /** As it was asked for. */
  readonly path: string;
  /** Processes that have it open, as `node (4242)`, in order of their ids. */
  readonly programs: readonly string[];
}

/** Which of many files other processes have open, in one look; see `processesWithOpen`. */
export async function filesOpenElsewhere(paths: readonly string[]): Promise<readonly OpenFile[]> {
  return await openFilesWatch(paths)();
}

/**
 * The files that lie at `paths` now. What is answered asks who has these open, also when others have
 * taken their names since. Where only names can be asked for, it answers as it was at first.
 */
export function openFilesWatch(paths: readonly string[]): () => Promise<readonly OpenFile[]> {
  const inodes = new Map<string, string>();
  for (const path of paths) {
    const key = inodeOf(diskPath(path));
    if (key !== undefined && !inodes.has(key)) inodes.set(key, path);
  }
  if (process.platform === 'linux') return async () => openInProc(inodes);
  const asked =
    process.platform === 'win32' ? Promise.resolve([]) : askLsofByInode([...inodes.values()]);
  return async () => await asked;
}

function openInProc(inodes: ReadonlyMap<string, string>): readonly OpenFile[] {
  if (inodes.size === 0) return [];
  const found = new Map<string, number[]>();
  for (const pid of processIds()) {
    const folder = `/proc/${pid}/fd`;
    const keys = new Set(entriesOf(folder).map((fd) => inodeOf(`${folder}/${fd}`) ?? ''));
    const opened = [...keys].flatMap((key) => inodes.get(key) ?? []);
    if (opened.length === 0 || isOwnProcess(pid)) continue;
    for (const path of opened) found.set(path, [...(found.get(path) ?? []), pid]);
  }
  return [...found].map(([path, pids]) => ({
    path,
    programs: pids.toSorted((a, b) => a - b).map(nameProcess),
  }));
}

/** Processes that hold a lock on one of `paths`, from /proc/locks; empty where there is none. */
export function processesWithLock(paths: readonly string[]): string[] {
  const inodes = new Set([...inodesOf(paths)].map((key) => key.split(':')[1]));
  const pids = new Set<number>();
  for (const line of readText('/proc/locks').split('\n')) {
    // `1: POSIX  ADVISORY  WRITE 4242 fd:00:131074 1073741826 1073742335`
    const [, pid, inode] = /WRITE\s+(\d+)\s+\w+:\w+:(\d+)/.exec(line) ?? [];
    if (pid !== undefined && inode !== undefined && inodes.has(inode)) pids.add(Number(pid));
  }
  pids.delete(process.pid);
  return [...pids].toSorted((a, b) => a - b).map(nameProcess);
}

function scanProc(inodes: ReadonlySet<string>): string[] {
  if (inodes.size === 0) return [];
  const pids = processIds().filter((pid) => hasOpen(pid, inodes) && !isOwnProcess(pid));
  return pids.toSorted((a, b) => a - b).map(nameProcess);
}

/** Without this one. */
function processIds(): readonly number[] {
  return entriesOf('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid);
}

function hasOpen(pid: number, inodes: ReadonlySet<string>): boolean {
  const folder = `/proc/${pid}/fd`;
  return entriesOf(folder).some((fd) => {
    const key = inodeOf(`${folder}/${fd}`);
    return key !== undefined && inodes.has(key);
  });
}

function inodesOf(paths: readonly string[]): Set<string> {
  return new Set(paths.map((path) => inodeOf(diskPath(path))).filter((key) => key !== undefined));
}

function inodeOf(path: string | Buffer): string | undefined {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    // Not there, or closed since.
    return undefined;
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // A process that ended, or one of another user.
    return [];
  }
}

/** By its program: what a process calls itself may be the name of a thread, as with Node. */
function nameProcess(pid: number): string {
  const name = programOf(pid) ?? readText(`/proc/${pid}/comm`).trim();
  return `${name === '' ? 'process' : name} (${pid})`;
}

function programOf(pid: number): string | undefined {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`)).replace(/ \(deleted\)$/, '');
  } catch {
    // A process that ended, or one of another user.
    return undefined;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Another platform, or a process that ended.
    return '';
  }
}

async function askLsof(paths: readonly string[]): Promise<string[]> {
  const there = paths.filter((path) => inodeOf(diskPath(path)) !== undefined);
  if (there.length === 0) return [];
  // It exits with 1 where one of the files is not open, and answers for the others all the same.
  const { stdout } = await promisify(execFile)('lsof', ['-F', 'pc', '--', ...there]).catch(
    (error: unknown) => ({ stdout: outputOf(error) }),
  );
  const found = new Map<string, string>();
  let pid = '';
  for (const line of stdout.split('\n')) {
    if (line.startsWith('p')) pid = line.slice(1);
    if (line.startsWith('c')) found.set(pid, line.slice(1));
  }
  found.delete(String(process.pid));
  return [...found].map(([id, name]) => `${name} (${id})`);
}

/** No command line is longer than this many paths of any length. */
const pathsAtOnce = 200;

async function askLsofByInode(paths: readonly string[]): Promise<readonly OpenFile[]> {
  const byInode = new Map(
    paths.map((path) => [(inodeOf(diskPath(path)) ?? '').split(':')[1] ?? '', path]),
  );
  const found = new Map<string, Set<string>>();
  for (let at = 0; at < paths.length; at += pathsAtOnce) {
    const some = paths.slice(at, at + pathsAtOnce);
    const { stdout } = await promisify(execFile)('lsof', ['-F', 'pci', '--', ...some]).catch(
      (error: unknown) => ({ stdout: outputOf(error) }),
    );
    let [pid, name] = ['', ''];
    for (const line of stdout.split('\n')) {
      const rest = line.slice(1);
      if (line.startsWith('p')) pid = rest;
      if (line.startsWith('c')) name = rest;
      const path = line.startsWith('i') ? byInode.get(rest) : undefined;
      if (path === undefined || pid === String(process.pid)) continue;
      found.set(path, (found.get(path) ?? new Set()).add(`${name} (${pid})`));
    }
  }
  return [...found].map(([path, programs]) => ({ path, programs: [...programs] }));
}

function outputOf(error: unknown): string {
  return error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
}
