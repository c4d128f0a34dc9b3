// Proves a restore: reads back what was written and compares it with the snapshot. What another
// program changed in the meantime is told, not taken for a failure.

import { createHash } from 'node:crypto';
import { closeSync, fstatSync, lstatSync, openSync, readlinkSync, readSync } from 'node:fs';
import { EngineError } from '../../core/errors.ts';
import { nameFromBytes, type ProjectPath } from '../../core/names.ts';
import { isSameTime, type PlanEntry } from '../../core/restore/plan-entries.ts';
import { readOnlyFlags } from '../disk/disk-path.ts';
import type { CallOptions, EngineOptions } from '../options.ts';
import type { Side } from '../capture/open-side.ts';
import { createPause } from '../sources/files/file-restore-content.ts';
import { openSafePaths, type Place, type SafePaths } from '../sources/files/file-restore-paths.ts';
import { sourceOf } from '../sources/all-sources.ts';
import { chunkBytes } from '../store/object-encoding.ts';
import type { FileNode, StoreReader } from '../store/store.ts';
import type { FilePlan } from './apply-files.ts';
import type { FlatTree } from '../store/flatten-tree.ts';
import type { DatabaseDone } from './restore-databases.ts';

export interface ProofContext {
  readonly place: Place;
  readonly snapshot: Side;
  readonly tree: FlatTree;
  /** What was there before: a database that still is that was not restored. */
  readonly safety: Side;
  readonly tempDir: string;
  readonly options: EngineOptions;
}

/**
 * Answers in words what other programs changed since.
 * @throws EngineError RESTORE_NOT_PROVEN
 */
export async function proveRestore(
  plan: FilePlan,
  databases: readonly DatabaseDone[],
  context: ProofContext,
  call: CallOptions,
): Promise<readonly string[]> {
  const changed = await proveFiles(plan, context, call);
  const written: string[] = [];
  for (const done of databases) {
    if (done.method === 'delete') continue;
    const { path, part } = done;
    const isAsWanted =
      part === undefined
        ? await isProven(path, context, call)
        : await areTablesProven(path, part, context, call);
    if (!isAsWanted) written.push(path);
  }
  return [
    ...(changed.length === 0
      ? []
      : [`changed by another program right after the restore: ${changed.join(', ')}`]),
    ...written.map((path) => `"${path}" was written by another program right after the restore`),
  ];
}

async function proveFiles(
  plan: FilePlan,
  { place, tree, snapshot }: ProofContext,
  call: CallOptions,
): Promise<string[]> {
  const changed: string[] = [];
  const paths = openSafePaths(place, { unlock: false });
  const pause = createPause(call.signal);
  try {
    const databases = new Map(
      plan.link.flatMap(({ entry, to, isDatabase }) => (isDatabase ? [[entry.path, to]] : [])),
    );
    for (const { entry } of [...plan.write, ...plan.link]) {
      const { path } = entry;
      if (!paths.hasParent(path)) throw notProven(path, 'its folder is gone');
      const database = databases.get(path);
      const verdict =
        entry.kind === 'symlink'
          ? proveLink(paths.at(path), entry)
          : database !== undefined
            ? proveName(path, database, paths)
            : proveFile(paths.at(path), entry, tree.files.get(path), snapshot.reader);
      if (verdict === 'changed') changed.push(path);
      else if (verdict !== 'proven') throw notProven(path, verdict);
      call.progress.advance(1, entry.size);
      await pause();
    }
    return changed;
  } finally {
    paths.close();
  }
}

/** What the database holds is proven by its own name. */
function proveName(path: ProjectPath, database: ProjectPath, paths: SafePaths): string {
  const inodeOf = (one: ProjectPath): bigint | undefined =>
    paths.hasParent(one)
      ? lstatSync(paths.at(one), { bigint: true, throwIfNoEntry: false })?.ino
      : undefined;
  return inodeOf(path) === inodeOf(database) ? 'proven' : 'changed';
}

