// The only file that knows which SQLite driver runs. better-sqlite3 is loaded from a binary that
// this file picks, because in the bundle its own search finds nothing; where it cannot be loaded,
// node:sqlite stands in with the same interface.

import BetterSqlite3 from 'better-sqlite3';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type * as NodeSqlite from 'node:sqlite';
import { EngineError } from '../../core/errors.ts';
import { nameToBytes } from '../../core/names.ts';

/** A Boolean is no SQLite value: write 0 or 1. */
export type SqlValue = null | number | bigint | string | Uint8Array;
/** Values in order, or one object for named parameters (`:name` in SQL, `name` as key). */
export type SqlParameters = readonly SqlValue[] | readonly [Readonly<Record<string, SqlValue>>];

export interface RunResult {
  readonly changes: number;
  readonly lastInsertRowid: number | bigint;
}

/** A prepared statement. `Row` is what the caller says a row is; the modes below change it. */
export interface Statement<Row = unknown> {
  run(...parameters: SqlParameters): RunResult;
  get(...parameters: SqlParameters): Row | undefined;
  all(...parameters: SqlParameters): Row[];
  /** Rows one by one; the connection can do nothing else until it ends or is left. */
  iterate(...parameters: SqlParameters): IterableIterator<Row>;
  /** From now on a row is the value of its first column. */
  pluck(): this;
  /** From now on a row is an array of its values: columns of one name do not hide each other. */
  raw(): this;
  /** From now on integers are bigints: what is beyond 2^53 stays exact. */
  safeIntegers(): this;
  /** Names of the result's columns, in order. */
  columnNames(): string[];
}

export interface BackupProgress {
  readonly totalPages: number;
  readonly remainingPages: number;
}

export interface BackupOptions {
  /** Called between steps, while the target is locked for writing; at least once where there are two pages. What it throws ends the backup. */
  readonly onProgress?: ((progress: BackupProgress) => void) | undefined;
}

export interface Database {
  prepare<Row = unknown>(sql: string): Statement<Row>;
  exec(sql: string): void;
  /** The first value that the pragma answers; undefined where it answers none. */
  pragma(source: string): unknown;
  /** Runs `body` between BEGIN and COMMIT; what it throws rolls back. */
  transaction<T>(mode: 'deferred' | 'immediate' | 'exclusive', body: () => T): T;
  /**
   * Makes the database file at `target` (absolute) a copy of this one, in one transaction of its own
   * connection that open connections see at their next statement. A target that is locked answers
   * `totalPages` 0 and nothing was copied: never take the answer for a proof.
   */
  backup(target: string, options?: BackupOptions): Promise<BackupProgress>;
  close(): void;
}

export interface OpenOptions {
  readonly readonly?: boolean | undefined;
  /** False makes the file where it is missing. Default true. */
  readonly mustExist?: boolean | undefined;
  /** How long a statement waits for a lock. Default 0. */
  readonly timeoutMs?: number | undefined;
  /** True lets SQL write the tables behind virtual ones, which SQLite else keeps to their modules. */
  readonly writesShadowTables?: boolean | undefined;
}

export interface DriverInfo {
  readonly name: 'better-sqlite3' | 'node:sqlite';
  readonly sqliteVersion: string;
}

/**
 * Opens the database file at `path`: absolute, in the form of core/names.ts, or `:memory:`.
 * A live database of a user is opened in the child process only (see sources/live-database.ts).
 * @throws EngineError DRIVER_UNAVAILABLE, IO; what SQLite itself answers has a `sqliteCode`
 */
export function openDatabase(path: string, options: OpenOptions = {}): Database {
  return withPlainPath(path, (plain) => {
    return driver().open(plain, options);
  });
}

/** Which driver runs here, proven by opening a database in memory. @throws EngineError DRIVER_UNAVAILABLE */
export function driverInfo(): DriverInfo {
  const { name, open } = driver();
  const db = open(':memory:', {});
  try {
    const sqliteVersion = String(db.prepare('SELECT sqlite_version()').pluck().get());
    return { name, sqliteVersion };
  } finally {
    db.close();
  }
}

/** All databases of this process or thread are opened with that one from now on: for tests of the one that stands in. */
export function useDriver(name: DriverInfo['name']): void {
  chosen = name === 'node:sqlite' ? loadNodeSqlite() : loadBetterSqlite();
}

/** SQLite's primary result code (`SQLITE_BUSY`) where the error came from SQLite, whichever driver threw it. */
export function sqliteCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string' && error.code.startsWith('SQLITE_')) {
    return error.code.split('_').slice(0, 2).join('_');
  }
  if ('errcode' in error && typeof error.errcode === 'number') {
    return primaryCodes[error.errcode & 0xff] ?? 'SQLITE_ERROR';
  }
  return undefined;
}

