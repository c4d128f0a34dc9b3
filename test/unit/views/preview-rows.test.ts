import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import type { FileChange, RestorePlanDocument } from '../../../src/core/documents/documents.ts';
import {
  diffTree,
  leafKeys,
  pathKey,
  planTree,
  rootsOf,
  tableKey,
  type ChangeNode,
  type ChangeTree,
} from '../../../src/core/views/change-tree.ts';
import { noteRows } from '../../../src/core/views/preview-notes.ts';
import { changeRow, isSmall, type PreviewMode } from '../../../src/core/views/preview-rows.ts';
import {
  isNothingTicked,
  leftOutAnew,
  onlyPaths,
  onlyThese,
  selectionOptions,
  withTicks,
  withBox,
  type LeftOut,
} from '../../../src/core/views/preview-selection.ts';
import {
  changeEntries,
  compareMessage,
  nothingWritten,
  previewMessage,
  writtenBetween,
} from '../../../src/core/views/preview-texts.ts';
import {
  clock,
  databaseDiff,
  diffDocument,
  fileChange,
  tableDiff,
  wholeFolder,
} from '../../support/documents.ts';
import { entry, mismatch, plan } from './samples.ts';

const site = 'data/projects/alpha/main/gemini/pro/site';

/** The picture of the view's design: two tables, nine files to write and five to delete. */
function sample(facts: Partial<RestorePlanDocument> = {}): RestorePlanDocument {
  const tables = [tableDiff('projects', [12, 3, 4]), tableDiff('users', [0, 0, 1])];
  return plan({
    databases: [
      {
        path: 'data/docsfy.db',
        method: 'live',
        diff: databaseDiff({ tables }),
        tables: null,
        wholeBecause: null,
        openIn: ['node (4242)'],
      },
    ],
    fileChanges: [
      ...wholeFolder('add', site, 8, 12_288),
      fileChange('change', 'data/projects/alpha/main/gemini/pro/plan.json', 4198, 3994),
      ...wholeFolder('remove', 'data/projects/gamma/main/gemini/pro', 5, 100),
    ],
    files: { written: 9, deleted: 5, unchanged: 1190 },
    ...facts,
  });
}

const none: LeftOut = new Set();

/** The rows as text: two spaces a level, `[x]` or `[ ]` where there is a box. */
function shown(tree: ChangeTree, leftOut: LeftOut = none, mode: PreviewMode = 'restore'): string[] {
  const lines = (nodes: readonly ChangeNode[], level: number): string[] =>
    nodes.flatMap((node) => {
      const row = changeRow(node, mode, leftOut, true);
      const box = row.box === undefined ? '' : row.box.isTicked ? '[x] ' : '[ ] ';
      const line = `${'  '.repeat(level)}${box}${row.label} | ${row.description}`;
      return [line, ...lines('children' in node ? node.children : [], level + 1)];
    });
  return lines(rootsOf(tree), 0);
}

function find(tree: ChangeTree, key: string): ChangeNode {
  const all = (node: ChangeNode): ChangeNode[] => [
    node,
    ...('children' in node ? node.children.flatMap(all) : []),
  ];
  const found = rootsOf(tree)
    .flatMap(all)
    .find((node) => leafKeys(node).length === 1 && leafKeys(node)[0] === key);
  if (!found) throw new Error(`no ${key}`);
  return found;
}

