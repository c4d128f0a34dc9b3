// Folders as literals: `await tree({ 'a.txt': 'x', 'dir/': {}, l: symlink('a.txt') })` makes real
// files in a fresh temporary folder, `await readTree(root)` reads them back into the same shape.
// What a test made goes with the test, what a `before` hook made with the process; KEEP=1 keeps it.

import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nameFromBytes, nameToBytes } from '../../src/core/names.ts';

/** Anything else that can lie at a path: called with the absolute path to make, its folder exists. */
export type Maker = (path: Buffer) => void | Promise<void>;

/** Content of a file, the entries of a folder, or what makes one. */
export type Entry = string | Uint8Array | Maker | Tree;

/** Names may be paths (`a/b.txt`); a name that is not UTF-8 has its bytes as `\udcNN` (core/names.ts). */
export interface Tree {
  readonly [name: string]: Entry;
}

export interface Facts {
  readonly mode?: number;
  readonly mtimeMs?: number;
}

/** Makes `entries` in a fresh temporary folder and answers its absolute real path. */
export async function tree(entries: Tree = {}): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'savepoint-test-')));
  made.push(root);
  await writeTree(root, entries);
  return root;
}

/** Makes `entries` in a folder that is there; replaces files, adds to folders. */
export async function writeTree(root: string, entries: Tree): Promise<void> {
  await writeEntries(Buffer.from(nameToBytes(root)), entries);
}

/** A symbolic link; the target is not looked at. */
export function symlink(target: string): Maker {
  return (path) => fs.symlinkSync(Buffer.from(nameToBytes(target)), path);
}

/** A file with mode or time. */
export function file(content: string | Uint8Array, facts: Facts = {}): Maker {
  return (path) => {
    fs.writeFileSync(path, content);
    setFacts(path, facts);
  };
}

/** A folder with mode or time, set after its entries were made. */
export function directory(entries: Tree, facts: Facts = {}): Maker {
  return async (path) => {
    fs.mkdirSync(path, { recursive: true });
    await writeEntries(path, entries);
    setFacts(path, facts);
  };
}

/** A further name of the file `existing`, a path relative to the folder of the new name. */
export function hardlink(existing: string): Maker {
  return (path) => {
    const folder = path.subarray(0, path.lastIndexOf('/'));
    fs.linkSync(Buffer.concat([folder, Buffer.from(`/${existing}`)]), path);
  };
}

/** A file of `sizeBytes` that takes no room on the disk. */
export function sparse(sizeBytes: number): Maker {
  return (path) => {
    fs.writeFileSync(path, '');
    fs.truncateSync(path, sizeBytes);
  };
}

/** A named pipe. */
export function fifo(): Maker {
  return (path) => {
    execFileSync('mkfifo', ['--', path.toString()]);
  };
}

/**
 * The folder as `tree` would make it: files as strings, as Buffers where they are not UTF-8, links
 * as `{ '->': target }`, other kinds as `{ '?': kind }`, folders as objects, names in byte order.
 */
export async function readTree(root: string): Promise<Tree> {
  return readFolder(Buffer.from(nameToBytes(root)));
}

const made: string[] = [];

// Only what was made during a test goes with it: `beforeEach` of the root suite runs before every
// other one and after all `before` hooks, its `afterEach` last.
if (typeof beforeEach === 'function') {
  let before = 0;
  beforeEach(() => {
    before = made.length;
  });
  afterEach(() => {
    removeMade(before);
  });
}
process.on('exit', () => {
  removeMade(0);
});

function removeMade(from: number): void {
  for (const root of made.splice(from)) {
    if (process.env['KEEP']) process.stderr.write(`kept ${root}\n`);
    else removeFolder(root);
  }
}

/** Removes a folder whatever modes are in it. */
function removeFolder(root: string): void {
  try {
    fs.rmSync(root, { recursive: true, force: true });
  } catch {
    // A folder without write permission keeps its entries: open them all, then once more.
    execFileSync('chmod', ['-R', 'u+rwX', root]);
    fs.rmSync(root, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function writeEntries(folder: Buffer, entries: Tree): Promise<void> {
  for (const [name, entry] of Object.entries(entries)) {
    const path = Buffer.concat([folder, Buffer.from('/'), nameToBytes(name.replace(/\/$/, ''))]);
    if (name.slice(0, -1).includes('/')) {
      fs.mkdirSync(path.subarray(0, path.lastIndexOf('/')), { recursive: true });
    }
    if (typeof entry === 'string' || entry instanceof Uint8Array) fs.writeFileSync(path, entry);
    else if (typeof entry === 'function') await entry(path);
    else {
      fs.mkdirSync(path, { recursive: true });
      await writeEntries(path, entry);
    }
  }
}

function setFacts(path: Buffer, facts: Facts): void {
  if (facts.mtimeMs !== undefined) {
    // As text: Node takes a negative number, a time before 1970, for a mistake.
    const seconds = String(facts.mtimeMs / 1000);
    fs.utimesSync(path, seconds, seconds);
  }
  if (facts.mode !== undefined) fs.chmodSync(path, facts.mode);
}

function readFolder(folder: Buffer): Tree {
  const out: Record<string, Entry> = {};
  const entries = fs.readdirSync(folder, { withFileTypes: true, encoding: 'buffer' });
  entries.sort((a, b) => Buffer.compare(a.name, b.name));
  for (const entry of entries) {
    const path = Buffer.concat([folder, Buffer.from('/'), entry.name]);
    out[nameFromBytes(entry.name)] = entry.isDirectory()
      ? readFolder(path)
      : entry.isFile()
        ? readContent(path)
        : entry.isSymbolicLink()
          ? { '->': nameFromBytes(fs.readlinkSync(path, { encoding: 'buffer' })) }
          : { '?': entry.isFIFO() ? 'fifo' : entry.isSocket() ? 'socket' : 'other' };
  }
  return out;
}

function readContent(path: Buffer): string | Buffer {
  const content = fs.readFileSync(path);
  const text = content.toString();
  return Buffer.from(text).equals(content) ? text : content;
}
