import { deepStrictEqual, equal, notEqual } from 'node:assert/strict';
import { projectPath } from '../../../src/core/names.ts';
import { findCollisions } from '../../../src/core/restore/name-collisions.ts';
import { fileChangesOf, isEmptyPlan, planText } from '../../../src/core/restore/plan-changes.ts';
import { planOperations, type RestorePlan } from '../../../src/core/restore/plan-operations.ts';
import type { PlanEntry, PlanInput } from '../../../src/core/restore/plan-entries.ts';

describe('planOperations', () => {
  it('names deletions deepest first and folders outermost first', () => {
    const plan = planOf(
      { 'd/': '', 'd/old/': '', 'd/old/x': '1' },
      { 'd/': '', 'd/new/': '', 'd/new/y/': '' },
    );
    deepStrictEqual(paths(plan.remove), ['d/old/x', 'd/old']);
    deepStrictEqual(paths(plan.makeFolders), ['d/new', 'd/new/y']);
  });

  it('clears what is in the way of another kind before anything is made', () => {
    const plan = planOf(
      { 'd/': '', 'd/a/': '', 'd/a/b': '1', 'd/c': '1', 'd/e': 'link:x' },
      { 'd/': '', 'd/a': '1', 'd/c/': '', 'd/e': '1' },
    );
    deepStrictEqual(paths(plan.clear), ['d/c', 'd/a/b', 'd/a']);
    deepStrictEqual(
      plan.write.map(({ entry }) => entry.path),
      ['d/a', 'd/e'],
    );
    deepStrictEqual(plan.remove, []);
  });

  it('takes a stale sidecar away before its database comes, never after', () => {
    const plan = planOf(
      { 'd/': '', 'd/x': 'rubbish', 'd/x-wal': 'stale' },
      { 'd/': '', 'd/x': 'db:1' },
    );
    deepStrictEqual(paths(plan.clear), ['d/x-wal', 'd/x']);
    deepStrictEqual(plan.remove, []);
    deepStrictEqual(
      plan.databases.map(({ path, action }) => [path, action]),
      [['d/x', 'create']],
    );
  });

  it('leaves an ordinary file alone that is only named like a sidecar', () => {
    const plan = planOf(
      { 'd/': '', 'd/x': '1', 'd/x-wal': 'new' },
      { 'd/': '', 'd/x': '1' },
      { keepNew: true },
    );
    equal(isEmptyPlan(plan), true);
  });

  it('removes a database before a file takes the name of its log', () => {
    const plan = planOf({ 'd/': '', 'd/x': 'db:1' }, { 'd/': '', 'd/x-wal': 'an ordinary file' });
    deepStrictEqual(paths(plan.clear), ['d/x']);
    deepStrictEqual(plan.databases, []);
  });

  it('says what is in the way and out of scope instead of touching it', () => {
    const plan = planOf(
      { 'd/': '', 'd/a': 'a file' },
      { 'd/': '', 'd/a/': '', 'd/a/b': '1' },
      { inScope: (path) => path === 'd/a/b' },
    );
    deepStrictEqual(plan.obstacles, ['d/a']);
  });

  it('keeps what the snapshot says nothing about, and the folders around it', () => {
    const plan = planOf(
      { 'd/': '', 'd/new/': '', 'd/new/tmp/': '', 'd/new/tmp/x': '1', 'd/new/y': '1' },
      { 'd/': '' },
      { isUncovered: (path) => path.startsWith('d/new/tmp') },
    );
    deepStrictEqual(paths(plan.remove), ['d/new/y']);
  });

  it('finds nothing to do where only the times of folders differ', () => {
    const live = entries({ 'd/': '' }).map((entry) => ({ ...entry, mtimeNs: 5_000_000n }));
    const plan = planOperations({ ...input, live, snapshot: entries({ 'd/': '' }) });
    equal(isEmptyPlan(plan), true);
  });

  it('compares times to the microsecond, no finer', () => {
    const at = (mtimeNs: bigint): PlanEntry[] =>
      entries({ a: '1' }).map((entry) => ({ ...entry, mtimeNs }));
    const touched = (a: bigint, b: bigint): number =>
      planOperations({ ...input, live: at(a), snapshot: at(b) }).touch.length;
    deepStrictEqual([touched(1000n, 1999n), touched(1999n, 2000n), touched(5n, 999n)], [0, 1, 0]);
    deepStrictEqual([touched(-1000n, -1n), touched(-1001n, -1000n), touched(5n, -1n)], [0, 1, 1]);
  });

  it('gives a shared inode up where a name of it is out of scope', () => {
    const shared = (content: string): PlanEntry[] =>
      entries({ a: content, b: content }).map((entry) => ({
        ...entry,
        hardlink: entry.path === 'b' ? 'a' : '',
      }));
    const plan = planOperations({
      ...input,
      live: shared('1'),
      snapshot: shared('2'),
      inScope: (path) => path === 'a',
    });
    deepStrictEqual(
      plan.write.map(({ entry }) => entry.path),
      ['a'],
    );
    deepStrictEqual(plan.link, []);
    const whole = planOperations({ ...input, live: shared('1'), snapshot: shared('2') });
    deepStrictEqual(
      whole.link.map(({ entry, to }) => [entry.path, to]),
      [['b', 'a']],
    );
  });
});

