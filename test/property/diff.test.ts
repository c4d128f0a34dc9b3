// Differences against models that are far simpler: all paths of two trees compared one by one, all
// rows of two tables read into memory.

import Database from 'better-sqlite3';
import fc from 'fast-check';
import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CellDocument, RowDocument, TableDiff } from '../../src/core/documents/documents.ts';
import { firstRows } from '../../src/engine/browse/browse-database.ts';
import { diffTrees } from '../../src/engine/diff/diff-trees.ts';
import { diff } from '../support/images.ts';
import { memoryTrees, type MemoryEntry, type MemoryTree } from '../support/memory-trees.ts';
import { tree } from '../support/tree.ts';

const { signal } = new AbortController();

describe('diffTrees, whatever the trees', () => {
  it('tells what comparing all paths one by one tells', () =>
    fc.assert(
      fc.asyncProperty(anyTree, anyTree, async (before, after) => {
        const { files, databases } = await diffTrees(
          memoryTrees(before),
          memoryTrees(after),
          signal,
        );
        deepStrictEqual(
          [
            ...files.map(({ op, path }) => `${op} ${path}`),
            ...databases.map(({ path }) => `db ${path}`),
          ],
          diffPaths(flatten(before), flatten(after)),
        );
      }),
    ));

  it('tells nothing of a tree against itself', () =>
    fc.assert(
      fc.asyncProperty(anyTree, async (root) => {
        const found = await diffTrees(memoryTrees(root), memoryTrees(root), signal);
        deepStrictEqual(found, { files: [], databases: [] });
      }),
    ));
});

const facts = { mode: fc.constantFrom(0o644, 0o755), mtimeNs: fc.constantFrom(0n, 1n) };
const anyName = fc.constantFrom('a', 'b', 'a-b', '\udcff', '\u{1F600}', '__proto__');
const { anyTree } = fc.letrec<{ anyTree: MemoryTree; entry: MemoryEntry }>((tie) => ({
  anyTree: fc
    .uniqueArray(fc.tuple(anyName, tie('entry')), { selector: ([name]) => name, maxLength: 4 })
    .map((entries) => Object.fromEntries(entries)),
  entry: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({
      kind: fc.constantFrom('file', 'database'),
      content: fc.constantFrom('', 'x', 'y'),
      ...facts,
    }),
    fc.record({ kind: fc.constant('symlink'), target: fc.constantFrom('a', 'b') }),
    fc.record({ kind: fc.constant('directory'), entries: tie('anyTree'), ...facts }),
  ),
}));

function flatten(root: MemoryTree, prefix = ''): Map<string, MemoryEntry> {
  const out = new Map<string, MemoryEntry>();
  for (const [name, entry] of Object.entries(root)) {
    out.set(prefix + name, entry);
    if (entry.kind !== 'directory') continue;
    for (const [path, inner] of flatten(entry.entries, `${prefix}${name}/`)) out.set(path, inner);
  }
  return out;
}

function diffPaths(
  before: ReadonlyMap<string, MemoryEntry>,
  after: ReadonlyMap<string, MemoryEntry>,
): readonly string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  const isDatabase = (entry: MemoryEntry | undefined): boolean => entry?.kind === 'database';
  const files = paths.flatMap((path) => {
    const [was, is] = [before.get(path), after.get(path)].map((entry) =>
      isDatabase(entry) ? undefined : entry,
    );
    if (was !== undefined && is !== undefined) {
      return describeEntry(was) === describeEntry(is) ? [] : [`change ${path}`];
    }
    const entry = was ?? is;
    const isFull = entry?.kind === 'directory' && Object.keys(entry.entries).length > 0;
    if (entry === undefined || isFull) return [];
    return [`${was === undefined ? 'add' : 'remove'} ${path}`];
  });
  const databases = paths.flatMap((path) => {
    const [was, is] = [before.get(path), after.get(path)].map((entry) =>
      isDatabase(entry) ? entry : undefined,
    );
    return describeEntry(was) === describeEntry(is) ? [] : [`db ${path}`];
  });
  return [...files, ...databases];
}

function describeEntry(entry: MemoryEntry | undefined): string {
  if (entry === undefined) return '';
  const own =
    entry.kind === 'directory' ? '' : entry.kind === 'symlink' ? entry.target : entry.content;
  return `${entry.kind} ${entry.mode ?? 0} ${own}`;
}

