// The two texts of a `.rows` document, whole, as the diff editor gets them.

import { deepStrictEqual, notStrictEqual, ok, strictEqual } from 'node:assert/strict';
import type { CellDocument, RowChange, TableDiff } from '../../../src/core/documents/documents.ts';
import {
  rowChangesText,
  type RowChangesOptions,
} from '../../../src/core/views/row-changes-text.ts';

function tableOf(rows: readonly RowChange[], counts: Partial<TableDiff> = {}): TableDiff {
  const count = (op: string): number => rows.filter((row) => row.op === op).length;
  return {
    name: 'projects',
    added: count('add'),
    removed: count('remove'),
    changed: count('change'),
    rows,
    ...counts,
  };
}

function restore(table: TableDiff): RowChangesOptions {
  return { database: 'data/docsfy.db', table, view: { kind: 'restore' } };
}

function check(options: RowChangesOptions, left: string, right: string): void {
  const document = rowChangesText(options);
  deepStrictEqual([`\n${document.left}`, `\n${document.right}`], [left, right]);
}

const key = (name: string) => ({
  name,
  branch: 'main',
  ai_provider: 'gemini',
  ai_model: 'pro',
  owner: '',
});

const threeRows: readonly RowChange[] = [
  {
    op: 'change',
    key: key('alpha'),
    before: { name: 'alpha', status: 'error', page_count: 0 },
    after: { name: 'alpha', status: 'ready', page_count: 42 },
  },
  { op: 'add', key: key('beta'), before: null, after: { name: 'beta' } },
  { op: 'remove', key: key('gamma'), before: { name: 'gamma' }, after: null },
];

const headsOf = (text: string): readonly (readonly [number, string])[] =>
  [...text.split('\n').entries()].filter(([, line]) => /^[-+~] /.test(line));

describe('rowChangesText', () => {
  it('shows what comes back, goes and changes, each row by itself', () => {
    check(
      restore(tableOf(threeRows)),
      `
// projects in docsfy.db: 1 row comes back, 1 goes, 1 changes
// Left: now. Right: after the restore. Key: name · branch · ai_provider · ai_model · owner

~ alpha · main · gemini · pro · ""  status, page_count
  1  status      "error"
  1  page_count  0
  1  name        "alpha"

+ beta · main · gemini · pro · ""  missing now
  2  (no row)

- gamma · main · gemini · pro · ""  made since
  3  name        "gamma"
`,
      `
// projects in docsfy.db: 1 row comes back, 1 goes, 1 changes
// Left: now. Right: after the restore. Key: name · branch · ai_provider · ai_model · owner

~ alpha · main · gemini · pro · ""  status, page_count
  1  status      "ready"
  1  page_count  42
  1  name        "alpha"

+ beta · main · gemini · pro · ""  missing now
  2  name        "beta"

- gamma · main · gemini · pro · ""  made since
  3  (no row)
`,
    );
  });

  it('speaks of added, removed and changed rows between two sides', () => {
    const table = tableOf(threeRows.slice(1), { added: 2000, rows: threeRows.slice(1) });
    const { left } = rowChangesText({
      database: 'app.db',
      table,
      view: { kind: 'compare', left: '"Before migration" (14:32)', right: 'now' },
    });
    deepStrictEqual(left.split('\n'), [
      '// projects in app.db: 2,000 rows added, 1 removed',
      '// Left: "Before migration" (14:32). Right: now. Key: name · branch · ai_provider · ai_model · owner',
      '',
      '+ beta · main · gemini · pro · ""  added',
      '  1  (no row)',
      '',
      '- gamma · main · gemini · pro · ""  removed',
      '  2  name  "gamma"',
      '',
      '// 1,999 more rows differ.',
      '',
    ]);
  });

  it('says which columns only one side has, and shows them on it', () => {
    const row: RowChange = {
      op: 'change',
      key: { id: 7 },
      before: { id: 7, x: 'old', Name: 'a' },
      after: { id: 7, name: 'b', owner: null },
    };
    const columns = { onlyBefore: ['x'], onlyAfter: ['owner'], compared: 2 };
    const head = `
// projects in docsfy.db: 1 row changes
// Left: now. Right: after the restore. Key: id
// Column only now: x. Only after: owner. Compared on the 2 that both have.

~ 7  name
`;
    check(
      restore(tableOf([row], { columns })),
      `${head}  1  name   "a"
  1  id     7
  1  owner  (no column)
  1  x      "old"
`,
      `${head}  1  name   "b"
  1  id     7
  1  owner  NULL
  1  x      (no column)
`,
    );
  });

  it('counts equal rows that nothing tells apart', () => {
    const row: RowChange = { op: 'remove', key: {}, before: { word: 'a' }, after: null };
    const other: RowChange = { ...row, before: { word: 'b' } };
    check(
      restore(tableOf([row, { ...row }, row, other])),
      `
// projects in docsfy.db: 4 rows go
// Left: now. Right: after the restore. No key: equal rows are counted.

- (no key)  made since, 3 equal rows
  1  word  "a"

- (no key)  made since
  2  word  "b"
`,
      `
// projects in docsfy.db: 4 rows go
// Left: now. Right: after the restore. No key: equal rows are counted.

- (no key)  made since, 3 equal rows
  1  (no row)

- (no key)  made since
  2  (no row)
`,
    );
  });

  it('pads the numbers, so that no line of one row equals a line of another', () => {
    const rows = Array.from({ length: 12 }, (_, i): RowChange => {
      return { op: 'add', key: { rowid: i }, before: null, after: { word: 'same' } };
    });
    const { left, right } = rowChangesText(restore(tableOf(rows)));
    for (const text of [left, right]) {
      const lines = text.split('\n').filter((line) => line !== '');
      strictEqual(new Set(lines).size, lines.length);
    }
    ok(right.includes('+ rowid 1  missing now\n   2  word  "same"\n'));
    ok(right.includes('+ rowid 11  missing now\n  12  word  "same"\n'));
  });

  it('is cut at the rows asked for, and says how many more there are', () => {
    const table = tableOf(threeRows, { changed: 40 });
    const { left, right } = rowChangesText({ ...restore(table), maxRows: 1 });
    strictEqual(headsOf(left).length, 1);
    for (const text of [left, right]) ok(text.endsWith('"alpha"\n\n// 41 more rows differ.\n'));
    const { left: almost } = rowChangesText({ ...restore(tableOf(threeRows)), maxRows: 2 });
    ok(almost.endsWith('\n\n// 1 more row differs.\n'));
  });

  it('begins each row on the same line of both texts', () => {
    const { left, right } = rowChangesText(restore(tableOf(threeRows)));
    strictEqual(headsOf(left).length, 3);
    deepStrictEqual(headsOf(left), headsOf(right));
  });

  it('does not let a long name push the values of all columns out of sight', () => {
    const long = 'n'.repeat(100);
    const after = { word: 'a', [long]: 'b' };
    const row: RowChange = { op: 'add', key: { rowid: 1 }, before: null, after };
    const { right } = rowChangesText(restore(tableOf([row])));
    ok(right.includes(`\n  1  word${' '.repeat(38)}"a"\n  1  ${long}  "b"\n`), right);
  });

  it('names a few of many changed columns', () => {
    const columns = (value: number): Record<string, number> =>
      Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`c${i}`, value]));
    const row: RowChange = {
      op: 'change',
      key: { rowid: 1 },
      before: columns(1),
      after: columns(2),
    };
    ok(
      rowChangesText(restore(tableOf([row]))).left.includes(
        '\n~ rowid 1  c0, c1, c2, c3, c4, c5, c6, c7 and 12 more\n',
      ),
    );
  });
});

