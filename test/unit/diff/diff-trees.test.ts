import { deepStrictEqual, rejects, strictEqual } from 'node:assert/strict';
import type { FileChange } from '../../../src/core/documents/documents.ts';
import { diffTrees } from '../../../src/engine/diff/diff-trees.ts';
import {
  database,
  file,
  folder,
  memoryTrees,
  symlink,
  type MemoryTree,
} from '../../support/memory-trees.ts';

const { signal } = new AbortController();

async function check(
  before: MemoryTree,
  after: MemoryTree,
  expected: { files?: readonly string[]; databases?: readonly string[] },
): Promise<void> {
  const diff = await diffTrees(memoryTrees(before), memoryTrees(after), signal);
  const databases = diff.databases.map((pair) => {
    const op = pair.before === null ? 'add' : pair.after === null ? 'remove' : 'change';
    return `${op} ${pair.path}`;
  });
  deepStrictEqual(
    { files: diff.files.map(describeChange), databases },
    { files: [], databases: [], ...expected },
  );
}

function describeChange({ op, kind, path, beforeBytes, afterBytes, modes }: FileChange): string {
  const bits = modes ? ` ${modes.before.toString(8)} ${modes.after.toString(8)}` : '';
  return `${op} ${kind} ${path} ${String(beforeBytes)} ${String(afterBytes)}${bits}`;
}

describe('diffTrees', () => {
  it('tells files that came, went and changed, with their sizes', () =>
    check(
      { a: file('1'), b: file('22'), c: file('333') },
      { a: file('1'), b: file('4444'), d: file('') },
      { files: ['change file b 2 4', 'remove file c 3 null', 'add file d null 0'] },
    ));

  it('takes mode, link target and type for changes, and neither time nor owner', () =>
    check(
      {
        mode: file('x', { mode: 0o644 }),
        both: file('x', { mode: 0o644 }),
        link: symlink('a'),
        type: file('x'),
        time: file('x', { mtimeNs: 1n }),
        owner: file('x', { uid: 0 }),
        old: folder({ inside: file('x', { mtimeNs: 1n }) }, { mtimeNs: 1n }),
      },
      {
        mode: file('x', { mode: 0o600 }),
        both: file('y', { mode: 0o600 }),
        link: symlink('b'),
        type: symlink('x'),
        time: file('x', { mtimeNs: 2n }),
        owner: file('x', { uid: 1 }),
        old: folder({ inside: file('x', { mtimeNs: 2n }) }, { mtimeNs: 2n }),
      },
      {
        files: [
          'change file both 1 1',
          'change symlink link null null',
          'change file mode 1 1 644 600',
          'change symlink type 1 null',
        ],
      },
    ));

  it('names a folder only where nothing else tells of it', () =>
    check(
      {
        gone: folder(),
        goneFull: folder({ f: file('1') }),
        emptied: folder({ f: file('1') }),
        mode: folder({ f: file('1') }, { mode: 0o755 }),
        same: folder(),
      },
      {
        come: folder(),
        comeFull: folder({ f: file('1'), deep: folder({ empty: folder() }) }),
        emptied: folder(),
        mode: folder({ f: file('1') }, { mode: 0o700 }),
        same: folder(),
      },
      {
        files: [
          'add directory come null null',
          'add directory comeFull/deep/empty null null',
          'add file comeFull/f null 1',
          'remove file emptied/f 1 null',
          'remove directory gone null null',
          'remove file goneFull/f 1 null',
          'change directory mode null null 755 700',
        ],
      },
    ));

  it('tells a file that became a folder together with what is in it', () =>
    check(
      { a: file('1'), b: folder({ x: file('1') }) },
      { a: folder({ x: file('1') }), b: file('1') },
      {
        files: [
          'change directory a 1 null',
          'add file a/x null 1',
          'change file b null 1',
          'remove file b/x 1 null',
        ],
      },
    ));

  it('says of a file with which topmost folder it came or went, if that did as a whole', async () => {
    const { files } = await diffTrees(
      memoryTrees({
        kept: folder({ gone: file('1'), stays: file('2') }),
        old: folder({ a: folder({ b: file('3') }) }),
      }),
      memoryTrees({ kept: folder({ stays: file('2') }), new: folder({ c: file('4') }) }),
      signal,
    );
    deepStrictEqual(
      files.map(({ path, folder }) => [path, folder]),
      [
        ['kept/gone', undefined],
        ['new/c', 'new'],
        ['old/a/b', 'old'],
      ],
    );
  });

  it('keeps databases out of the files', () =>
    check(
      {
        data: folder({ a: database('1'), b: database('1'), same: database('1') }),
        turned: database('1'),
        back: file('1'),
        mode: database('1', { mode: 0o644 }),
      },
      {
        data: folder({ a: database('2'), c: database('1'), same: database('1', { mtimeNs: 5n }) }),
        turned: file('2'),
        back: database('3'),
        mode: database('1', { mode: 0o600 }),
      },
      {
        files: ['remove file back 1 null', 'add file turned null 1'],
        databases: [
          'add back',
          'change data/a',
          'remove data/b',
          'add data/c',
          'change mode',
          'remove turned',
        ],
      },
    ));

  it('sorts whole paths, not folder by folder', () =>
    check(
      {},
      { 'a-b': file(''), a: folder({ x: file('') }), 'a.c': file('') },
      {
        files: ['add file a-b null 0', 'add file a.c null 0', 'add file a/x null 0'],
      },
    ));

  it('takes names that are not UTF-8, and the names of objects, as any other', () =>
    check(
      {},
      { '\udcff': file(''), ['__proto__']: file(''), constructor: file('') },
      {
        files: [
          'add file __proto__ null 0',
          'add file constructor null 0',
          'add file \udcff null 0',
        ],
      },
    ));

  it('looks into nothing that is equal', async () => {
    const big = folder(
      Object.fromEntries(
        Array.from('abcdef').map((name) => [name, folder({ [name]: file(name) })]),
      ),
    );
    const before = memoryTrees({ big, other: folder({ x: file('1') }) });
    const after = memoryTrees({ big, other: folder({ x: file('2') }) });
    await diffTrees(before, after, signal);
    strictEqual(before.reads() + after.reads(), 4);
  });

  it('takes null for nothing at all', async () => {
    const { reader, tree } = memoryTrees({ a: file('1'), b: database('') });
    const gone = await diffTrees({ reader, tree }, { reader, tree: null }, signal);
    deepStrictEqual(
      [gone.files.map(describeChange), gone.databases.map(({ path, after }) => [path, after])],
      [['remove file a 1 null'], [['b', null]]],
    );
  });

  it('ends where it is cancelled', async () => {
    const side = memoryTrees({ a: folder({ b: file('') }) });
    await rejects(diffTrees(side, memoryTrees({}), AbortSignal.abort()), { name: 'AbortError' });
  });
});