function proveLink(target: Buffer, entry: PlanEntry): string {
  try {
    const found = nameFromBytes(readlinkSync(target, { encoding: 'buffer' }));
    return found === entry.content ? 'proven' : 'changed';
  } catch {
    return 'it is not there';
  }
}

/** `changed`: its time tells that somebody wrote it since. */
function proveFile(
  target: Buffer,
  entry: PlanEntry,
  node: FileNode | undefined,
  reader: Pick<StoreReader, 'chunksOf'>,
): string {
  let fd: number;
  try {
    fd = openSync(target, readOnlyFlags);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    // A file of ours that its own mode forbids us to read: what was written was hashed on its way.
    return code === 'EACCES' || code === 'EPERM' ? 'proven' : 'it is not there';
  }
  try {
    const stats = fstatSync(fd, { bigint: true });
    if (!isSameTime(stats.mtimeNs, entry.mtimeNs) || !stats.isFile()) return 'changed';
    if (node === undefined) return 'it is not in the snapshot';
    if (stats.size !== BigInt(entry.size)) return 'it has another size';
    return hasContent(fd, node, reader) ? 'proven' : 'it has other content';
  } finally {
    closeSync(fd);
  }
}

function hasContent(fd: number, node: FileNode, reader: Pick<StoreReader, 'chunksOf'>): boolean {
  const step = node.chunked ? chunkBytes : Math.max(1, node.size);
  const buffer = Buffer.allocUnsafe(Math.min(step, Math.max(1, node.size)));
  let at = 0;
  for (const hash of reader.chunksOf(node)) {
    const length = readSync(fd, buffer, 0, Math.min(step, node.size - at), at);
    if (createHash('sha256').update(buffer.subarray(0, length)).digest('hex') !== hash)
      return false;
    at += length;
  }
  return at === node.size;
}

/** False where another program wrote the database since. @throws EngineError RESTORE_NOT_PROVEN */
async function isProven(
  path: ProjectPath,
  context: ProofContext,
  call: CallOptions,
): Promise<boolean> {
  const { place, snapshot, safety, tempDir, options } = context;
  const image = await snapshot.databaseImage(path);
  const target = place.livePath(path);
  const live = { path: target, key: path };
  if (image === null) throw notProven(path, 'it is not in the snapshot');
  const proof = await sourceOf(path).prove(image, live, { tempDir, options, call });
  if (proof.equal) return true;
  if (proof.check === null) throw notProven(path, 'it cannot be opened');
  if (proof.check.state === 'damaged') throw notProven(path, proof.check.detail ?? 'it is damaged');
  const old = await safety.databaseImage(path);
  const isOld =
    old !== null && (await sourceOf(path).prove(old, live, { tempDir, options, call })).equal;
  if (isOld) throw notProven(path, 'it still holds what it held before');
  return false;
}

/** The same for the tables that came back. @throws EngineError RESTORE_NOT_PROVEN */
async function areTablesProven(
  path: ProjectPath,
  part: NonNullable<DatabaseDone['part']>,
  { place, snapshot, tempDir, options }: ProofContext,
  call: CallOptions,
): Promise<boolean> {
  const image = await snapshot.databaseImage(path);
  if (image === null) throw notProven(path, 'it is not in the snapshot');
  const live = { path: place.livePath(path), key: path };
  const proof = await sourceOf(path).proveTables(image, live, part, { tempDir, options, call });
  if (proof === 'damaged') throw notProven(path, 'it is damaged');
  if (proof === 'different') throw notProven(path, 'its tables hold other rows');
  return proof === 'equal';
}

function notProven(path: ProjectPath, why: string): EngineError {
  return new EngineError('RESTORE_NOT_PROVEN', `"${path}" is not as the snapshot has it: ${why}`, {
    path,
    hint: 'savepoint undo takes the restore back',
  });
}
