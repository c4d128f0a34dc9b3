// Captures live databases as one moment, leaving no trace beside them. In this order:
// 1. every database is copied raw (sqlite-raw-copy.ts), and after the last one all are looked at
//    again: one that changed since its copy is copied anew, a few rounds;
// 2. what never holds still gets a connection in a child process that holds its state while it is
//    copied (sqlite-held-copy.ts), and the quiet ones are looked at again under it;
// 3. only then are the copies recovered and checked, each in our own temporary folder.

import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../../../core/errors.ts';
import { errorCodeOf } from '../../disk/durable-file.ts';
import { captureMoment, signatureOfCopy, type TakenDatabase } from './capture-moment.ts';
import { runImageJob } from './sqlite-check.ts';
import { databaseSignature, isForeign, isSqliteSidecar } from '../../sqlite/sqlite-file.ts';
import { looksEncrypted } from './sqlite-image.ts';
import { copyDatabaseRaw, type CopiedFile } from './sqlite-raw-copy.ts';
import type {
  LiveDatabase,
  CaptureDatabasesContext,
  CapturedDatabase,
  CaptureResult,
  ImageCheck,
} from '../source.ts';

/**
 * Captures `databases` as one moment and checks the copies. What cannot be had of a single database
 * is told in its `state`; only a cancelled call and a full or broken temporary folder throw, and
 * then nothing is left behind.
 * @throws EngineError NO_SPACE
 */
export async function captureDatabases(
  databases: readonly LiveDatabase[],
  context: CaptureDatabasesContext,
): Promise<CaptureResult> {
  const folder = await mkdtemp(join(context.tempDir, 'databases-'));
  try {
    const moment = await captureMoment(databases, folder, context);
    const captured: CapturedDatabase[] = [];
    for (const [index, taken] of moment.entries()) {
      const database = databases[index];
      if (database !== undefined) captured.push(await finish(database, taken, folder, context));
    }
    return { databases: captured, consistent: captured.every(({ consistent }) => consistent) };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw asNoSpace(error, context.tempDir);
  }
}

/** Captures a database that our own child holds locked for writing. */
export async function captureLocked(
  database: LiveDatabase,
  context: CaptureDatabasesContext,
): Promise<CapturedDatabase> {
  const folder = await mkdtemp(join(context.tempDir, 'databases-'));
  try {
    const { options, call } = context;
    const verbatim = isForeign(database.path);
    const raw = await copyDatabaseRaw(database.path, {
      copyPath: join(folder, 'locked.db'),
      now: options.now,
      signal: call.signal,
      locked: true,
      verbatim,
    });
    if (raw === undefined) throw new Error(`changed under our lock: ${database.path}`);
    const signature = signatureOfCopy(raw, database.path);
    const taken: TakenDatabase = {
      kind: 'copied',
      files: raw.files,
      verbatim,
      signature,
      consistent: true,
      method: 'raw',
    };
    return await finish(database, taken, folder, context);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw asNoSpace(error, context.tempDir);
  }
}

function asNoSpace(error: unknown, path: string): unknown {
  if (!['ENOSPC', 'EDQUOT'].includes(errorCodeOf(error) ?? '')) return error;
  return new EngineError('NO_SPACE', `no space left for the copies of databases in "${path}"`, {
    path,
    hint: 'free some space on the disk of the store',
    cause: error,
  });
}

/** Recovers and checks what was copied; what SQLite cannot open is kept as the files it is. */
async function finish(
  database: LiveDatabase,
  taken: TakenDatabase,
  folder: string,
  context: CaptureDatabasesContext,
): Promise<CapturedDatabase> {
  if (taken.kind === 'missed') return missing(database, taken.state, taken.detail);
  const { files, signature, consistent, method } = taken;
  const about = { ...database, signature, consistent, method };
  if (taken.verbatim) return { ...about, ...asGroup(files) };
  const imagePath = copyOfMain(files);
  const check = context.check === false ? 'none' : 'quick';
  const recover = files.length > 1;
  const found = await runImageJob({ imagePath, recover, check }, context);
  if ('failure' in found) return await regroup(database, found.detail, folder, context);
  if (found.bytes === 0) return { ...about, ...asGroup(files.slice(0, 1)) };
  if (found.state === 'damaged' && looksEncrypted(imagePath)) {
    return await regroup(database, found.detail ?? '', folder, context);
  }
  return { ...about, ...asImage(found, imagePath) };
}