/**
 * Calls `use` with a form of `path` that SQLite opens as exactly that file. better-sqlite3 trims
 * names and takes text only, so a name that ends in white space or is not UTF-8 goes through a
 * symbolic link: SQLite resolves it first and keeps its sidecars beside the real file.
 */
export function withPlainPath<T>(path: string, use: (plain: string) => T): T {
  if (path === ':memory:') return use(path);
  if (!isAbsolute(path)) throw new Error(`not an absolute path: ${path}`);
  if (path === path.trim() && !/\p{Surrogate}/u.test(path)) return use(path);
  if (process.platform === 'win32') {
    throw new EngineError('IO', `this name cannot be opened as a database: "${path}"`, {
      path,
      hint: 'rename the file',
    });
  }
  const dir = mkdtempSync(join(tmpdir(), 'savepoint-link-'));
  const remove = (): void => rmSync(dir, { recursive: true, force: true });
  let pending = false;
  try {
    const link = join(dir, 'link');
    symlinkSync(Buffer.from(nameToBytes(path)), link);
    const result = use(link);
    if (!(result instanceof Promise)) return result;
    pending = true;
    return result.finally(remove) as T;
  } finally {
    if (!pending) remove();
  }
}

interface Driver {
  readonly name: DriverInfo['name'];
  readonly open: (plainPath: string, options: OpenOptions) => Database;
}

const primaryCodes: Readonly<Record<number, string>> = {
  3: 'SQLITE_PERM',
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  7: 'SQLITE_NOMEM',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  15: 'SQLITE_PROTOCOL',
  19: 'SQLITE_CONSTRAINT',
  26: 'SQLITE_NOTADB',
};

let chosen: Driver | undefined;

function driver(): Driver {
  chosen ??= loadBetterSqlite() ?? loadNodeSqlite();
  return chosen;
}

/** Node-API below 10 would end the process at load instead of throwing, so it is asked before. */
function loadBetterSqlite(): Driver | undefined {
  if (Number(process.versions['napi'] ?? 0) < 10) return undefined;
  const binding = bundledBinding();
  const binary = binding === undefined ? {} : { nativeBinding: binding };
  try {
    new BetterSqlite3(':memory:', binary).close();
  } catch {
    // No binary for this platform, or one that needs a newer C library: the other driver is tried.
    return undefined;
  }
  return {
    name: 'better-sqlite3',
    open: (path, options) => {
      const db = new BetterSqlite3(path, {
        ...binary,
        readonly: options.readonly ?? false,
        fileMustExist: path !== ':memory:' && (options.mustExist ?? true),
        timeout: options.timeoutMs ?? 0,
      });
      if (options.writesShadowTables === true) db.unsafeMode();
      return fromBetterSqlite(db);
    },
  };
}

function loadNodeSqlite(): Driver {
  const builtin = process.getBuiltinModule('node:sqlite') as typeof NodeSqlite | undefined;
  if (builtin === undefined || !('backup' in builtin)) {
    throw new EngineError(
      'DRIVER_UNAVAILABLE',
      `no SQLite driver runs on ${process.platform}-${process.arch} with Node ${process.versions.node}`,
      { hint: 'use Node 22.19 or newer' },
    );
  }
  return {
    name: 'node:sqlite',
    open: (path, options) => openWithNodeSqlite(builtin, path, options),
  };
}

/** In the bundle the binaries lie beside it; from source, the package finds its own. */
function bundledBinding(): string | undefined {
  if (typeof __dirname !== 'string') return undefined;
  const platform = process.platform === 'linux' && isMusl() ? 'linuxmusl' : process.platform;
  return join(__dirname, 'prebuilds', `${platform}-${process.arch}.node`);
}

function isMusl(): boolean {
  try {
    return /\/ld-musl-[^/\s]*\.so/.test(readFileSync('/proc/self/maps', 'latin1'));
  } catch {
    // Without /proc the loader's file tells.
    return existsSync('/lib/ld-musl-x86_64.so.1') || existsSync('/lib/ld-musl-aarch64.so.1');
  }
}

/** Steps this large copy 200 MB in 0.38 s; the default of 100 pages takes 0.56 s. */
const PAGES_PER_STEP = 4096;

function fromBetterSqlite(db: BetterSqlite3.Database): Database {
  return {
    prepare: <Row>(sql: string) => fromBetterStatement<Row>(db.prepare<unknown[], Row>(sql)),
    exec: (sql) => {
      db.exec(sql);
    },
    pragma: (source) => db.pragma(source, { simple: true }),
    transaction: (mode, body) => inTransaction(db, mode, body),
    backup: (target, { onProgress } = {}) =>
      withPlainPath(target, (plain) =>
        db.backup(plain, {
          progress: (info) => {
            onProgress?.(info);
            return PAGES_PER_STEP;
          },
        }),
      ),
    close: () => {
      db.close();
    },
  };
}

