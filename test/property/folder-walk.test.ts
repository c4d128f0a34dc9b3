// Whatever lies in a data directory: what a capture, a check, a detection and a look into its folders
// see is the same. At the level of the walk, so that many folders take seconds.

import { deepStrictEqual } from 'node:assert/strict';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { onDisk } from '../support/paths.ts';
import { livePath } from '../../src/engine/disk/real-path.ts';
import { joinRel, nameToBytes, projectPath, type ProjectPath } from '../../src/core/names.ts';
import { browseLive } from '../../src/engine/browse/browse-live.ts';
import { rootsOf } from '../../src/engine/capture/capture-roots.ts';
import type { FileIndex } from '../../src/engine/check/file-index.ts';
import { indexLiveFiles } from '../../src/engine/check/live-files.ts';
import { describeDataDirs } from '../../src/engine/detect/describe-data-dirs.ts';
import { findDataDirs } from '../../src/engine/detect/find-data-dirs.ts';
import { walkRoots } from '../../src/engine/sources/files/file-walk.ts';
import type { Walk, WalkedEntry } from '../../src/engine/sources/files/walked.ts';
import { emptyIndex } from '../../src/engine/store/live-index.ts';
import { uncancelled } from '../../src/engine/options.ts';
import { asUser, isRoot } from '../support/as-user.ts';
import { engineOptions } from '../support/engine-options.ts';
import { fifo, tree } from '../support/tree.ts';

const isLong = process.env['SAVEPOINT_LONG'] === '1';

type Entry = 'text' | 'nothing' | 'database' | 'link' | 'pipe' | Folder;

interface Folder {
  readonly mode: number;
  readonly entries: Entries;
}

type Entries = readonly (readonly [string, Entry])[];

const names = [
  // A database, or what is named like its parts beside something else.
  ...['', '-wal', '-shm', '-journal'].flatMap((end) => [`a${end}`, `\udcfe${end}`]),
  // What a restore makes, and what only looks like that.
  '.savepoint-restore-abcd',
  '.savepoint-01234567-89ab-cdef-0123-456789abcdef.part',
  '.savepoint-notes',
  // Left out, kept.
  'tmp',
  'c.log',
  'keep',
  // Bytes that are not UTF-8, the sign that stands for them, and characters whose order is that of no bytes.
  'b\udcff',
  'b\uFFFD',
  'b\u{1F980}',
  'b\uE000',
  'line\nbreak',
];

const { entries } = fc.letrec<{ entries: Entries; entry: Entry }>((tie) => ({
  entry: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Entry>('text', 'nothing', 'database', 'link', 'pipe'),
    fc.record({ mode: fc.constantFrom(0o755, 0o755, 0o111, 0o000), entries: tie('entries') }),
  ),
  entries: fc.uniqueArray(fc.tuple(fc.constantFrom(...names), tie('entry')), {
    maxLength: 8,
    selector: ([name]) => name,
  }),
}));

const exclude = fc.subarray(['**/*.log', 'tmp/', 'a/**', '**/b*', '**/a-wal']);
const include = fc.subarray(['tmp/keep', '**/c.log']);

const databaseBytes = (() => {
  const db = new Database(':memory:');
  db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1)');
  return db.serialize();
})();

/** @param pipe a named pipe: those in the folder are further names of it, which takes no program */
function make(folder: Buffer, all: Entries, pipe: string): void {
  for (const [name, entry] of all) {
    const path = Buffer.concat([folder, Buffer.from('/'), nameToBytes(name)]);
    if (entry === 'link') fs.symlinkSync('/etc', path);
    else if (entry === 'pipe') fs.linkSync(pipe, path);
    else if (typeof entry !== 'object') fs.writeFileSync(path, contents[entry]);
    else {
      fs.mkdirSync(path);
      make(path, entry.entries, pipe);
      fs.chmodSync(path, entry.mode);
    }
  }
}

const contents = { text: 'text', nothing: '', database: databaseBytes };

/** What one of them sees: each path with its kind, what is left out, what cannot be looked at. */
interface Seen {
  readonly kinds: readonly string[];
  readonly leftOut: readonly string[];
  readonly unreadable: readonly string[];
}

