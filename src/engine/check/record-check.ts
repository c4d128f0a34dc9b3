// What a snapshot records of its mismatches, checked on the side that was captured. It must never
// make a snapshot slow or fail: what is too large is not checked (null), and a side that did not
// change since the snapshot before has the mismatches of that one.

import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { type DiskPath } from '../../core/names.ts';
import type {
  Excluded,
  SkippedDocument,
  SnapshotDatabase,
} from '../../core/documents/documents.ts';
import { countMismatches } from '../../core/check/count.ts';
import { createNodeFinder } from '../store/find-node.ts';
import { writeImage } from '../sources/all-sources.ts';
import type { ContentHash, StoreReader } from '../store/store.ts';
import { checkOpenSide, type CheckOpenSideOptions } from './check-open-side.ts';
import type { CheckedDataDir } from './collect-rules.ts';
import type { FileIndex } from './file-index.ts';
import { capturedSource } from './captured-source.ts';
import { toRemember, type RememberedRule } from './remembered-rules.ts';
import { closedDatabase, imageDatabase, type SideDatabase } from './side-database.ts';
import { indexTree } from './tree-files.ts';

/** The manifest's part of it. */
export interface RecordedCheck {
  readonly mismatches: number;
  /** Of `mismatches`, by the name of the data directory. */
  readonly byDir: Readonly<Record<string, number>>;
  readonly mismatchKeys: readonly string[];
  /** Equal where the same rules were asked. */
  readonly checkedBy: string;
  /** Rules to ask from now on; null where nobody looked for rules in the data. */
  readonly rules: readonly RememberedRule[] | null;
}

export interface CapturedSide {
  /** Reads the trees; content of files as far as it has it. */
  readonly reader: StoreReader;
  readonly tree: ContentHash;
  readonly projectDir: DiskPath;
  readonly roots: readonly string[];
  readonly skipped: readonly SkippedDocument[];
  readonly excluded: readonly Excluded[];
  readonly databases: readonly SnapshotDatabase[];
  /** Images that are there already, by path. */
  readonly images: ReadonlyMap<string, string>;
  /** A private copy of the live database, where that still is what was captured; null where it is not. */
  readonly liveImage: (path: string) => Promise<string | null>;
  readonly infer: CheckOpenSideOptions['infer'];
  readonly nowMs: number;
  readonly tempDir: string;
}

/** Databases that have to be brought out of the store for it, all together. */
const maxOpenedBytes = 64 * 1024 * 1024;
/** Data in which rules are looked for: those of layouts and savepoint.json run on any. */
const maxInferredBytes = 32 * 1024 * 1024;
const maxInferredFiles = 30_000;
const maxRows = 1_000_000;
const maxMismatchKeys = 10_000;

/** What the rules of these data directories are, in short: a change of it needs a new look. */
export function rulesKey(
  dirs: readonly CheckedDataDir[],
  infer: CheckOpenSideOptions['infer'],
): string {
  const facts = dirs.map(({ name, path, layout, references, ignore }) => ({
    name,
    path,
    layout,
    references: references.map(({ at: _at, ...reference }) => reference),
    ignore: ignore.map(({ at: _at, ...ignored }) => ignored),
  }));
  return createHash('sha256')
    .update(JSON.stringify([1, facts, [...(infer?.dismissed ?? [])]]))
    .digest('hex')
    .slice(0, 16);
}

/**
 * Null where it was not checked: there are no rules, or it would take too long.
 * @throws the signal's reason; what goes wrong besides is null
 */
export async function recordCheck(
  side: CapturedSide,
  dirs: readonly CheckedDataDir[],
  signal: AbortSignal,
): Promise<RecordedCheck | null> {
  const rows = side.databases.flatMap(({ tables }) => Object.values(tables));
  if (rows.reduce((sum, count) => sum + count, 0) > maxRows) return null;
  const { databases, isTooLarge } = databasesOf(side, signal);
  try {
    const files = indexTree(side.reader, side, (nodeOf) =>
      capturedSource(side.reader, nodeOf, side.projectDir),
    );
    const bytes = side.databases.reduce((sum, database) => sum + database.bytes, 0);
    const infer = snapshotsInfer(bytes, files) ? side.infer : null;
    const checked = await checkOpenSide({ files, databases, nowMs: side.nowMs }, dirs, {
      signal,
      infer,
    });
    const isChecked = checked.check.rules.some((rule) => rule.state === 'checked');
    if (!isChecked || isTooLarge()) return null;
    const { check, collected } = checked;
    const rules =
      infer === null ? null : toRemember(collected.rules, check.rules, files, infer.remembered);
    return { ...toRecord(check, dirs, rulesKey(dirs, side.infer)), rules };
  } catch {
    signal.throwIfAborted();
    // A snapshot is worth more than its check: `check` of it tells what went wrong.
    return null;
  } finally {
    for (const database of databases) database.close();
  }
}

/** True where a snapshot looks for rules in the data, and so where it remembers them. */
export function snapshotsInfer(bytes: number, files: FileIndex): boolean {
  return bytes <= maxInferredBytes && files.kinds.size <= maxInferredFiles;
}

type Check = Awaited<ReturnType<typeof checkOpenSide>>['check'];

function toRecord(
  check: Check,
  dirs: readonly CheckedDataDir[],
  checkedBy: string,
): Omit<RecordedCheck, 'rules'> {
  const dirOf = new Map(check.rules.map(({ id, dataDir }) => [id, dataDir]));
  const byDir: Record<string, number> = {};
  for (const { name } of dirs) byDir[name] = 0;
  for (const { rule, severity } of check.mismatches) {
    const name = dirOf.get(rule);
    if (name !== undefined && severity !== 'info') byDir[name] = (byDir[name] ?? 0) + 1;
  }
  return {
    mismatches: countMismatches(check),
    byDir,
    mismatchKeys: check.keys.slice(0, maxMismatchKeys),
    checkedBy,
  };
}

function databasesOf(
  side: CapturedSide,
  signal: AbortSignal,
): { readonly databases: readonly SideDatabase[]; readonly isTooLarge: () => boolean } {
  let opened = 0;
  const find = createNodeFinder(side.reader, side.tree);
  const databases = side.databases.map(({ path, detail, state: word }) => {
    const node = find(path);
    const copied = side.images.get(path);
    if (node?.kind !== 'database') return closedDatabase(path, detail ?? word);
    const image = async (): Promise<string> => {
      if (copied !== undefined) return copied;
      const live = await side.liveImage(path);
      if (live !== null) return live;
      opened += node.size;
      if (opened > maxOpenedBytes) throw new Error('too large for a look at every snapshot');
      const file = join(mkdtempSync(join(side.tempDir, 'check-')), 'database.db');
      writeImage(path, { reader: side.reader, node }, file, signal);
      return file;
    };
    return imageDatabase(path, node.content, image);
  });
  return { databases, isTooLarge: () => opened > maxOpenedBytes };
}