interface TableCase {
  readonly columns: string;
  readonly constraint?: string;
  readonly suffix: string;
  /** The key's columns as `model` compares them; none where there is no key. */
  readonly key: readonly { readonly column: string; readonly fold: (text: string) => string }[];
}

const exact = (text: string): string => text;
/** SQLite's NOCASE looks at nothing behind a NUL but the length. */
const noCase = (text: string): string =>
  `${text.length} ${text.replace(/\0.*$/s, '').replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())}`;
const noTrail = (text: string): string => text.replace(/ +$/, '');

const tableCases: readonly TableCase[] = [
  { columns: 'k INTEGER PRIMARY KEY, l', suffix: '', key: [{ column: 'k', fold: exact }] },
  { columns: 'k PRIMARY KEY, l', suffix: '', key: [{ column: 'k', fold: exact }] },
  { columns: 'k TEXT PRIMARY KEY, l', suffix: '', key: [{ column: 'k', fold: exact }] },
  { columns: 'k INT PRIMARY KEY DESC, l', suffix: '', key: [{ column: 'k', fold: exact }] },
  {
    columns: 'k TEXT PRIMARY KEY COLLATE NOCASE, l',
    suffix: '',
    key: [{ column: 'k', fold: noCase }],
  },
  {
    columns: 'k TEXT COLLATE RTRIM, l',
    constraint: ', PRIMARY KEY (l DESC, k)',
    suffix: '',
    key: [
      { column: 'l', fold: exact },
      { column: 'k', fold: noTrail },
    ],
  },
  { columns: 'k PRIMARY KEY, l', suffix: 'WITHOUT ROWID', key: [{ column: 'k', fold: exact }] },
  {
    columns: 'k, l',
    constraint: ', PRIMARY KEY (k COLLATE NOCASE, l DESC)',
    suffix: 'WITHOUT ROWID',
    key: [
      { column: 'k', fold: noCase },
      { column: 'l', fold: exact },
    ],
  },
  { columns: 'k, l', suffix: '', key: [] },
  { columns: 'k TEXT, l INT', suffix: '', key: [] },
  { columns: 'rowid, oid, _rowid_, k, l', suffix: '', key: [] },
];

type Value = null | bigint | number | string | Buffer;

// Mostly values that some rule takes for the same and another does not.
const anyAlike = fc.constantFrom<Value>(0n, 1n, 1, 'a', 'A', 'a ', '1', Buffer.from('a'));
const anyValue: fc.Arbitrary<Value> = fc.oneof(
  { weight: 8, arbitrary: anyAlike },
  fc.constantFrom(null, '', 2n ** 63n - 1n),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.double({ noNaN: true }).map((number) => (number === 0 ? 0.5 : number)),
  fc.string({ unit: 'grapheme-composite', maxLength: 4 }),
  fc.string({ maxLength: 4 }).map((text) => `a\0${text}`),
  fc.uint8Array({ maxLength: 3 }).map((bytes) => Buffer.from(bytes)),
);

const anyEdit = fc.record({
  op: fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom('insert', 'twin', 'k', 'l', 'a', 'b') },
    fc.constantFrom('replace', 'delete', 'update', 'moveRow', 'vacuum'),
  ),
  values: fc.tuple(anyValue, anyValue, anyValue, anyValue),
  nth: fc.nat(6),
  asText: fc.boolean(),
});

const anyInsert = anyEdit.map((edit) => ({ ...edit, op: 'insert' }));

interface Edit {
  readonly op: string;
  readonly values: readonly Value[];
  readonly nth: number;
  /** Bytes that are bound as text, valid or not. */
  readonly asText: boolean;
}