describe('the rows of a restore preview', () => {
  it('are databases with their tables, then folders, deletions last', () => {
    const pages = Array.from({ length: 8 }, (_, n) => `      [x] page-${n}.html | missing now`);
    const made = Array.from({ length: 5 }, (_, n) => `    [x] page-${n}.html | made since`);
    deepStrictEqual(shown(planTree(sample(), ['data'])), [
      '[x] docsfy.db | +12 -3 ~5 rows',
      '  [x] projects | +12 -3 ~4 rows',
      '  [x] users | ~1 row',
      '[x] projects | 9 to write, 5 to delete',
      '  [x] alpha/main/gemini/pro | 9 to write',
      '    [x] site | 8 to write',
      ...pages,
      '    [x] plan.json | 4.1 KB -> 3.9 KB',
      '  [x] gamma/main/gemini/pro | 5 to delete, made since',
      ...made,
    ]);
  });

  it('say how much of a parent is ticked, and leave a box empty only where nothing in it is', () => {
    const tree = planTree(sample(), ['data']);
    const users = find(tree, tableKey('data/docsfy.db', 'users'));
    const page = find(tree, pathKey(`${site}/page-0.html`));
    const some = withBox(withBox(none, users, false), page, false);
    const lines = shown(tree, some);
    deepStrictEqual(
      [lines[0], lines[2], lines[3], lines[5]],
      [
        '[x] docsfy.db | 1 of 2 tables',
        '  [ ] users | ~1 row',
        '[x] projects | 13 of 14 files',
        '    [x] site | 7 of 8 files',
      ],
    );
    const nothing = withBox(some, tree.databases[0]!, false);
    strictEqual(shown(tree, nothing)[0], '[ ] docsfy.db | +12 -3 ~5 rows');
  });

  it('are all open where they are few; else folders are closed, tables are not', () => {
    const expansions = (tree: ChangeTree): string[] =>
      rootsOf(tree).map((node) => changeRow(node, 'restore', none, isSmall(tree)).expand);
    deepStrictEqual(expansions(planTree(sample(), ['data'])), ['expanded', 'expanded']);
    const fileChanges = wholeFolder('add', site, 100, 1);
    deepStrictEqual(expansions(planTree(sample({ fileChanges }), ['data'])), [
      'expanded',
      'collapsed',
    ]);
  });

  it('give every box a name of its own', () => {
    const tree = planTree(sample(), ['data']);
    const table = changeRow(tree.databases[0]!.children[0]!, 'restore', none, true);
    strictEqual(table.box?.spoken, 'Restore table projects: 12 rows come back, 3 go, 4 change');
    strictEqual(table.spoken, 'table projects: 12 rows come back, 3 go, 4 change');
  });

  it('have no boxes at tables of a database that comes back whole or not at all', () => {
    const schema = [
      { op: 'add', type: 'column', name: 'projects.owner', before: null, after: 'TEXT' },
      { op: 'remove', type: 'index', name: 'by_name', before: 'CREATE INDEX', after: null },
    ] as const;
    const [database] = sample().databases;
    const whole = {
      ...database!,
      diff: { ...database!.diff!, schema },
      wholeBecause: 'the schema differs',
    };
    const tree = planTree(sample({ databases: [whole], fileChanges: [] }), ['data']);
    deepStrictEqual(shown(tree), [
      '[x] docsfy.db | +12 -3 ~5 rows',
      '  schema | +1 column -1 index',
      '  projects | +12 -3 ~4 rows',
      '  users | ~1 row',
    ]);
    strictEqual(
      changeRow(tree.databases[0]!.children[0]!, 'restore', none, true).tooltip,
      'The schema differs, so docsfy.db is restored whole or not at all.',
    );
    const left = withBox(none, tree.databases[0]!, false);
    deepStrictEqual(selectionOptions(tree, left, false), { except: ['data/docsfy.db'] });
  });

  it('name whole databases that come, go, or cannot be looked into', () => {
    const facts = { tables: null, wholeBecause: null, openIn: [] };
    const databases = [
      { path: 'a.db', method: 'replace', diff: databaseDiff({ state: 'added' }), ...facts },
      { path: 'b.db', method: 'delete', diff: null, ...facts },
      { path: 'c.db', method: 'replace', diff: null, ...facts },
      { path: 'd.db', method: 'live', diff: databaseDiff({ problem: 'is damaged' }), ...facts },
      { path: 'e.db', method: 'none', diff: null, ...facts },
    ] as const;
    deepStrictEqual(shown(planTree(sample({ databases, fileChanges: [] }), ['.'])), [
      '[x] a.db | comes back',
      '[x] b.db | deleted, made since',
      '[x] c.db | comes back as it was',
      '[x] d.db | cannot be compared: is damaged',
    ]);
  });

  it('keep whole paths where several data directories differ, and show links and folders', () => {
    const change = (facts: Partial<FileChange>): FileChange => ({
      ...fileChange('change', 'x', 1, 1),
      ...facts,
    });
    const fileChanges = [
      change({ path: 'data/a.txt' }),
      change({ path: 'data/empty', kind: 'directory', op: 'add' }),
      change({ path: 'store/link', kind: 'symlink' }),
      change({
        path: 'store/mode',
        kind: 'directory',
        modes: { before: 0o755, after: 0o700 },
      }),
      change({ path: 'store/x.sh', modes: { before: 0o644, after: 0o755 } }),
      change({ path: 'store/mode/in.txt' }),
      change({ path: '/srv/outside/b.txt', beforeBytes: 5 }),
    ];
    deepStrictEqual(shown(planTree(sample({ databases: [], fileChanges }), ['data', 'store'])), [
      '[x] /srv/outside | 1 to write',
      '  [x] b.txt | 5 B -> 1 B',
      '[x] data | 2 to write',
      '  [x] a.txt | 1 B, same size',
      '  [x] empty | empty folder',
      '[x] store | 3 to write',
      '  [x] mode | 1 to write',
      '    [x] in.txt | 1 B, same size',
      '  [x] link | link',
      '  [x] x.sh | mode 644 -> 755',
    ]);
  });

  it('end with foreign keys, mismatches and programs', () => {
    const rows = noteRows(
      sample({
        foreignKeys: [
          { database: 'data/docsfy.db', table: 'project_access', parent: 'users', rows: 3 },
        ],
        mismatches: { before: 3, after: 3 },
        newMismatches: [mismatch({ table: 'users', key: { id: 3 }, detail: 'no avatar.png' })],
      }),
    );
    const lines = (nodes: typeof rows, indent = ''): string[] =>
      nodes.flatMap((row) => [
        `${indent}${row.icon} ${row.label} | ${row.description}`,
        ...lines(row.children, `${indent}  `),
      ]);
    deepStrictEqual(lines(rows), [
      'error Foreign keys | 3 rows of project_access would have no row in users',
      'warning Mismatches | 3 now -> 3 after, 1 new',
      '  error users 3 | no avatar.png (new)',
      'plug Open in 1 program | node (4242)',
      '  plug node (4242) | data/docsfy.db',
    ]);
    deepStrictEqual(noteRows(plan()), []);
  });
});

