// The catalog's rows of snapshots: written once; label, pin and damage may change later.

import type { SnapshotEntry, SnapshotManifest } from '../../core/documents/documents.ts';
import type { Database } from '../sqlite/sqlite-driver.ts';
import type { ListOptions } from '../../core/documents/options.ts';
import { isWithin } from '../../core/names.ts';
import { parseSnapshotId } from '../../core/snapshot-id.ts';
import { resolveSnapshot } from '../../core/snapshots/resolve-snapshot.ts';

/** What stands in the pack: everything but the facts that may change. */
export type StoredManifest = Omit<SnapshotManifest, 'pinned' | 'damaged' | 'storedBytes'> & {
  /** How often a restore made its safety snapshot more complete; absent where it did not. */
  readonly revision?: number;
};

interface SnapshotRow {
  readonly label: string | null;
  readonly pinned: number;
  readonly damaged: number;
  readonly stored: number;
  readonly document: string;
}

export function insertSnapshot(
  db: Database,
  manifest: StoredManifest,
  facts: { readonly pinned: boolean; readonly storedBytes: number },
): void {
  db.prepare(
    `INSERT INTO snapshots (id, created_at, reason, label, pinned, stored, entry, manifest)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    manifest.id,
    Date.parse(manifest.createdAt),
    manifest.reason,
    manifest.label,
    facts.pinned ? 1 : 0,
    facts.storedBytes,
    JSON.stringify(entryOf(manifest)),
    JSON.stringify(manifest),
  );
}

/** Another manifest for the same snapshot: the safety copy of a restore, made complete inside its lock. */
export function replaceManifest(db: Database, manifest: StoredManifest, addedBytes: number): void {
  db.prepare('UPDATE snapshots SET stored = stored + ?, entry = ?, manifest = ? WHERE id = ?').run(
    addedBytes,
    JSON.stringify(entryOf(manifest)),
    JSON.stringify(manifest),
    manifest.id,
  );
}

/** By order of taking, newest first. */
export function selectEntries(db: Database, filter: ListOptions = {}): readonly SnapshotEntry[] {
  const { where, values } = conditions(filter);
  return db
    .prepare<SnapshotRow>(
      `SELECT label, pinned, damaged, stored, entry AS document FROM snapshots ${where} ORDER BY seq DESC LIMIT ? OFFSET ?`,
    )
    .all(...values, filter.limit ?? -1, filter.offset ?? 0)
    .map(toListed);
}

/** Snapshots a local day, newest day first. */
export function countByDay(
  db: Database,
  filter: ListOptions = {},
): readonly { readonly day: string; readonly count: number }[] {
  const { where, values } = conditions(filter);
  return db
    .prepare<{ day: string; count: number }>(
      `SELECT ${localDay} AS day, count(*) AS count FROM snapshots ${where} GROUP BY day ORDER BY day DESC`,
    )
    .all(...values);
}

function selectEntry(db: Database, id: string): SnapshotEntry | undefined {
  const row = db
    .prepare<SnapshotRow>(
      'SELECT label, pinned, damaged, stored, entry AS document FROM snapshots WHERE id = ?',
    )
    .get(id);
  return row === undefined ? undefined : toListed(row);
}

function toListed(row: SnapshotRow): SnapshotEntry {
  return { ...(JSON.parse(row.document) as SnapshotEntry), ...changeableFacts(row) };
}

export function selectManifest(db: Database, id: string): SnapshotManifest | undefined {
  const row = db
    .prepare<SnapshotRow>(
      'SELECT label, pinned, damaged, stored, manifest AS document FROM snapshots WHERE id = ?',
    )
    .get(id);
  if (row === undefined) return undefined;
  return { ...(JSON.parse(row.document) as SnapshotManifest), ...changeableFacts(row) };
}

type NewestContents = Pick<SnapshotManifest, 'dataDirs' | 'databases'> & {
  readonly beside: SnapshotManifest['beside'] | null;
};

/** What the newest snapshot captured; undefined where there is none. */
export function selectNewestContents(
  db: Database,
): Pick<SnapshotManifest, 'dataDirs' | 'databases'> | undefined {
  const text = db
    .prepare<string>(
      `SELECT json_object('dataDirs', manifest -> 'dataDirs', 'databases', manifest -> 'databases',
                          'beside', manifest -> 'beside')
       FROM snapshots ORDER BY seq DESC LIMIT 1`,
    )
    .pluck()
    .get();
  if (text === undefined) return undefined;
  const { dataDirs, databases, beside } = JSON.parse(text) as NewestContents;
  // What lay beside the data once is no data.
  const isData = (path: string): boolean => beside?.every((one) => !isWithin(path, one)) ?? true;
  return { dataDirs, databases: databases.filter(({ path }) => isData(path)) };
}

/** The snapshot taken before this one; undefined where it was the first, or there is none of that id. */
export function selectIdBefore(db: Database, id: string): string | undefined {
  return db
    .prepare<string>(
      `SELECT id FROM snapshots WHERE seq < (SELECT seq FROM snapshots WHERE id = ?)
       ORDER BY seq DESC LIMIT 1`,
    )
    .pluck()
    .get(id);
}

/** Root trees of all snapshots but the named ones: what garbage collection starts from. */
export function selectTrees(db: Database, without: readonly string[] = []): readonly string[] {
  const gone = new Set(without);
  return db
    .prepare<{ id: string; tree: string }>(
      "SELECT id, json_extract(manifest, '$.tree') AS tree FROM snapshots",
    )
    .all()
    .filter((row) => !gone.has(row.id))
    .map((row) => row.tree);
}

export function deleteSnapshotRow(db: Database, id: string): void {
  db.prepare('DELETE FROM snapshots WHERE id = ?').run(id);
}

export function setPinned(db: Database, id: string, pinned: boolean): void {
  db.prepare('UPDATE snapshots SET pinned = ? WHERE id = ?').run(pinned ? 1 : 0, id);
}

export function setLabel(db: Database, id: string, label: string | null): void {
  db.prepare('UPDATE snapshots SET label = ? WHERE id = ?').run(label, id);
}

export function setDamaged(db: Database, id: string, damaged: boolean): void {
  db.prepare('UPDATE snapshots SET damaged = ? WHERE id = ?').run(damaged ? 1 : 0, id);
}

const localDay = "strftime('%Y-%m-%d', created_at / 1000, 'unixepoch', 'localtime')";

function conditions(filter: ListOptions): { where: string; values: (string | number)[] } {
  const parts: string[] = [];
  const values: (string | number)[] = [];
  const add = (part: string, ...more: (string | number)[]): void => {
    parts.push(part);
    values.push(...more);
  };
  if (filter.fromDay !== undefined) add(`${localDay} >= ?`, filter.fromDay);
  if (filter.toDay !== undefined) add(`${localDay} <= ?`, filter.toDay);
  if (filter.reasons !== undefined)
    add(`reason IN (${filter.reasons.map(() => '?').join()})`, ...filter.reasons);
  if (filter.pinned !== undefined) add('pinned = ?', filter.pinned ? 1 : 0);
  if (filter.branch !== undefined) add("json_extract(entry, '$.branch') = ?", filter.branch);
  if (filter.withMismatches === true) add("json_extract(entry, '$.mismatches') > 0");
  return { where: parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`, values };
}