describe('diffDatabases, whatever the tables', function () {
  let root = '';
  before(async () => {
    root = await tree();
  });

  const isLong = process.env['SAVEPOINT_LONG'] === '1';
  if (isLong) this.timeout(600_000);
  const runs = { numRuns: isLong ? 3000 : 250 };
  const anyTable = fc.constantFrom(...tableCases);
  const anyFirst = fc.array(fc.oneof({ weight: 2, arbitrary: anyInsert }, anyEdit), {
    maxLength: 12,
    size: 'max',
  });
  const anyFurther = fc.array(anyEdit, { maxLength: 8 });

  it('turns the old rows into the new ones, and tells nothing where none differ', () =>
    fc.assert(
      fc.asyncProperty(anyTable, anyFirst, anyFurther, async (table, first, further) => {
        const [old, now] = makeImages(root, table, first, further);
        const { tables, problem, schema } = await diff(old, now, { rows: 1000 });
        deepStrictEqual({ problem, schema }, { problem: null, schema: [] });
        const found: TableDiff = tables[0] ?? {
          name: 't',
          added: 0,
          removed: 0,
          changed: 0,
          rows: [],
        };
        const count = (op: string): number => found.rows.filter((row) => row.op === op).length;
        deepStrictEqual(
          [found.added, found.removed, found.changed],
          [count('add'), count('remove'), count('change')],
        );
        deepStrictEqual(
          apply(found, firstRows(old, 't', 1000).rows),
          sorted(firstRows(now, 't', 1000).rows),
        );
        strictEqual(tables.length > 0, typedRows(old).join('\n') !== typedRows(now).join('\n'));
        deepStrictEqual(
          modelKeyed(table, old, now) ?? [found.added, found.removed, found.changed],
          [found.added, found.removed, found.changed],
        );
      }),
      runs,
    ));

  it('is the same the other way round, capped, counted alone and against itself', () =>
    fc.assert(
      fc.asyncProperty(anyTable, anyFirst, anyFurther, async (table, first, further) => {
        const [old, now] = makeImages(root, table, first, further);
        const whole = (await diff(old, now, { rows: 1000 })).tables[0];
        const counts = whole && [whole.added, whole.removed, whole.changed];
        const back = (await diff(now, old, { rows: 0 })).tables[0];
        deepStrictEqual(back && [back.removed, back.added, back.changed], counts);
        for (const rows of [0, 1, 3]) {
          const capped = (await diff(old, now, { rows })).tables[0];
          deepStrictEqual(capped && [capped.added, capped.removed, capped.changed], counts);
          deepStrictEqual(capped?.rows, whole?.rows.slice(0, rows));
        }
        deepStrictEqual((await diff(now, now)).tables, []);
      }),
      { numRuns: runs.numRuns / 2 },
    ));
});

function makeImages(
  root: string,
  table: TableCase,
  first: readonly Edit[],
  further: readonly Edit[],
): readonly [string, string] {
  const [old, now] = [join(root, 'old.db'), join(root, 'now.db')];
  for (const path of [old, now]) rmSync(path, { force: true });
  const db = new Database(old);
  db.pragma('synchronous = OFF');
  db.exec(
    `CREATE TABLE t(${table.columns}, a, b TEXT COLLATE NOCASE${table.constraint ?? ''}) ${table.suffix}`,
  );
  for (const edit of first) applyEdit(db, table, edit);
  db.close();
  copyFileSync(old, now);
  const changed = new Database(now);
  changed.pragma('synchronous = OFF');
  for (const edit of further) applyEdit(changed, table, edit);
  changed.close();
  return [old, now];
}

/** What the schema refuses (a key twice, text for an integer key) is no edit. */
function applyEdit(
  db: Database.Database,
  table: TableCase,
  { op, values, nth, asText }: Edit,
): void {
  const one = asText ? 'CAST(? AS TEXT)' : '?';
  const set = `k = ${one}, l = ${one}, a = ${one}, b = ${one}`;
  const into = `INTO t(k, l, a, b) VALUES (${one}, ${one}, ${one}, ${one})`;
  const where = `WHERE (k, l, a, b) IS (SELECT k, l, a, b FROM t LIMIT 1 OFFSET ${nth} % max(1, (SELECT count(*) FROM t)))`;
  const hasRowid = table.suffix === '' && !table.columns.startsWith('rowid');
  try {
    if (op === 'insert') db.prepare(`INSERT ${into}`).run(...values);
    else if (op === 'replace') db.prepare(`REPLACE ${into}`).run(...values);
    else if (op === 'delete') db.prepare(`DELETE FROM t ${where}`).run();
    else if (op === 'update') db.prepare(`UPDATE t SET ${set} ${where}`).run(...values);
    else if (cellNames.includes(op))
      db.prepare(`UPDATE t SET ${op} = ${one} ${where}`).run(values[0]);
    else if (op === 'twin') db.exec(`UPDATE t SET ${twin(cellNames[nth % 4] ?? 'a')} ${where}`);
    else if (op === 'vacuum') db.exec('VACUUM');
    else if (hasRowid) db.exec(`UPDATE t SET rowid = rowid + 20 ${where}`);
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
  }
}