describe('fileChangesOf', () => {
  it('lists folders only where they are empty or change their mode', () => {
    const plan = planOf(
      { 'd/': '', 'd/gone/': '', 'd/gone/empty/': '', 'd/mode/': '' },
      { 'd/': '', 'd/come/': '', 'd/come/x': '1', 'd/mode/': 'mode:700', 'd/void/': '' },
    );
    deepStrictEqual(
      fileChangesOf(plan).map(({ op, path }) => `${op} ${path}`),
      ['add d/come/x', 'remove d/gone/empty', 'change d/mode', 'add d/void'],
    );
  });
});

describe('planText', () => {
  it('differs where other files, other signatures or another snapshot are meant, and only then', () => {
    const plan = planOf({ a: '1', b: '1' }, { a: '2' });
    const facts = { snapshot: 's', keepNew: false, signature: (path: string) => `sig ${path}` };
    const text = planText(plan, facts);
    equal(planText(planOf({ a: '1', b: '1' }, { a: '2' }), facts), text);
    notEqual(planText(plan, { ...facts, snapshot: 't' }), text);
    notEqual(planText(plan, { ...facts, signature: () => 'other' }), text);
    notEqual(planText(planOf({ a: '1' }, { a: '2' }), facts), text);
    notEqual(planText(planOf({ a: '1', b: '1' }, { a: '3' }), facts), text);
  });
});

describe('findCollisions', () => {
  const both = { ignoresCase: true, ignoresUnicodeForm: true };

  it('finds names that become one, folders above them included', () => {
    deepStrictEqual(findCollisions(['A/x', 'a/x', 'b', 'c'], both), [['A/x', 'a/x']]);
    deepStrictEqual(findCollisions(['e\u0301', '\u00e9'], both), [['e\u0301', '\u00e9']]);
  });

  it('finds none where the disk tells them apart', () => {
    deepStrictEqual(
      findCollisions(['A', 'a', 'e\u0301', '\u00e9'], {
        ignoresCase: false,
        ignoresUnicodeForm: false,
      }),
      [],
    );
    deepStrictEqual(findCollisions(['\udc80', '\udc81', 'a'], both), []);
  });
});

const input: PlanInput = {
  live: [],
  snapshot: [],
  inScope: () => true,
  keepNew: false,
  isUncovered: () => false,
  isSameDatabase: () => false,
  canOwn: () => true,
};

type Literal = Readonly<Record<string, string>>;

function planOf(live: Literal, snapshot: Literal, changes: Partial<PlanInput> = {}): RestorePlan {
  return planOperations({ ...input, live: entries(live), snapshot: entries(snapshot), ...changes });
}

/** `name/` is a folder, `link:` a link, `db:` a database, `mode:` sets a folder's mode. */
function entries(literal: Literal): PlanEntry[] {
  return Object.entries(literal).map(([name, value]) => {
    const isFolder = name.endsWith('/');
    const [, prefix = '', rest = ''] = /^(link|db|mode):(.*)$/.exec(value) ?? [];
    const kind = isFolder
      ? 'directory'
      : prefix === 'link'
        ? 'symlink'
        : prefix === 'db'
          ? 'database'
          : 'file';
    return {
      path: projectPath(name),
      kind,
      mode: prefix === 'mode' ? Number.parseInt(rest, 8) : 0o755,
      uid: 0,
      gid: 0,
      mtimeNs: 0n,
      size: isFolder ? 0 : value.length,
      content: isFolder ? '' : value,
      hardlink: '',
    };
  });
}

function paths(list: readonly PlanEntry[]): string[] {
  return list.map(({ path }) => path);
}