function changeableFacts(
  row: SnapshotRow,
): Pick<SnapshotEntry, 'label' | 'pinned' | 'damaged' | 'storedBytes'> {
  const { label, stored: storedBytes } = row;
  return { label, pinned: row.pinned === 1, damaged: row.damaged === 1, storedBytes };
}

/** The part of a manifest that `list` tells, without what may change. */
export function entryOf(
  manifest: StoredManifest,
): Omit<SnapshotEntry, 'pinned' | 'damaged' | 'storedBytes'> {
  const { id, createdAt, reason, label, files, bytes, mismatches, changes } = manifest;
  const { command, actor, branch, commit, consistent, unchanged } = manifest;
  const { newMismatches, beforeUndo, beforeRestoreOf } = manifest;
  return {
    id,
    createdAt,
    reason,
    label,
    files,
    bytes,
    mismatches,
    ...(newMismatches === undefined ? {} : { newMismatches }),
    changes,
    command,
    actor,
    branch,
    commit,
    consistent,
    unchanged,
    ...(beforeUndo === undefined ? {} : { beforeUndo }),
    ...(beforeRestoreOf === undefined ? {} : { beforeRestoreOf }),
  };
}

/**
 * The entry that SNAPSHOT names.
 * @throws EngineError SNAPSHOT_NOT_FOUND, SNAPSHOT_AMBIGUOUS
 */
export function resolveEntry(
  store: { readonly db: Database } | null,
  snapshot: string,
): SnapshotEntry {
  // A whole id, as programs name a snapshot: the others are not read.
  const id = parseSnapshotId(snapshot);
  const entry = id === undefined || store === null ? undefined : selectEntry(store.db, id);
  return entry ?? resolveSnapshot(snapshot, store === null ? [] : selectEntries(store.db));
}

/** The part of a manifest that `list` tells. */
export function toEntry(manifest: SnapshotManifest): SnapshotEntry {
  const { pinned, damaged, storedBytes } = manifest;
  return { ...entryOf(manifest), pinned, damaged, storedBytes };
}
