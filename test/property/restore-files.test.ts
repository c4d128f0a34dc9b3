import { deepStrictEqual, rejects } from 'node:assert/strict';
import fc from 'fast-check';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { isWithin } from '../../src/core/names.ts';
import { comparable, flatTree, type FlatTree } from '../support/flat-tree.ts';
import { makeRandomTree, randomTree } from '../support/random-tree.ts';
import { restoreFiles } from '../support/restore-files.ts';
import { tree } from '../support/tree.ts';

const runs = { numRuns: process.env['SAVEPOINT_LONG'] === undefined ? 150 : 5000 };

/** Two project folders with the same root `data` and something beside it that must stay. */
async function twoFolders(
  a: Parameters<typeof makeRandomTree>[1],
  b: Parameters<typeof makeRandomTree>[1],
): Promise<{ live: string; target: FlatTree }> {
  const base = await tree({ live: { data: {}, beside: { f: 'stays' } }, target: { data: {} } });
  makeRandomTree(join(base, 'live/data'), a);
  makeRandomTree(join(base, 'target/data'), b);
  return { live: join(base, 'live'), target: flatTree(join(base, 'target'), 'data') };
}

describe('restoring files', () => {
  it('makes any folder exactly any other one', async () => {
    await fc.assert(
      fc.asyncProperty(randomTree, randomTree, async (a, b) => {
        const { live, target } = await twoFolders(a, b);
        const beside = comparable(flatTree(live, 'beside'));
        await restoreFiles(live, 'data', target);
        deepStrictEqual(comparable(flatTree(live, 'data')), comparable(target));
        deepStrictEqual(comparable(flatTree(live, 'beside')), beside);
        deepStrictEqual(fs.readdirSync(live), ['beside', 'data']);
        fs.rmSync(join(live, '..'), { recursive: true });
      }),
      runs,
    );
  });

  it('leaves everything as it was when it fails before its deletions', async () => {
    await fc.assert(
      fc.asyncProperty(randomTree, randomTree, async (a, b) => {
        const { live, target } = await twoFolders(a, b);
        const before = comparable(flatTree(live, 'data'));
        const failure = new Error('the disk is gone');
        await rejects(restoreFiles(live, 'data', target, { failWith: failure }), failure);
        deepStrictEqual(comparable(flatTree(live, 'data')), before);
        fs.rmSync(join(live, '..'), { recursive: true });
      }),
      runs,
    );
  });

  it('changes nothing outside the paths it was given', async () => {
    await fc.assert(
      fc.asyncProperty(randomTree, randomTree, fc.nat(), async (a, b, pick) => {
        const { live, target } = await twoFolders(a, b);
        const before = flatTree(live, 'data');
        const paths = [...before.entries, ...target.entries]
          .filter(({ path }) => isReachable(path, before))
          .map(({ path }) => path);
        const only = paths[pick % paths.length] ?? 'data';
        await restoreFiles(live, 'data', target, { only: [only] });
        deepStrictEqual(
          comparable(below(flatTree(live, 'data'), only)),
          comparable(below(target, only)),
        );
        deepStrictEqual(outside(flatTree(live, 'data'), only), outside(before, only));
        fs.rmSync(join(live, '..'), { recursive: true });
      }),
      runs,
    );
  });

  it('keeps what was made since where it is told to', async () => {
    await fc.assert(
      fc.asyncProperty(randomTree, randomTree, async (a, b) => {
        const { live, target } = await twoFolders(a, b);
        const before = flatTree(live, 'data');
        await restoreFiles(live, 'data', target, { keepNew: true });
        const after = new Map(flatTree(live, 'data').entries.map((entry) => [entry.path, entry]));
        for (const entry of target.entries)
          deepStrictEqual(after.get(entry.path)?.kind, entry.kind);
        const wanted = new Map(target.entries.map((entry) => [entry.path, entry.kind]));
        for (const { path, content } of before.entries) {
          const parents = [...wanted].filter(([at]) => path !== at && isWithin(path, at));
          const isInTheWay = parents.some(([, kind]) => kind !== 'directory');
          if (!wanted.has(path) && !isInTheWay) deepStrictEqual(after.get(path)?.content, content);
        }
        fs.rmSync(join(live, '..'), { recursive: true });
      }),
      runs,
    );
  });

  it('does nothing at all the second time', async () => {
    await fc.assert(
      fc.asyncProperty(randomTree, randomTree, async (a, b) => {
        const { live, target } = await twoFolders(a, b);
        await restoreFiles(live, 'data', target);
        const inodes = changeTimes(live);
        await restoreFiles(live, 'data', target);
        deepStrictEqual(changeTimes(live), inodes);
        fs.rmSync(join(live, '..'), { recursive: true });
      }),
      runs,
    );
  });
});

/** Nothing but folders lies above it now: else the path alone cannot be restored. */
function isReachable(path: string, live: FlatTree): boolean {
  const above = live.entries.filter((entry) => path !== entry.path && isWithin(path, entry.path));
  return above.every(({ kind }) => kind === 'directory');
}

function below(tree: FlatTree, scope: string): FlatTree {
  const entries = tree.entries.filter(({ path }) => isWithin(path, scope));
  // Names of the same file that are out of scope do not count.
  const inScope = new Set<string>(entries.map(({ path }) => path));
  const firsts = new Map<string, string>();
  const own = entries.map((entry) => {
    if (entry.hardlink === '' || inScope.has(entry.hardlink)) return entry;
    const first = firsts.get(entry.hardlink);
    if (first === undefined) firsts.set(entry.hardlink, entry.path);
    return { ...entry, hardlink: first ?? '' };
  });
  return { entries: own, content: tree.content };
}

/** What must stay: everything but the scope and times of folders above it; names of files in it are no longer shared. */
function outside(tree: FlatTree, scope: string): unknown {
  const entries = tree.entries.filter(({ path }) => !isWithin(path, scope));
  const parent = scope.slice(0, Math.max(0, scope.lastIndexOf('/')));
  return entries
    .filter(({ path }) => path !== parent || !isWithin(scope, path))
    .filter(({ path }) => !isWithin(scope, path))
    .map(({ path, kind, mode, content, mtimeNs }) => ({
      path,
      kind,
      mode,
      content,
      time: mtimeNs / 1000n,
    }));
}

/** Change times of everything, so that not even a `chmod` to the same mode goes unseen. */
function changeTimes(project: string): unknown {
  const seen: unknown[] = [];
  for (const { path, kind } of flatTree(project, 'data').entries) {
    const stats = fs.lstatSync(join(project, path), { bigint: true, throwIfNoEntry: false });
    if (kind !== 'directory') seen.push([path, stats?.ino, stats?.ctimeNs]);
  }
  return seen;
}