describe('values of a .rows document', () => {
  function linesOf(value: CellDocument): readonly string[] {
    const row: RowChange = { op: 'add', key: { rowid: 1 }, before: null, after: { v: value } };
    return rowChangesText(restore(tableOf([row])))
      .right.split('\n')
      .slice(4, -1);
  }

  it('writes each type in its own way', () => {
    const sha256 = '3b1f'.repeat(16);
    const cases: readonly [CellDocument, string][] = [
      [null, 'NULL'],
      [42, '42'],
      [-1.5, '-1.5'],
      [1e300, '1.0e+300'],
      [{ real: '2.0' }, '2.0'],
      [{ int: '9223372036854775807' }, '9223372036854775807'],
      ['', '""'],
      ['say "hi" 👋🏽', '"say \\"hi\\" 👋🏽"'],
      [{ blob: sha256, bytes: 1024 }, 'blob, 1,024 bytes, sha256 3b1f3b1f3b1f...'],
    ];
    for (const [value, text] of cases) deepStrictEqual(linesOf(value), [`  1  v  ${text}`]);
  });

  it('writes text of several lines one line each', () => {
    deepStrictEqual(linesOf('one\n\n  two\tthree\n'), [
      '  1  v  | one',
      '  1     | ',
      '  1     |   two\tthree',
      '  1     | ',
    ]);
  });

  it('quotes lines whose end or characters cannot be seen', () => {
    deepStrictEqual(linesOf('one\r\ntwo \nthree'), [
      '  1  v  |"one\\r"',
      '  1     |"two "',
      '  1     | three',
    ]);
  });

  it('shows the beginning of long text behind its length and hash', () => {
    const sha256 = 'ab12'.repeat(16);
    deepStrictEqual(linesOf({ text: 'one\ntwo', characters: 41_200, sha256 }), [
      '  1  v  text, 41,200 characters, sha256 ab12ab12ab12...',
      '  1     | one',
      '  1     | two',
      '  1     | ...',
    ]);
  });

  it('never shows two values alike, nor breaks a line', () => {
    const values: readonly CellDocument[] = [
      null, 'NULL', '', ' ', '  ', 1, { real: '1.0' }, '1', '1.0', { int: '9007199254740993' },
      9007199254740992, '9007199254740993', 'a', 'a\n', '\na', 'a\r', 'a\r\n', 'a\\r', 'a\u2028b',
      'a\\u2028b', 'a\nb', 'a\n b', 'a\nb ', '"a"\nb', '|"a"\nb', 'a\tb', 'a\\tb', 'a\tb\n',
      '\u202eabc', '\udc80', '\\udc80', '\0', '🙂', '\ud83d', 'a\u0085b', { blob: '00', bytes: 1 },
      'blob, 1 bytes, sha256 00...',
    ]; // prettier-ignore
    const shown = values.map((value) => linesOf(value).join('\n'));
    strictEqual(new Set(shown).size, shown.length);
    for (const text of shown) {
      ok(!/[\r\u0085\u2028\u2029\u202e\0]/.test(text) && text.isWellFormed(), text);
      for (const line of text.split('\n')) ok(line.startsWith('  1  '), line);
    }
    notStrictEqual(linesOf('x\ny ').join('\n').trimEnd(), linesOf('x\ny').join('\n').trimEnd());
  });
});
