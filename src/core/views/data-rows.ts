// The rows of the Data view.

import type {
  DataDirDocument,
  DetectedDatabase,
  Excluded,
  FolderContents,
  SnapshotEntry,
  StatusDocument,
} from '../documents/documents.ts';
import { below, dataDirHead, storeSizeText } from '../format/names.ts';
import { formatBytes, plural } from '../format/numbers.ts';
import { shortAge, spokenAge, type Clock } from '../format/time.ts';
import { visible } from '../format/width.ts';
import { dotted, errorColor, spokenList, warningColor, type Row } from './row.ts';
import { savedAtMs } from '../text/saved-at.ts';

/** Databases up to this size show their tables from the start: counting rows reads them. */
const openDatabaseBytes = 512 * 1024 * 1024;

/** @param isEmpty true where nothing of it stands below, for it has no snapshot. */
export function folderRow(name: string, cwd: string, dataDirs: number, isEmpty = false): Row {
  const description =
    dataDirs === 0
      ? 'No data directory'
      : isEmpty
        ? 'No snapshot'
        : plural(dataDirs, 'data directory', 'data directories');
  return {
    id: `folder/${cwd}`,
    context: dataDirs === 0 ? 'folder noData' : 'folder',
    icon: 'root-folder',
    iconColor: null,
    label: name,
    description,
    spoken: spokenList([name, description]),
    expand: isEmpty ? 'none' : 'expanded',
  };
}

export function dataDirRow(
  dir: DataDirDocument,
  newest: SnapshotEntry | null,
  clock: Clock,
  isOnly: boolean,
): Row {
  const layout = layoutWord(dir);
  const takenMs = savedAtMs(dir, newest);
  const label = dir.path === '.' ? dir.name : dataDirHead(dir);
  return {
    id: `dataDir/${dir.path}`,
    context: dir.confidence === 'guess' ? 'dataDir guess' : 'dataDir',
    icon: 'folder-library',
    iconColor: null,
    label: visible(label),
    description: dotted([
      layout,
      formatBytes(dir.bytes),
      takenMs === undefined ? 'no snapshot' : shortAge(takenMs, clock),
    ]),
    spoken: spokenList([
      `Data directory ${visible(label)}`,
      layout && `${dir.layout} layout`,
      formatBytes(dir.bytes),
      takenMs === undefined ? 'no snapshot' : `newest snapshot ${spokenAge(takenMs, clock)}`,
    ]),
    expand: isOnly || dir.confidence !== 'guess' ? 'expanded' : 'collapsed',
  };
}

export function databaseRow(dir: DataDirDocument, database: DetectedDatabase): Row {
  const label = visible(below(database.path, dir.path));
  const { state } = database;
  const isPlain = state === 'ok' || state === 'unchecked' || state === 'empty';
  const opens = dir.databases.length === 1 && isPlain && database.bytes <= openDatabaseBytes;
  const facts = dotted([formatBytes(database.bytes), databaseWord(database)]);
  return {
    id: `database/${database.path}`,
    context: `database sqlite ${database.journalMode} ${isPlain ? 'readable' : state}`,
    icon: isPlain ? 'database' : state === 'damaged' ? 'error' : 'warning',
    iconColor: isPlain ? null : state === 'damaged' ? errorColor : warningColor,
    label,
    description: facts,
    spoken: spokenList([`Database ${label}`, ...facts.split(' · ')]),
    expand: !isPlain ? 'none' : opens ? 'expanded' : 'collapsed',
  };
}

/** Files of one folder on the first level of a data directory, or those that lie there by themselves. */
export function filesRow(dir: DataDirDocument, { path, files, bytes }: FolderContents): Row {
  const isTop = path === dir.path;
  const label = isTop ? 'Files' : below(path, dir.path);
  const facts = dotted([plural(files, 'file'), formatBytes(bytes)]);
  return {
    id: `files/${path}`,
    context: 'files',
    icon: isTop ? 'files' : 'folder',
    iconColor: null,
    label: visible(label),
    description: facts,
    spoken: spokenList([
      isTop ? 'Files beside them' : `Folder ${visible(label)}`,
      ...facts.split(' · '),
    ]),
    expand: 'none',
  };
}

export function notCoveredRow(count: number): Row {
  return {
    id: 'notCovered',
    context: 'notCovered',
    icon: 'circle-slash',
    iconColor: null,
    label: 'Not covered',
    description: String(count),
    spoken: `Not covered: ${plural(count, 'item')}`,
    expand: 'collapsed',
  };
}

export function excludedRow(excluded: Excluded): Row {
  const label = visible(excluded.path);
  const size = excluded.bytes === null ? '' : formatBytes(excluded.bytes);
  return {
    id: `excluded/${excluded.path}`,
    context: excluded.canInclude ? 'excluded includable' : 'excluded',
    icon: 'circle-slash',
    iconColor: null,
    label,
    description: dotted([excluded.reason, size]),
    spoken: spokenList([`${label}, not covered`, excluded.reason, size]),
    expand: 'none',
  };
}

export function storeRow({ store }: StatusDocument): Row {
  const isBad = store.problem !== null || store.ephemeral !== null;
  const description =
    store.problem ?? store.ephemeral ?? (store.snapshots === 0 ? 'empty' : storeSizeText(store));
  return {
    id: 'store',
    context: store.problem !== null ? 'store stale' : isBad ? 'store ephemeral' : 'store',
    icon: isBad ? 'warning' : 'archive',
    iconColor: isBad ? warningColor : null,
    label: 'Store',
    description,
    spoken: spokenList(['Store', description, plural(store.snapshots, 'snapshot')]),
    expand: 'none',
  };
}

/** Where the files of a data directory are. */
export function contentsOf(dir: DataDirDocument): readonly FolderContents[] {
  const { path, files, bytes, databases } = dir;
  const databaseBytes = databases.reduce((sum, database) => sum + database.bytes, 0);
  const whole = files > 0 ? [{ path, files, bytes: bytes - databaseBytes }] : [];
  return dir.contents ?? whole;
}

/** What a data directory leaves out, of all of them. */
export function excludedOf(dataDirs: readonly DataDirDocument[]): readonly Excluded[] {
  return dataDirs.flatMap((dir) => dir.excluded);
}

function layoutWord(dir: DataDirDocument): string {
  if (dir.layout === 'generic') return dir.confidence === 'guess' ? 'a guess' : '';
  return dir.confidence === 'certain' ? dir.layout : `${dir.layout}?`;
}

function databaseWord({ state, journalMode }: DetectedDatabase): string {
  switch (state) {
    case 'ok':
    case 'unchecked':
      return journalMode === 'wal' ? 'WAL' : 'rollback';
    case 'encrypted':
      return 'encrypted, as plain file';
    case 'empty':
      return 'empty';
    case 'damaged':
    case 'locked':
    case 'unreadable':
      return state;
  }
}