describe('the ticks as options of a restore', () => {
  const tree = planTree(sample(), ['data']);

  it('are none while everything is ticked', () => {
    deepStrictEqual(selectionOptions(tree, none, true), {});
    strictEqual(isNothingTicked(tree, none), false);
  });

  it('leave out tables and the topmost folders that can say it', () => {
    const users = find(tree, tableKey('data/docsfy.db', 'users'));
    const gamma = onlyPaths(tree, ['data/projects/gamma']);
    const others = new Set([...leafKeysOf(tree)].filter((key) => !gamma.has(key)));
    deepStrictEqual(selectionOptions(tree, withBox(others, users, false), true), {
      except: ['data/projects/gamma/main/gemini/pro'],
      exceptTable: ['data/docsfy.db:users'],
    });
  });

  it('name what is wanted where that is shorter and nothing else is bound to it', () => {
    const left = onlyPaths(tree, ['data/projects/alpha/main/gemini/pro/plan.json']);
    deepStrictEqual(selectionOptions(tree, left, true), {
      only: ['data/projects/alpha/main/gemini/pro/plan.json'],
    });
    deepStrictEqual(selectionOptions(tree, left, false), {
      except: ['data/docsfy.db', site, 'data/projects/gamma/main/gemini/pro'],
    });
    const table = onlyThese(tree, [find(tree, tableKey('data/docsfy.db', 'users'))]);
    deepStrictEqual(selectionOptions(tree, table, true), {
      except: ['data/projects'],
      exceptTable: ['data/docsfy.db:projects'],
    });
  });

  it('stay while an application writes: what is new is ticked where all beside it is', () => {
    const [database] = sample().databases;
    const tables = [...database!.diff!.tables, tableDiff('sessions', [0, 1, 0])];
    const later = planTree(
      sample({
        databases: [
          { ...database!, diff: databaseDiff({ tables }) },
          { ...database!, path: 'data/visits.db' },
        ],
        fileChanges: [
          ...sample().fileChanges,
          fileChange('remove', 'data/projects/late/made.txt', 1, null),
        ],
      }),
      ['data'],
    );
    const isTicked = (left: LeftOut, key: string): boolean =>
      !leftOutAnew(tree, later, left).has(key);
    const isNewTicked = (left: LeftOut): readonly boolean[] =>
      [
        tableKey('data/docsfy.db', 'sessions'),
        tableKey('data/visits.db', 'users'),
        pathKey('data/projects/late/made.txt'),
      ].map((key) => isTicked(left, key));
    const users = find(tree, tableKey('data/docsfy.db', 'users'));
    deepStrictEqual(isNewTicked(new Set()), [true, true, true]);
    deepStrictEqual(isNewTicked(withBox(new Set(), users, false)), [false, false, true]);
    deepStrictEqual(isNewTicked(onlyPaths(tree, ['data/docsfy.db'])), [true, false, false]);
    deepStrictEqual(isNewTicked(onlyPaths(tree, [site])), [false, false, false]);
    strictEqual(isTicked(onlyPaths(tree, [site]), pathKey(`${site}/0`)), true);
  });

  it('add to what the restore leaves out by itself', () => {
    const base = {
      snapshot: 'x',
      except: ['data/cache'],
      exceptTable: ['data/docsfy.db:sessions'],
    };
    const users = find(tree, tableKey('data/docsfy.db', 'users'));
    const gamma = onlyPaths(tree, ['data/projects/gamma']);
    const others = new Set([...leafKeysOf(tree)].filter((key) => !gamma.has(key)));
    deepStrictEqual(withTicks(base, selectionOptions(tree, withBox(others, users, false), true)), {
      snapshot: 'x',
      except: ['data/cache', 'data/projects/gamma/main/gemini/pro'],
      exceptTable: ['data/docsfy.db:sessions', 'data/docsfy.db:users'],
    });
    const left = onlyPaths(tree, ['data/projects/alpha/main/gemini/pro/plan.json']);
    deepStrictEqual(withTicks(base, selectionOptions(tree, left, true)), {
      ...base,
      only: ['data/projects/alpha/main/gemini/pro/plan.json'],
    });
    deepStrictEqual(withTicks({ snapshot: 'x' }, {}), { snapshot: 'x' });
  });

  it('never name a folder that holds a database with a box of its own', () => {
    const inside = planTree(
      sample({ databases: [{ ...sample().databases[0]!, path: 'data/projects/x.db' }] }),
      ['data'],
    );
    const left = new Set(inside.files.flatMap(leafKeys));
    const { except = [] } = selectionOptions(inside, left, false);
    strictEqual(except.includes('data/projects'), false);
    deepStrictEqual(except, [
      'data/projects/alpha/main/gemini/pro',
      'data/projects/gamma/main/gemini/pro',
    ]);
  });

  it('are nothing where nothing is ticked', () => {
    strictEqual(isNothingTicked(tree, new Set(leafKeysOf(tree))), true);
  });

  it('cover exactly what is not ticked, whatever is clicked', () => {
    const keys = [...leafKeysOf(tree)];
    fc.assert(
      fc.property(fc.subarray(keys), fc.boolean(), (left, canSayOnly) => {
        const options = selectionOptions(tree, new Set(left), canSayOnly);
        const isLeft = (key: string): boolean => {
          const path = key.replace(/^(path|table)\//, '');
          const within = (at: string): boolean =>
            path === at || path.startsWith(`${at}/`) || path.startsWith(`${at}:`);
          return (
            (options.only !== undefined && !options.only.some(within)) ||
            (options.except ?? []).some(within) ||
            (options.exceptTable ?? []).includes(path)
          );
        };
        deepStrictEqual(keys.filter(isLeft).toSorted(), left.toSorted());
      }),
    );
  });
});

describe('the texts of the third view', () => {
  const full = sample();

  it('count what is ticked of what differs', () => {
    const [database] = full.databases;
    const tables = database!.diff!.tables.slice(0, 1);
    const selected = sample({
      databases: [{ ...database!, diff: databaseDiff({ tables }) }],
    });
    strictEqual(
      previewMessage({ full, selected, isUndo: false, written: nothingWritten }, clock),
      '"Before migration", 12 min ago. Selected: 19 of 20 rows, 14 files (5 to delete). Nothing has been changed yet.',
    );
    strictEqual(
      previewMessage({ full, selected: full, isUndo: true, written: nothingWritten }, clock),
      'Undo: back to how it was at 14:32. Selected: 20 rows, 14 files (5 to delete). Nothing has been changed yet.',
    );
    const foreignKeys = [{ database: 'data/docsfy.db', table: 'a', parent: 'b', rows: 3 }];
    strictEqual(
      previewMessage(
        { full, selected: sample({ foreignKeys }), isUndo: false, written: nothingWritten },
        clock,
      ),
      '"Before migration", 12 min ago. Selected: 20 rows, 14 files (5 to delete). Not possible so: 3 rows of a would have no row in b.',
    );
    strictEqual(
      previewMessage({ full, selected: null, isUndo: false, written: nothingWritten }, clock),
      '"Before migration", 12 min ago. Nothing is selected, so a restore would change nothing.',
    );
  });

  it('name what an application writes meanwhile, and that its numbers follow', () => {
    const [database] = full.databases;
    const later = (path: string, count: number): RestorePlanDocument =>
      sample({
        databases: [
          database!,
          { ...database!, path, diff: databaseDiff({ tables: [tableDiff('t', [0, count, 0])] }) },
        ],
        fileChanges: full.fileChanges.slice(0, -2),
      });
    const text = (before: RestorePlanDocument, after: RestorePlanDocument): string =>
      previewMessage(
        { full: after, selected: after, isUndo: false, written: writtenBetween(before, after) },
        clock,
      );
    match(
      text(later('data/visits.db', 1), later('data/visits.db', 3)),
      /Selected: about \d+ rows, .*\. visits\.db is being written; numbers follow\.$/,
    );
    match(
      text(full, later('data/a/visits.db', 3)),
      /\. visits\.db and 2 files are being written; numbers follow\.$/,
    );
    deepStrictEqual(writtenBetween(full, full), nothingWritten);
    match(
      text(full, sample({ databases: [], fileChanges: [], empty: true })),
      /The data is as it was then\.$/,
    );
  });

  it('tell both sides of a comparison, and what to do with very many changes', () => {
    const diff = diffDocument({
      databases: [databaseDiff({ tables: [tableDiff('projects', [12, 3, 5])] })],
      fileChanges: full.fileChanges,
      mismatches: { before: 2, after: 3 },
    });
    const sides = { a: entry({ label: 'Before migration' }), b: null };
    const text = '"Before migration" (14:32) -> now: +12 -3 ~5 rows, 14 files, mismatches 2 -> 3';
    strictEqual(compareMessage(diff, sides, 15, clock), text);
    strictEqual(
      compareMessage(diff, sides, 412, clock),
      `${text}. 412 changes, open them one by one.`,
    );
    deepStrictEqual(shown(diffTree(diff, ['data']), none, 'compare').slice(0, 4), [
      'docsfy.db | +12 -3 ~5 rows',
      '  projects | +12 -3 ~5 rows',
      'projects | 14 files',
      '  alpha/main/gemini/pro | 9 files',
    ]);
  });

  it('list schemas, tables and files as documents, of what is ticked', () => {
    const tree = planTree(full, ['data']);
    const left = onlyPaths(tree, ['data/docsfy.db', `${site}/page-1.html`]);
    deepStrictEqual(
      changeEntries(tree, left).map((one) => (one.kind === 'table' ? one.table : one.kind)),
      ['projects', 'users', 'file'],
    );
  });
});

function leafKeysOf(tree: ChangeTree): ReadonlySet<string> {
  return new Set(rootsOf(tree).flatMap(leafKeys));
}
