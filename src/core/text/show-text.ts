// `savepoint show` for people: one snapshot, whole.

import type { SnapshotDatabase, SnapshotManifest } from '../documents/documents.ts';
import { changesText } from '../format/counts.ts';
import { databaseStateWords } from './detect-text.ts';
import { alignColumns, type Cell, type TextOptions } from '../format/lines.ts';
import { below, holdsText, journalText, snapshotName } from '../format/names.ts';
import { formatBytes, formatCount, nameSome, plural } from '../format/numbers.ts';
import { captureProblems } from './snapshot-text.ts';
import { reasonWords } from '../snapshots/snapshot-words.ts';
import { ago, formatDuration } from '../format/time.ts';
import { cut, cutMiddle, visible } from '../format/width.ts';

const nameWidth = 16;
const sizeColumn = 60;
const maxTables = 30;

export function showText(manifest: SnapshotManifest, options: TextOptions): readonly string[] {
  const { style, columns } = options;
  const facts = factsOf(manifest, options).map(([name, text]): Cell[] => [
    { text: `  ${name}`, paint: style.dim },
    { text: cut(visible(text), columns - nameWidth - 2) },
  ]);
  const databases = manifest.dataDirs.flatMap((dataDir): Cell[][] => [
    [
      { text: cutMiddle(visible(dataDir.path), 40), paint: style.strong },
      { text: `${dataDir.layout} layout` },
    ],
    ...manifest.databases
      .filter(({ path }) => below(path, dataDir.path) !== path || path === dataDir.path)
      .flatMap((database) => databaseRows(database, dataDir.path)),
  ]);
  const gap = 2;
  const warn = style.warn(style.signs.notice);
  return [
    `${style.id(manifest.id)}${snapshotName(manifest, { ...style, id: () => '' })}`,
    ...alignColumns(facts, { gap, widths: [nameWidth] }),
    ...alignColumns(databases, { gap, widths: [nameWidth, sizeColumn - nameWidth - 2 * gap] }),
    ...captureProblems(manifest).map((problem) => `${warn} ${problem}`),
  ];
}

function factsOf(
  manifest: SnapshotManifest,
  { clock }: TextOptions,
): readonly (readonly [string, string])[] {
  const { actor, branch, commit, command, mismatches, beside = [] } = manifest;
  const taken = ago(Date.parse(manifest.createdAt), clock);
  const holds = holdsText(manifest.databases.length, manifest.files, manifest.bytes);
  const at = branch ?? (commit === null ? null : 'no branch');
  const all: (readonly [string, string | null])[] = [
    [
      'taken',
      `${taken}, ${reasonWords[manifest.reason]}, in ${formatDuration(manifest.durationMs)}`,
    ],
    ['pinned', manifest.pinned ? 'retention never takes it' : null],
    ['holds', `${holds}; ${formatBytes(manifest.storedBytes)} of its own`],
    [
      'changed',
      `${changesText(manifest.changes)}${manifest.changes ? ' since the one before' : ''}`,
    ],
    ['mismatches', mismatches === null ? null : formatCount(mismatches)],
    ['state', manifest.damaged ? 'damaged: savepoint verify' : null],
    ['command', command],
    ['beside', beside.length === 0 ? null : `${nameSome(beside, 3)}, which the command names`],
    ['by', actor],
    ['branch', at === null || commit === null ? at : `${at}, commit ${commit.slice(0, 10)}`],
  ];
  return all.flatMap(([name, text]) => (text === null ? [] : [[name, text] as const]));
}

function databaseRows(database: SnapshotDatabase, dataDir: string): Cell[][] {
  const tables = Object.entries(database.tables);
  const state = databaseStateWords[database.state];
  const what = [journalText(database.journalMode), state].filter((part) => part !== '').join(', ');
  const more = tables.length - maxTables;
  return [
    [
      { text: `  ${cutMiddle(visible(below(database.path, dataDir)), 30)}` },
      { text: what },
      { text: formatBytes(database.bytes) },
    ],
    ...tables
      .slice(0, maxTables)
      .map(([name, rows]): Cell[] => [
        { text: `    ${cut(visible(name), 30)}` },
        { text: plural(rows, 'row') },
      ]),
    ...(more > 0 ? [[{ text: `    ... ${plural(more, 'more table')}: --json` }]] : []),
  ];
}