function seenByCapture(walk: Walk): Seen {
  const kinds: string[] = [];
  const visit = (entry: WalkedEntry | null): void => {
    if (entry === null) return;
    kinds.push(`${entry.kind === 'database' ? 'file' : entry.kind} ${entry.path}`);
    if (entry.kind === 'directory') entry.children.forEach(visit);
  };
  walk.roots.forEach(visit);
  return {
    kinds: kinds.toSorted(),
    leftOut: walk.excluded.map(({ path }) => path).toSorted(),
    unreadable: walk.skipped
      .filter(({ reason }) => reason !== 'named pipe')
      .map(({ path, reason }) => `${path}: ${reason}`)
      .toSorted(),
  };
}

function seenByCheck(files: FileIndex, leftOut: readonly string[]): Seen {
  return {
    kinds: [...files.kinds].map(([path, kind]) => `${kind} ${path}`).toSorted(),
    leftOut: leftOut.filter((path) => files.unknown(path)?.path === path),
    unreadable: [...files.unreadable].map(([path, reason]) => `${path}: ${reason}`).toSorted(),
  };
}

/** It leaves nothing out: what the others do is passed by. */
async function seenByBrowsing(projectDir: string, leftOut: readonly string[]): Promise<Seen> {
  const kinds: string[] = [];
  const unreadable: string[] = [];
  const visit = async (path: ProjectPath): Promise<void> => {
    try {
      const entries = await browseLive({ path, absolutePath: livePath(onDisk(projectDir), path) });
      kinds.push(`directory ${path}`);
      for (const { name, kind } of entries) {
        const below = joinRel(path, name);
        if (leftOut.includes(below)) continue;
        if (kind === 'directory') await visit(below);
        else kinds.push(`${kind === 'database' ? 'file' : kind} ${below}`);
      }
    } catch (error) {
      unreadable.push(String(error).replace(/^\w+: "(.*)":/su, '$1:'));
    }
  };
  await visit(projectPath('data'));
  return { kinds: kinds.toSorted(), leftOut, unreadable: unreadable.toSorted() };
}

/** Root could look into everything. */
async function asAnybody<T>(work: () => Promise<T>): Promise<T> {
  return isRoot ? await asUser(12_345, work) : await work();
}

describe('all who look at live data', () => {
  it('see the same paths, kinds and numbers of files', async () => {
    const pipe = join(await tree({ pipe: fifo() }), 'pipe');
    await fc.assert(
      fc.asyncProperty(entries, exclude, include, async (all, excluded, included) => {
        const config = { dataDirs: [{ path: 'data', exclude: excluded, include: included }] };
        const root = await tree({ 'savepoint.json': JSON.stringify(config), data: {} });
        fs.chmodSync(root, 0o755);
        make(Buffer.from(join(root, 'data')), all, pipe);
        await asAnybody(async () => {
          const options = engineOptions();
          const found = findDataDirs(root, { options, allowed: [], storeDir: options.storeDir });
          const roots = rootsOf(found.projectDir, found.dataDirs);
          const walk = await walkRoots(roots, emptyIndex, options.now, uncancelled);
          const captured = seenByCapture(walk);
          const files = await indexLiveFiles(found.projectDir, roots, uncancelled.signal);
          deepStrictEqual(seenByCheck(files, captured.leftOut), captured);
          deepStrictEqual(await seenByBrowsing(root, captured.leftOut), captured);
          const [dataDir] = (await describeDataDirs(found, options, uncancelled)).dataDirs;
          const databases = walk.databases.filter(({ kind }) => kind === 'database');
          // A detection tells all that is not saved in one list, what lies behind links that lead away too.
          const notSaved = [...walk.skipped, ...walk.links].map(({ path }) => path);
          deepStrictEqual(
            {
              files: dataDir?.files,
              bytes: dataDir?.bytes,
              databases: dataDir?.databases.map(({ path }) => path),
              leftOut: dataDir?.excluded.map(({ path }) => path),
            },
            {
              files: walk.files,
              bytes: walk.bytes,
              databases: databases.map(({ path }) => path).toSorted(),
              leftOut: [...captured.leftOut, ...notSaved].toSorted(),
            },
          );
        });
      }),
      { numRuns: isLong ? 2000 : 100 },
    );
  });
});
