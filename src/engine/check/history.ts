// How a data directory went over its newest snapshots: size, rows, mismatches. Told from manifests;
// only where a snapshot holds several data directories their trees are added up, each folder once.

import type {
  HistoryDocument,
  HistoryPoint,
  SnapshotManifest,
} from '../../core/documents/documents.ts';
import { isWithin } from '../../core/names.ts';
import { findNode } from '../store/find-node.ts';
import { selectEntries, selectManifest } from '../store/snapshot-rows.ts';
import type { ContentHash, StoreReader, TreeEntry } from '../store/store.ts';
import type { StoreSession } from '../store/store-session.ts';

type Counts = Pick<HistoryPoint, 'files' | 'bytes'>;

/** @param dataDir its name or path; one that no snapshot holds has no points */
export function historyOf(
  store: StoreSession | null,
  dataDir: string,
  limit: number,
): HistoryDocument {
  const points: HistoryPoint[] = [];
  let name = dataDir;
  const count = treeCounter(store?.reader);
  for (const manifest of newestManifests(store)) {
    if (points.length >= limit) break;
    const dir = manifest.dataDirs.find((one) => one.name === dataDir || one.path === dataDir);
    if (dir === undefined) continue;
    name = dir.name;
    points.unshift(toPoint(manifest, dir, count));
  }
  return { dataDir: name, points };
}

const pageLength = 100;

/** Newest first, read as far as somebody asks. */
function* newestManifests(store: StoreSession | null): Generator<SnapshotManifest> {
  if (store === null) return;
  for (let offset = 0; ; offset += pageLength) {
    const page = selectEntries(store.db, { limit: pageLength, offset });
    for (const { id } of page) {
      const manifest = selectManifest(store.db, id);
      if (manifest !== undefined) yield manifest;
    }
    if (page.length < pageLength) return;
  }
}

function toPoint(
  manifest: SnapshotManifest,
  dir: SnapshotManifest['dataDirs'][number],
  count: (tree: ContentHash, path: string) => Counts,
): HistoryPoint {
  const { id, createdAt, label, reason, tree, databases } = manifest;
  const isWhole = manifest.dataDirs.length === 1;
  const own = databases.filter(({ path }) => dir.roots.some((root) => isWithin(path, root)));
  return {
    id,
    createdAt,
    label,
    reason,
    ...(isWhole ? { files: manifest.files, bytes: manifest.bytes } : sumOf(dir.roots, tree, count)),
    mismatches: isWhole ? manifest.mismatches : (dir.mismatches ?? null),
    tables: Object.fromEntries(
      own.flatMap(({ path, tables }) =>
        Object.entries(tables).map(([table, rows]) => [`${path}:${table}`, rows]),
      ),
    ),
  };
}

function sumOf(
  roots: readonly string[],
  tree: ContentHash,
  count: (tree: ContentHash, path: string) => Counts,
): Counts {
  const counts = roots.map((root) => count(tree, root));
  return {
    files: counts.reduce((sum, { files }) => sum + files, 0),
    bytes: counts.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** Files and bytes below a path; equal folders of several snapshots are added up once. */
function treeCounter(reader: StoreReader | undefined): (tree: ContentHash, path: string) => Counts {
  const known = new Map<ContentHash, Counts>();
  const countFolder = (hash: ContentHash): Counts => {
    const counted = known.get(hash);
    if (counted !== undefined || reader === undefined) return counted ?? { files: 0, bytes: 0 };
    const counts = { files: 0, bytes: 0 };
    for (const entry of reader.readTree(hash)) add(counts, countEntry(entry));
    known.set(hash, counts);
    return counts;
  };
  const countEntry = (entry: TreeEntry): Counts => {
    if (entry.kind === 'directory') return countFolder(entry.content);
    const files = entry.kind === 'database' ? 0 : 1;
    return { files, bytes: entry.kind === 'symlink' ? 0 : entry.size };
  };
  return (tree, path) => {
    const node = reader === undefined ? undefined : findNode(reader, tree, path);
    return node === undefined ? { files: 0, bytes: 0 } : countEntry(node);
  };
}

function add(counts: { files: number; bytes: number }, more: Counts): void {
  counts.files += more.files;
  counts.bytes += more.bytes;
}
