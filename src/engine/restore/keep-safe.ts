// Nothing is overwritten whose content is not in the store. What changed between the safety snapshot
// and the moment of its replacement is captured again, and the safety snapshot is made complete,
// before it goes.

import {
  closeSync,
  fstatSync,
  openSync,
  readlinkSync,
  readSync,
  mkdtempSync,
  writeSync,
  type BigIntStats,
} from 'node:fs';
import { join } from 'node:path';
import { entryFacts } from '../disk/entry-facts.ts';
import { EngineError } from '../../core/errors.ts';
import { nameFromBytes, type ProjectPath } from '../../core/names.ts';
import { parentOf } from '../../core/restore/plan-entries.ts';
import { uncancelled } from '../options.ts';
import { amendSnapshot, type Replacement } from '../snapshot/amend-snapshot.ts';
import { databaseFacts } from '../capture/database-facts.ts';
import type { SnapshotTaken } from '../snapshot/take-snapshot.ts';
import { sourceOf } from '../sources/all-sources.ts';
import { type Place } from '../sources/files/file-restore-paths.ts';
import { isSameFile } from '../sources/files/file-restore-steps.ts';
import {
  plainSignature,
  signaturesIn,
  withoutChangeTime,
} from '../sources/files/walk-signatures.ts';
import type { FileNode } from '../store/store.ts';
import type { WriteSession } from '../store/store-session.ts';
import type { FlatTree } from '../store/flatten-tree.ts';
import { diskPath, readOnlyFlags } from '../disk/disk-path.ts';
import type { CapturedDatabase } from '../sources/source.ts';

export interface SafetyKeeper {
  /**
   * Returns when what `stats` shows at `path` is in the safety snapshot.
   * @param exact compares change times as well, which this restore's own links move
   * @throws EngineError RESTORE_BLOCKED it keeps changing; PLAN_STALE it became something else
   */
  keepFile(path: ProjectPath, stats: BigIntStats | undefined, exact: boolean): Promise<void>;
  /** The same for a database that is locked for this restore; `signature` is what its source says now. */
  keepDatabase(
    path: ProjectPath,
    signature: string,
    copyCurrent: (tempDir: string) => Promise<CapturedDatabase | null>,
  ): Promise<void>;
}

/** @param expected pipes, sockets and devices that the plan takes away: nothing is in them to be kept */
export function createSafetyKeeper(
  writer: WriteSession,
  safety: SnapshotTaken,
  live: FlatTree,
  place: Place,
  expected: ReadonlySet<string>,
): SafetyKeeper {
  const captured = captureSignatures(safety);
  const amended = new Map<string, string>();
  const links = new Map(
    live.entries
      .filter(({ kind }) => kind === 'symlink')
      .map(({ path, content }) => [path, content]),
  );
  const folders = new Set(
    live.entries.filter(({ kind }) => kind === 'directory').map(({ path }) => path),
  );
  const databases = new Set<string>(
    live.entries.filter(({ kind }) => kind === 'database').map(({ path }) => path),
  );
  // What a further name of a database holds is saved by the database's own name.
  const names = new Set<string>(
    live.entries.filter(({ hardlink }) => databases.has(hardlink)).map(({ path }) => path),
  );
  const amend = (replacements: readonly Replacement[]): Promise<unknown> =>
    amendSnapshot(writer, safety.manifest.id, replacements, uncancelled);

  async function amendFile(path: ProjectPath): Promise<void> {
    if (!folders.has(parentOf(path)) && place.rootOf(path) !== path) throw changed(path);
    const { copy, stats } = copyFile(path, place, mkdtempSync(join(writer.tempDir, 'late-')));
    const node = nodeOf(path, stats);
    await amend([{ path, readFrom: copy, node, headerVersion: null, facts: null }]);
    amended.set(path, withoutChangeTime(plainSignature(stats)));
  }

  return {
    async keepFile(path, stats, exact) {
      if (stats === undefined || names.has(path)) return;
      if (!stats.isFile() && !stats.isSymbolicLink() && expected.has(path)) return;
      const now = plainSignature(stats);
      const then = captured(path);
      if (now === then) return;
      const soft = withoutChangeTime(now);
      if (amended.get(path) === soft) return;
      if (!exact && then !== undefined && withoutChangeTime(then) === soft) return;
      // A root that is a link has no signature: its target is all there is to it.
      if (stats.isSymbolicLink() && links.get(path) === targetOf(path, place)) return;
      if (!stats.isFile()) throw changed(path);
      await amendFile(path);
    },
    async keepDatabase(path, signature, copyCurrent) {
      const known = safety.capture.overlay.database(path)?.signature;
      if (known !== undefined && sourceOf(path).isSameUnderLock(known, signature)) return;
      const current = await copyCurrent(writer.tempDir);
      if (current !== null)
        await amend(replacementsFor(path, current, live.files.get(path), place));
    },
  };
}