function fromBetterStatement<Row>(
  statement: BetterSqlite3.Statement<unknown[], Row>,
): Statement<Row> {
  const own: Statement<Row> = {
    run: (...parameters) => statement.run(...parameters),
    get: (...parameters) => statement.get(...parameters),
    all: (...parameters) => statement.all(...parameters),
    iterate: (...parameters) => statement.iterate(...parameters),
    pluck: () => {
      statement.pluck();
      return own;
    },
    raw: () => {
      statement.raw();
      return own;
    },
    safeIntegers: () => {
      statement.safeIntegers();
      return own;
    },
    columnNames: () => statement.columns().map((column) => column.name),
  };
  return own;
}

function openWithNodeSqlite(
  sqlite: typeof NodeSqlite,
  path: string,
  options: OpenOptions,
): Database {
  if (path !== ':memory:' && (options.mustExist ?? true) && !existsSync(path)) {
    throw Object.assign(new Error('unable to open database file'), { code: 'SQLITE_CANTOPEN' });
  }
  const db = new sqlite.DatabaseSync(path, {
    readOnly: options.readonly ?? false,
    timeout: options.timeoutMs ?? 0,
  });
  if (options.writesShadowTables === true) {
    // Older ones have no such call and no such defence.
    (db as { enableDefensive?: (isOn: boolean) => void }).enableDefensive?.(false);
  }
  const prepare = <Row>(sql: string): Statement<Row> => fromNodeStatement<Row>(db.prepare(sql));
  const pragma = (source: string): unknown => prepare(`PRAGMA ${source}`).pluck().get();
  return {
    prepare,
    pragma,
    exec: (sql) => {
      db.exec(sql);
    },
    transaction: (mode, body) => inTransaction(db, mode, body),
    backup: (target, { onProgress } = {}) =>
      withPlainPath(target, async (plain) => {
        // Progress comes between steps only: two of them make sure that there is one.
        const rate = Math.max(1, Math.floor(Number(pragma('page_count')) / 2));
        try {
          const totalPages = await sqlite.backup(db, plain, {
            rate,
            progress: (info) => onProgress?.(info),
          });
          return { totalPages, remainingPages: 0 };
        } catch (error) {
          // A locked target is reported with the error state of the source: none.
          const isLocked = error instanceof Error && 'errcode' in error && error.errcode === 0;
          if (isLocked) return { totalPages: 0, remainingPages: 0 };
          throw error;
        }
      }),
    close: () => {
      db.close();
    },
  };
}

function fromNodeStatement<Row>(statement: NodeSqlite.StatementSync): Statement<Row> {
  let plucked = false;
  const toRow = (row: unknown): Row => (plucked ? (row as unknown[])[0] : row) as Row;
  // The driver's types tell named parameters only as a first argument before values in order.
  const bind = (parameters: SqlParameters): SqlValue[] => parameters as SqlValue[];
  function* iterate(parameters: SqlParameters): IterableIterator<Row> {
    for (const row of statement.iterate(...bind(parameters))) yield toRow(row);
  }
  const own: Statement<Row> = {
    run: (...parameters) => {
      const { changes, lastInsertRowid } = statement.run(...bind(parameters));
      return { changes: Number(changes), lastInsertRowid };
    },
    get: (...parameters) => {
      const row: unknown = statement.get(...bind(parameters));
      return row === undefined ? undefined : toRow(row);
    },
    all: (...parameters) => statement.all(...bind(parameters)).map(toRow),
    iterate: (...parameters) => iterate(parameters),
    pluck: () => {
      plucked = true;
      statement.setReturnArrays(true);
      return own;
    },
    raw: () => {
      statement.setReturnArrays(true);
      return own;
    },
    safeIntegers: () => {
      statement.setReadBigInts(true);
      return own;
    },
    columnNames: () => statement.columns().map((column) => column.name),
  };
  return own;
}

/** COMMIT may fail with SQLITE_BUSY and leave the transaction open; ROLLBACK fails where SQLite already rolled back. */
function inTransaction<T>(db: { exec(sql: string): unknown }, mode: string, body: () => T): T {
  db.exec(`BEGIN ${mode.toUpperCase()}`);
  try {
    const result = body();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    try {
      db.exec('ROLLBACK');
    } catch {
      // SQLite had rolled back by itself; the first error is the one that counts.
    }
    throw error;
  }
}
