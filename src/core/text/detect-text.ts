// `savepoint detect` for people: what was found, how, and what is left out.

import type {
  DataDirDocument,
  DatabaseState,
  DetectedDatabase,
  DetectionDocument,
  SnapshotEntry,
} from '../documents/documents.ts';
import { alignColumns, type Cell, type TextOptions } from '../format/lines.ts';
import { below, dataDirHead, journalText } from '../format/names.ts';
import { formatBytes, formatCount, plural } from '../format/numbers.ts';
import { shortAge } from '../format/time.ts';
import { coverageLines, worthTelling } from './coverage-text.ts';
import { savedAtMs } from './saved-at.ts';
import { cut, cutMiddle, displayWidth, visible, wrapWords } from '../format/width.ts';
import type { CoverageEntry } from '../documents/coverage.ts';

const nameWidth = 16;
const sizeColumn = 60;
const maxListed = 6;

/** @param newest the project's newest snapshot, for the age and the next step. */
export function detectText(
  detection: DetectionDocument,
  newest: SnapshotEntry | null,
  options: TextOptions,
): readonly string[] {
  if (detection.dataDirs.length === 0) return nothingFound(detection, options);
  const lines = detection.dataDirs.flatMap((dataDir) => dataDirLines(dataDir, newest, options));
  lines.push(
    ...coverageLines(worthTelling(notLeftOut(detection)), options),
    ...boundLines(detection, options),
  );
  if (newest === null) lines.push('Next: savepoint snapshot');
  return lines;
}

/** What lies beside the data: what is left out of a data directory stands with it. */
function notLeftOut({ coverage = [], dataDirs }: DetectionDocument): readonly CoverageEntry[] {
  const leftOut = new Set(dataDirs.flatMap(({ excluded }) => excluded.map(({ path }) => path)));
  return coverage.filter(({ path }) => !leftOut.has(path));
}

/** What is not plain about a database; empty where it is sound. */
export const databaseStateWords: Readonly<Record<DatabaseState, string>> = {
  ok: '',
  unchecked: 'not checkable',
  damaged: 'damaged',
  encrypted: 'encrypted, as plain file',
  empty: 'empty',
  locked: 'locked',
  unreadable: 'unreadable',
};

function dataDirLines(
  dataDir: DataDirDocument,
  newest: SnapshotEntry | null,
  options: TextOptions,
): readonly string[] {
  const { style, columns, clock } = options;
  const takenMs = savedAtMs(dataDir, newest);
  const saved = takenMs === undefined ? 'no snapshot' : `saved ${shortAge(takenMs, clock)}`;
  const layout = `${dataDir.layout} layout, ${dataDir.confidence}`;
  const rows: Cell[][] = [
    head(dataDirHead(dataDir), layout, `${formatBytes(dataDir.bytes)}, ${saved}`, style.strong),
    ...dataDir.databases.map((database) => databaseRow(database, dataDir)),
    ...fileRows(dataDir),
    ...excludedRows(dataDir),
  ];
  const width = columns - 2 - nameWidth;
  const facts = [
    ...(dataDir.missing.length > 0 ? [['missing', dataDir.missing.join(', ')] as const] : []),
    ...dataDir.evidence.map((sentence) => ['found by', sentence] as const),
  ].flatMap(([name, text]) =>
    wrapWords(visible(text), width).map((part, index) => [
      { text: index === 0 ? `  ${name}` : '' },
      { text: part },
    ]),
  );
  const gap = 2;
  const names = Math.max(nameWidth, ...rows.map(([name]) => displayWidth(name?.text ?? '')));
  const what = sizeColumn - names - 2 * gap;
  const fitted = rows.map(([name, text, size]) => [
    { text: '', ...name },
    { text: cut(text?.text ?? '', what) },
    ...(size === undefined ? [] : [size]),
  ]);
  return [
    ...alignColumns(fitted, { gap, widths: [names, what] }),
    ...alignColumns(facts, { gap, widths: [nameWidth] }),
  ];
}

function head(path: string, layout: string, facts: string, paint: Cell['paint']): Cell[] {
  return [{ text: cutMiddle(visible(path), 32), paint }, { text: layout }, { text: facts }];
}

function databaseRow(database: DetectedDatabase, dataDir: DataDirDocument): Cell[] {
  const state = databaseStateWords[database.state];
  const what = [journalText(database.journalMode), state].filter((part) => part !== '').join(', ');
  const name = cutMiddle(visible(below(database.path, dataDir.path)), 30);
  return [{ text: `  ${name}` }, { text: what }, { text: formatBytes(database.bytes) }];
}

/** A line for each folder on the first level, the fullest ones where there are many. */
function fileRows(dataDir: DataDirDocument): Cell[][] {
  const { contents, path, files, bytes, databases } = dataDir;
  if (files === 0) return [];
  const inDatabases = databases.reduce((sum, one) => sum + one.bytes, 0);
  const all = contents ?? [{ path, files, bytes: Math.max(0, bytes - inDatabases) }];
  const fullest = new Set(all.toSorted((a, b) => b.bytes - a.bytes).slice(0, maxListed));
  const rows = all
    .filter((folder) => fullest.has(folder))
    .map((folder): Cell[] => [
      { text: `  ${folder.path === path ? 'files' : folderName(folder.path, path)}` },
      { text: plural(folder.files, 'file') },
      { text: formatBytes(folder.bytes) },
    ]);
  const more = all.length - rows.length;
  if (more > 0) rows.push([{ text: '' }, { text: `... ${plural(more, 'more folder')}` }]);
  return rows;
}

function folderName(path: string, dataDir: string): string {
  return `${cutMiddle(visible(below(path, dataDir)), 29)}/`;
}

function excludedRows({ excluded, path }: DataDirDocument): Cell[][] {
  const rows = excluded
    .slice(0, maxListed)
    .map((one, index): Cell[] => [
      { text: index === 0 ? '  left out' : '' },
      { text: `${visible(below(one.path, path))}: ${visible(one.reason)}` },
      { text: one.bytes === null ? '' : formatBytes(one.bytes) },
    ]);
  const more = excluded.length - rows.length;
  if (more > 0) rows.push([{ text: '' }, { text: `... ${formatCount(more)} more: --json` }]);
  return rows;
}

function nothingFound(detection: DetectionDocument, options: TextOptions): readonly string[] {
  const { foldersLookedAt, coverage = [] } = detection;
  const text =
    'Looked for DATA_DIR and similar names in .env and compose files, folders such as data, ' +
    'storage, db or pb_data, and SQLite databases, ' +
    `in ${plural(foldersLookedAt, 'folder')}.`;
  return [
    'No data directory found.',
    ...wrapWords(text, options.columns),
    ...coverageLines(coverage.slice(0, maxListed), options),
    ...boundLines(detection, options),
    'Or take a folder in: savepoint cover data',
  ];
}

function boundLines(detection: DetectionDocument, { style }: TextOptions): readonly string[] {
  if (!detection.boundHit) return [];
  const count = plural(detection.foldersLookedAt, 'folder');
  const sign = style.warn(style.signs.notice);
  return [`${sign} Stopped looking after ${count}; name what is missing in savepoint.json`];
}
