import { deepStrictEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { timeForDisk } from '../../../src/engine/sources/files/file-restore-facts.ts';
import { asUser, cannotActForOthers } from '../../support/as-user.ts';
import { comparable, flatTree, type FlatTree } from '../../support/flat-tree.ts';
import { restoreFiles } from '../../support/restore-files.ts';
import { directory, file, hardlink, tree, type Tree } from '../../support/tree.ts';

const other = 65_534;

describe('FileRestore', () => {
  it('leaves the other names of a file outside of the data as they are', async () => {
    const { live, target } = await twoFolders({ a: 'old' }, { a: 'new' });
    fs.linkSync(join(live, 'data/a'), join(live, 'outside'));
    await restoreFiles(live, 'data', target);
    equal(fs.readFileSync(join(live, 'data/a'), 'utf8'), 'new');
    equal(fs.readFileSync(join(live, 'outside'), 'utf8'), 'old');
  });

  it('makes further names of a file further names again', async () => {
    const { live, target } = await twoFolders(
      { a: 'x', b: 'y', c: 'z' },
      { a: 'x', b: hardlink('a'), c: hardlink('a') },
    );
    await restoreFiles(live, 'data', target);
    const inodes = ['a', 'b', 'c'].map((name) => fs.statSync(join(live, 'data', name)).ino);
    equal(new Set(inodes).size, 1);
  });

  it('keeps a folder in which something new lies by then', async () => {
    const { live, target } = await twoFolders({ a: { b: { c: '1' } } }, { d: '1' });
    const beforeReplace = async (path: string): Promise<void> => {
      if (path === 'data/a/b/c') fs.writeFileSync(join(live, 'data/a/b/new'), 'by a program');
    };
    deepStrictEqual(await restoreFiles(live, 'data', target, { beforeReplace }), [
      'data/a/b',
      'data/a',
    ]);
    deepStrictEqual(fs.readdirSync(join(live, 'data'), { recursive: true }), [
      'a',
      'd',
      'a/b',
      'a/b/new',
    ]);
  });

  it('never hides a file that another program makes in the last moment', async () => {
    const { live, target } = await twoFolders({}, { a: 'ours' });
    let seen = 0;
    const beforeReplace = async (path: string, stats: unknown): Promise<void> => {
      seen += 1;
      if (stats === undefined) fs.writeFileSync(join(live, path), 'theirs');
      else throw new Error('it is not in the store');
    };
    await rejects(restoreFiles(live, 'data', target, { beforeReplace }), /it is not in the store/);
    deepStrictEqual([seen, fs.readFileSync(join(live, 'data/a'), 'utf8')], [2, 'theirs']);
  });

  it('does not follow a link that takes the place of a folder while it runs', async () => {
    const { live, target } = await twoFolders(
      { d: { a: 'old' }, e: 'old' },
      { d: { a: 'new' }, e: 'new' },
    );
    const elsewhere = await tree({ a: 'theirs' });
    const beforeReplace = async (path: string): Promise<void> => {
      if (path !== 'data/d/a') return;
      fs.renameSync(join(live, 'data/d'), join(live, 'data/moved'));
      fs.symlinkSync(elsewhere, join(live, 'data/d'));
    };
    await restoreFiles(live, 'data', target, { beforeReplace }).catch((error: Error) =>
      match(error.message, /cannot be reached|not taken back/),
    );
    deepStrictEqual(fs.readdirSync(elsewhere), ['a']);
    equal(fs.readFileSync(join(elsewhere, 'a'), 'utf8'), 'theirs');
  });
});

describe('FileRestore among users and mounts', () => {
  const reason = cannotActForOthers();
  if (reason !== undefined) {
    it(`is not tried here: ${reason}`, () => ok(reason));
    return;
  }

  it('works for a user in his own folders, whatever their modes are', async () => {
    const { live, target } = await twoFolders(
      {
        closed: directory({ a: '1', b: { c: '1' } }, { mode: 0o555 }),
      },
      {
        closed: directory({ a: '2', b: { c: '2', d: '2' } }, { mode: 0o500 }),
      },
    );
    give(live, other);
    const mine = ownedBy(target, other);
    await asUser(other, () => restoreFiles(live, 'data', mine));
    deepStrictEqual(comparable(flatTree(live, 'data')), comparable(mine));
  });

  it('gives folders their modes back when it fails', async () => {
    const { live, target } = await twoFolders(
      { closed: directory({ a: '1' }, { mode: 0o555 }) },
      { closed: directory({ a: '2' }, { mode: 0o700 }) },
    );
    give(live, other);
    const before = comparable(flatTree(live, 'data'));
    const failWith = new Error('no more');
    await rejects(
      asUser(other, () => restoreFiles(live, 'data', ownedBy(target, other), { failWith })),
      failWith,
    );
    deepStrictEqual(comparable(flatTree(live, 'data')), before);
  });

  it("writes somebody else's file in place, so that it stays theirs", async () => {
    const { live, target } = await twoFolders(
      { a: file('old and longer', { mode: 0o666 }) },
      { a: file('new', { mode: 0o666 }) },
    );
    fs.chmodSync(join(live, 'data'), 0o777);
    const before = fs.statSync(join(live, 'data/a'));
    await asUser(other, () => restoreFiles(live, 'data', target));
    const after = fs.statSync(join(live, 'data/a'));
    deepStrictEqual([after.ino, after.uid], [before.ino, before.uid]);
    equal(fs.readFileSync(join(live, 'data/a'), 'utf8'), 'new');
  });

  it('takes a file back that it wrote in place', async () => {
    const { live, target } = await twoFolders(
      { a: file('old', { mode: 0o666 }) },
      { a: file('something else', { mode: 0o666 }) },
    );
    fs.chmodSync(join(live, 'data'), 0o777);
    const failWith = new Error('no more');
    await rejects(
      asUser(other, () => restoreFiles(live, 'data', target, { failWith })),
      failWith,
    );
    equal(fs.readFileSync(join(live, 'data/a'), 'utf8'), 'old');
  });

  it('says which folder is read-only, and changes nothing', async () => {
    const { live, target } = await twoFolders({ a: 'old' }, { a: 'new', b: 'new' });
    const before = comparable(flatTree(live, 'data'));
    await rejects(
      asUser(other, () => restoreFiles(live, 'data', target)),
      {
        code: 'RESTORE_BLOCKED',
        message: '"data/a" cannot be written: its folder is read-only',
      },
    );
    deepStrictEqual(comparable(flatTree(live, 'data')), before);
  });

  it('gives files and folders to their owners as root', async () => {
    const { live, target } = await twoFolders({ a: 'x', b: { c: 'x' } }, { a: 'y', b: { c: 'x' } });
    const theirs = ownedBy(target, other);
    await restoreFiles(live, 'data', theirs);
    deepStrictEqual(comparable(flatTree(live, 'data')), comparable(theirs));
  });

  it('restores below a bind mount, into which nothing can be renamed', async () => {
    const { live, target } = await twoFolders(
      { m: {}, x: '1' },
      { m: { a: 'new', b: 'new' }, x: '2' },
    );
    const elsewhere = await tree({ a: 'old', c: 'goes' });
    execFileSync('mount', ['--bind', elsewhere, join(live, 'data/m')]);
    try {
      await restoreFiles(live, 'data', target);
      deepStrictEqual(comparable(flatTree(live, 'data')), comparable(target));
      deepStrictEqual(fs.readdirSync(elsewhere), ['a', 'b']);
    } finally {
      execFileSync('umount', [join(live, 'data/m')]);
    }
  });
});

describe('timeForDisk', () => {
  it('brings every time back with the same microsecond', async () => {
    const path = join(await tree({ a: '' }), 'a');
    const times = [
      0n,
      1n,
      999n,
      1_000n,
      1_234_567_890_123_456_789n,
      1_800_000_000_999_999_999n,
      4_000_000_000_123_456_000n,
    ];
    for (let i = 0n; i < 500n; i += 1n)
      times.push((i * 7_919_000_003_000_001n) % 4_290_000_000_000_000_000n);
    // Back to 1902: before that the times of ext4 end.
    const before1970 = times.filter((ns) => ns < 2_140_000_000_000_000_000n).map((ns) => -ns);
    for (const ns of [...times, ...before1970]) {
      fs.utimesSync(path, 0, timeForDisk(ns));
      const found = fs.statSync(path, { bigint: true }).mtimeNs;
      const since1900 = 2_208_988_800_000_000_000n;
      equal((found + since1900) / 1000n, (ns + since1900) / 1000n);
    }
  });
});

async function twoFolders(a: Tree, b: Tree): Promise<{ live: string; target: FlatTree }> {
  const base = await tree({ live: { data: a }, target: { data: b } });
  fs.chmodSync(base, 0o755);
  return { live: join(base, 'live'), target: flatTree(join(base, 'target'), 'data') };
}

function give(project: string, uid: number): void {
  for (const { path } of flatTree(project, 'data').entries)
    fs.lchownSync(join(project, path), uid, uid);
}

function ownedBy(target: FlatTree, uid: number): FlatTree {
  return { ...target, entries: target.entries.map((entry) => ({ ...entry, uid, gid: uid })) };
}
