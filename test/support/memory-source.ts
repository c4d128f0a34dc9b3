// A source that is no file: key-value stores in memory, known by `//memory/NAME`. What a source has to
// do is all here, so that a test can try the seam without a server.

import Database from 'better-sqlite3';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseEngine } from '../../src/core/documents/documents.ts';
import type {
  CaptureDatabasesContext,
  CapturedDatabase,
  LiveDatabase,
  Source,
} from '../../src/engine/sources/source.ts';
import { wholeOnly } from '../../src/engine/sources/whole-only.ts';

export interface MemoryStores {
  /** Values by key, by store. */
  readonly live: Map<string, Map<string, string>>;
  readonly source: Source;
}

/** @param onCapture called each time right after a store was copied */
export function memoryStores(onCapture: (name: string) => void = () => undefined): MemoryStores {
  const live = new Map<string, Map<string, string>>();
  const storeOf = (path: string): Map<string, string> => live.get(path) ?? new Map();
  const signature = (path: string): string => JSON.stringify([...storeOf(path)]);
  const captureOne = (
    { key, path }: LiveDatabase,
    { tempDir }: CaptureDatabasesContext,
    index: number,
  ): CapturedDatabase => {
    const imagePath = join(tempDir, `memory-${index}-${Date.now()}-${Math.random()}.db`);
    writeRows(imagePath, storeOf(path));
    const captured = { ...facts(imagePath), key, path, imagePath, signature: signature(path) };
    onCapture(path);
    return captured;
  };
  const source: Source = {
    engine: 'memory' as DatabaseEngine,
    owns: (key) => key.startsWith('//memory/'),
    isDatabase: (path) => live.has(path),
    describe: () => undefined,
    describeLost: () => ({
      engine: 'memory' as DatabaseEngine,
      journalMode: 'rollback',
      state: 'empty',
    }),
    signature,
    isSameUnderLock: (known, now) => known === now,
    files: () => [],
    capture: async (databases, context) => ({
      databases: databases.map((one, index) => captureOne(one, context, index)),
      consistent: true,
    }),
    writeImage: ({ reader, node }, path) =>
      writeFileSync(
        path,
        Buffer.concat(reader.chunksOf(node).map((hash) => reader.readObject(hash))),
      ),
    checkImage: async (imagePath) => facts(imagePath),
    whyNotLive: () => null,
    whyReplaced: () => null,
    async restore({ imagePath, target, key, beforeWrite }, context) {
      await beforeWrite(
        async (tempDir) => captureOne({ key, path: target }, { ...context, tempDir }, 0),
        signature(target),
      );
      live.set(target, new Map(readRows(imagePath)));
      return { method: 'live', journalMode: 'rollback' };
    },
    restoreTables: async ({ key }) => {
      throw wholeOnly(key, 'it has one table');
    },
    async prove(imagePath, { path }) {
      const equal = JSON.stringify(readRows(imagePath)) === signature(path);
      return { equal, check: equal ? null : facts(imagePath), signature: signature(path) };
    },
    proveTables: async () => 'different',
  };
  return { live, source };
}

function facts(imagePath: string): Omit<CapturedDatabase, 'key' | 'path' | 'signature'> {
  const rows = readRows(imagePath).length;
  return {
    state: 'ok',
    detail: null,
    imagePath,
    writeVersion: 1,
    groupFiles: [],
    journalMode: 'rollback',
    pageSize: 4096,
    bytes: readFileSync(imagePath).length,
    tables: { pairs: rows },
    consistent: true,
    method: 'connection',
  };
}

function writeRows(path: string, pairs: Iterable<readonly [string, string]>): void {
  const db = new Database(path);
  db.exec('CREATE TABLE pairs(key TEXT PRIMARY KEY, value TEXT)');
  const insert = db.prepare('INSERT INTO pairs VALUES (?, ?)');
  for (const pair of pairs) insert.run(...pair);
  db.close();
}

function readRows(path: string): readonly (readonly [string, string])[] {
  const db = new Database(path, { readonly: true });
  try {
    return db.prepare('SELECT key, value FROM pairs ORDER BY rowid').raw().all() as [
      string,
      string,
    ][];
  } finally {
    db.close();
  }
}