/** The signatures that files had when the safety snapshot read them. */
function captureSignatures({ capture }: SnapshotTaken): (path: ProjectPath) => string | undefined {
  const folders = new Map<string, ReadonlyMap<string, string>>();
  const signaturesOf = (folder: string): ReadonlyMap<string, string> => {
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const signatures = signaturesIn(capture.overlay.folder(folder)?.signatures ?? '');
    folders.set(folder, signatures);
    return signatures;
  };
  return (path) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    // A root that is a file has a row of its own.
    return signaturesOf(parentOf(path)).get(name) ?? signaturesOf(path).get(name);
  };
}

function targetOf(path: ProjectPath, place: Place): string {
  return nameFromBytes(readlinkSync(diskPath(place.livePath(path)), { encoding: 'buffer' }));
}

const maxTries = 5;

/** A copy of one moment. @throws EngineError RESTORE_BLOCKED where there is none */
function copyFile(
  path: ProjectPath,
  place: Place,
  folder: string,
): { copy: string; stats: BigIntStats } {
  const source = diskPath(place.livePath(path));
  for (let i = 0; i < maxTries; i += 1) {
    const copy = join(folder, String(i));
    const from = openSync(source, readOnlyFlags);
    try {
      const before = fstatSync(from, { bigint: true });
      if (!before.isFile()) throw changed(path);
      copyContent(from, copy);
      const stats = fstatSync(from, { bigint: true });
      if (isSameFile(before, stats)) return { copy, stats };
    } finally {
      closeSync(from);
    }
  }
  throw new EngineError('RESTORE_BLOCKED', `"${path}" is being written all the time`, {
    path,
    hint: 'stop the program that writes it, then try again',
  });
}

function copyContent(from: number, copy: string): void {
  const to = openSync(copy, 'wx', 0o600);
  const buffer = Buffer.allocUnsafe(1024 * 1024);
  try {
    for (;;) {
      const read = readSync(from, buffer, 0, buffer.length, null);
      if (read === 0) return;
      writeSync(to, buffer, 0, read);
    }
  } finally {
    closeSync(to);
  }
}

function nodeOf(path: ProjectPath, stats: BigIntStats): FileNode {
  return {
    name: path.slice(path.lastIndexOf('/') + 1),
    kind: 'file',
    ...entryFacts(stats),
    size: Number(stats.size),
    content: '',
    chunked: false,
    hardlink: '',
  };
}

function replacementsFor(
  path: ProjectPath,
  current: CapturedDatabase,
  before: FileNode | undefined,
  place: Place,
): Replacement[] {
  const facts = databaseFacts(current);
  const name = path.slice(path.lastIndexOf('/') + 1);
  const node: FileNode = before ?? { ...emptyNode, name };
  if (current.imagePath !== null) {
    const image = { ...node, kind: 'database' as const, name, size: current.bytes };
    return [
      {
        path,
        readFrom: current.imagePath,
        node: image,
        headerVersion: current.writeVersion,
        facts,
      },
    ];
  }
  if (current.groupFiles.length === 0) {
    throw new EngineError(
      'RESTORE_BLOCKED',
      `"${path}" cannot be saved first: ${current.detail ?? current.state}`,
      {
        path,
        hint: `look at "${place.livePath(path)}", then try again`,
      },
    );
  }
  return current.groupFiles.map(({ suffix, copyPath, bytes }) => ({
    path: `${path}${suffix}`,
    readFrom: copyPath,
    node: { ...node, kind: 'file' as const, name: `${name}${suffix}`, size: bytes },
    headerVersion: null,
    facts: suffix === '' ? facts : null,
  }));
}

const emptyNode: FileNode = {
  name: '',
  kind: 'database',
  mode: 0o644,
  uid: process.geteuid?.() ?? 0,
  gid: process.getegid?.() ?? 0,
  mtimeNs: 0n,
  size: 0,
  content: '',
  chunked: false,
  hardlink: '',
};

function changed(path: ProjectPath): EngineError {
  return new EngineError('PLAN_STALE', `"${path}" became something else since the plan was made`, {
    path,
    hint: 'look at the plan again',
  });
}
