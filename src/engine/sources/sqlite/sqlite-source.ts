// SQLite as a source: databases that are files of the project, found by the walk by their first bytes.

import { sidecarsOf } from '../../../core/names.ts';
import { readHead } from '../../disk/disk-path.ts';
import { mustReplace } from './must-replace.ts';
import {
  databaseSignature,
  hasSqliteHeader,
  isSameUnderLock,
  parseSqliteHeader,
} from '../../sqlite/sqlite-file.ts';
import type { Source, StoredDatabase } from '../source.ts';
import { describeFile, lostDatabase } from './describe-file.ts';
import { captureDatabases } from './sqlite-capture.ts';
import { checkImage } from './sqlite-check.ts';
import { proveDatabase } from './sqlite-prove.ts';
import { restoreThroughSqlite } from './sqlite-restore.ts';
import { proveTables, restoreTables } from './sqlite-tables.ts';
import { writeImage } from './write-image.ts';

export const sqliteSource: Source = {
  engine: 'sqlite',
  // Other sources have paths that no file can have.
  owns: (key) => !key.startsWith('//'),
  isDatabase: hasSqliteHeader,
  describe: describeFile,
  describeLost: lostDatabase,
  signature: databaseSignature,
  isSameUnderLock,
  files: (path) => [path, ...sidecarsOf(path)],
  capture: captureDatabases,
  writeImage: ({ reader, node }, path, signal) => writeImage(reader, node, path, signal),
  checkImage,
  whyNotLive: mustReplace,
  whyReplaced(path, then) {
    const now = parseSqliteHeader(readHead(path, 100) ?? Buffer.alloc(0));
    if (now?.writeVersion !== 2 || then === undefined || then.pageSize === 0) return null;
    return then.pageSize === now.pageSize ? null : 'has another page size and must be replaced';
  },
  restore: async ({ stored, ...request }, context) =>
    await restoreThroughSqlite({ ...request, writeVersion: writeVersionOf(stored) }, context),
  restoreTables,
  prove: proveDatabase,
  proveTables: async (imagePath, live, { tables, signature }, context) =>
    await proveTables(imagePath, live, tables, signature, context),
};

/** Byte 18 of the header as the live file had it. */
function writeVersionOf({ reader, node }: StoredDatabase): 1 | 2 {
  const [first] = node.size === 0 ? [] : reader.chunksOf(node);
  return first !== undefined && reader.readObject(first)[18] === 2 ? 2 : 1;
}