/** A value that compares as equal to the old one, by type or by some collation. */
function twin(column: string): string {
  return `${column} = CASE typeof(${column}) WHEN 'integer' THEN CAST(${column} AS REAL)
    WHEN 'real' THEN CAST(${column} AS INTEGER) WHEN 'blob' THEN CAST(${column} AS TEXT)
    WHEN 'text' THEN iif(${column} = upper(${column}) COLLATE BINARY, lower(${column}) || ' ', upper(${column})) END`;
}

function apply({ rows }: TableDiff, to: readonly RowDocument[]): readonly string[] {
  const left = sorted(to);
  for (const { before } of rows) {
    if (before === null) continue;
    const at = left.indexOf(describeRow(before));
    if (at < 0) throw new Error(`not there: ${describeRow(before)}`);
    left.splice(at, 1);
  }
  const come = rows.flatMap(({ after }) => (after === null ? [] : [describeRow(after)]));
  return [...left, ...come].toSorted();
}

function sorted(rows: readonly RowDocument[]): string[] {
  return rows.map(describeRow).toSorted();
}

/** JSON has one kind of number: where an integer became the same real, the document tells it apart. */
function describeRow(row: RowDocument): string {
  return JSON.stringify(row, (_, cell: CellDocument) =>
    cell !== null &&
    typeof cell === 'object' &&
    'real' in cell &&
    Number.isFinite(Number(cell.real))
      ? Number(cell.real)
      : cell,
  );
}

const cellNames = ['k', 'l', 'a', 'b'];

/** All rows with types and bytes, sorted; the rowid is no part of a row. */
function typedRows(path: string): readonly string[] {
  const cells = cellNames.map((name) => `typeof(${name}) || hex(${name}) || quote(${name})`);
  return query<string>(path, `SELECT ${cells.join(" || ',' || ")} FROM t`).toSorted();
}

/** Added, removed and changed rows by key; undefined where there is no key, or NULL in one. */
function modelKeyed(
  { key }: TableCase,
  old: string,
  now: string,
): readonly [number, number, number] | undefined {
  if (key.length === 0) return undefined;
  const read = (path: string): Map<string, string> | undefined => {
    const db = new Database(path);
    const cells = cellNames.map((name) => `typeof(${name}) || hex(${name}) || quote(${name})`);
    const keys = key.map(({ column }) => `${column}, hex(${column})`);
    const rows = db
      .prepare<[], [string, ...Value[]]>(
        `SELECT ${cells.join(" || ',' || ")}, ${keys.join(', ')} FROM t`,
      )
      .raw()
      .safeIntegers()
      .all();
    db.close();
    const out = new Map<string, string>();
    for (const [row, ...values] of rows) {
      const parts = key.map(({ fold }, i) =>
        foldKey(values[2 * i] ?? null, String(values[2 * i + 1]), fold),
      );
      if (parts.includes('')) return undefined;
      out.set(parts.join(), row);
    }
    return out;
  };
  const [before, after] = [read(old), read(now)];
  if (before === undefined || after === undefined) return undefined;
  const added = [...after.keys()].filter((id) => !before.has(id)).length;
  const removed = [...before.keys()].filter((id) => !after.has(id)).length;
  const changed = [...before].filter(([id, row]) => after.has(id) && after.get(id) !== row).length;
  return [added, removed, changed];
}

/** Text by its bytes, since what is not valid reads all the same; numbers by their value. */
function foldKey(value: Value, hex: string, fold: (text: string) => string): string {
  if (value === null) return '';
  if (typeof value === 'string') {
    return `text ${JSON.stringify(fold(Buffer.from(hex, 'hex').toString('latin1')))}`;
  }
  if (typeof value === 'object') return `blob ${hex}`;
  return `number ${Number.isInteger(value) ? BigInt(value) : value}`;
}

function query<T>(path: string, sql: string): T[] {
  const db = new Database(path);
  try {
    return db.prepare(sql).pluck().all() as T[];
  } finally {
    db.close();
  }
}