/** SQLite may have changed what it could not open, so the group is copied anew. */
async function regroup(
  database: LiveDatabase,
  detail: string,
  folder: string,
  { options, call }: CaptureDatabasesContext,
): Promise<CapturedDatabase> {
  for (let i = 0; i < regroupTries; i += 1) {
    const raw = await copyDatabaseRaw(database.path, {
      copyPath: join(await mkdtemp(join(folder, 'group-')), 'group.db'),
      now: options.now,
      signal: call.signal,
      verbatim: true,
    });
    if (raw === undefined) continue;
    const signature = signatureOfCopy(raw, database.path);
    const group = asGroup(raw.files, detail);
    return { ...database, ...group, signature, consistent: raw.settled, method: 'raw' };
  }
  return missing(database, 'unreadable', detail);
}

const regroupTries = 3;

type About = Pick<CapturedDatabase, 'key' | 'path' | 'signature' | 'consistent' | 'method'>;
type Contents = Omit<CapturedDatabase, keyof About>;

function asImage(found: ImageCheck, imagePath: string): Contents {
  const journalMode = found.writeVersion === 2 ? 'wal' : 'rollback';
  return { ...found, imagePath, groupFiles: [], journalMode };
}

/** A group that SQLite does not know, or, with `detail`, one that it could not open. */
function asGroup(files: readonly CopiedFile[], detail?: string): Contents {
  const groupFiles = files.map((file) => ({ ...file, bytes: statSync(file.copyPath).size }));
  const bytes = groupFiles.reduce((sum, file) => sum + file.bytes, 0);
  const main = copyOfMain(files);
  const usesLog = groupFiles.some(({ suffix }) => suffix === '-wal');
  return {
    ...kindOfGroup(main, files, detail),
    imagePath: null,
    writeVersion: usesLog ? 2 : 1,
    groupFiles,
    journalMode: usesLog ? 'wal' : 'rollback',
    pageSize: 0,
    bytes,
    tables: {},
  };
}

function kindOfGroup(
  main: string,
  files: readonly CopiedFile[],
  detail: string | undefined,
): Pick<Contents, 'state' | 'detail'> {
  if (statSync(main).size === 0) return { state: 'empty', detail: null };
  if (looksEncrypted(main)) return { state: 'encrypted', detail: 'it looks encrypted' };
  if (detail !== undefined) return { state: 'damaged', detail };
  const isSqlite = files.some(({ copyPath, suffix }) => suffix !== '' && isSqliteSidecar(copyPath));
  return isSqlite
    ? { state: 'damaged', detail: 'its header is not one of SQLite' }
    : { state: 'unchecked', detail: 'not a SQLite database, kept with the files beside it' };
}

function missing(
  database: LiveDatabase,
  state: 'locked' | 'unreadable',
  detail: string,
): CapturedDatabase {
  return {
    ...database,
    state,
    detail,
    imagePath: null,
    writeVersion: 1,
    groupFiles: [],
    journalMode: 'rollback',
    pageSize: 0,
    bytes: 0,
    tables: {},
    signature: `${databaseSignature(database.path)}~`,
    consistent: false,
    method: null,
  };
}

function copyOfMain(files: readonly CopiedFile[]): string {
  const main = files.find(({ suffix }) => suffix === '');
  if (main === undefined) throw new Error('a copy without its database');
  return main.copyPath;
}
