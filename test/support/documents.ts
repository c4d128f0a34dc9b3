// Documents as the engine makes them, for tests of what is shown: UX.md's docsfy sample. Each helper
// answers a sound, whole document and takes what a test is about.

import type {
  ChangeCounts,
  DataDirDocument,
  DatabaseDiff,
  DetectionDocument,
  DiffDocument,
  FileChange,
  RestorePlanDocument,
  SnapshotEntry,
  TableDiff,
} from '../../src/core/documents/documents.ts';
import { plainText, type TextOptions } from '../../src/core/format/lines.ts';
import type { Clock } from '../../src/core/format/time.ts';

export const MB = 1024 * 1024;

/** 20 November 2026, 14:44 local time, an hour ahead of UTC. */
export const clock: Clock = {
  nowMs: Date.parse('2026-11-20T13:44:05Z'),
  offsetMinutes: () => -60,
};

export const text: TextOptions = plainText(clock);

export function changes(
  added: number,
  removed: number,
  changed: number,
  files: number,
): ChangeCounts {
  return {
    files,
    rows: added + removed + changed,
    rowsAdded: added,
    rowsRemoved: removed,
    rowsChanged: changed,
  };
}

export function entry(facts: Partial<SnapshotEntry> = {}): SnapshotEntry {
  return {
    id: '20261120T133205Z-k3f9',
    createdAt: '2026-11-20T13:32:05.000Z',
    reason: 'manual',
    label: 'Before migration',
    pinned: false,
    files: 1204,
    bytes: 345 * MB,
    storedBytes: 3.1 * MB,
    mismatches: null,
    changes: changes(12, 3, 5, 14),
    consistent: true,
    damaged: false,
    unchanged: false,
    command: null,
    actor: null,
    branch: 'main',
    commit: '787de50c1a2b3c4d5e6f708192a3b4c5d6e7f809',
    ...facts,
  };
}

export function dataDir(facts: Partial<DataDirDocument> = {}): DataDirDocument {
  return {
    name: 'data',
    path: 'data',
    roots: ['data'],
    layout: 'docsfy',
    confidence: 'certain',
    evidence: ['DATA_DIR=/data in .env, mapped by docker-compose.yaml'],
    missing: [],
    databases: [
      {
        path: 'data/docsfy.db',
        engine: 'sqlite',
        journalMode: 'rollback',
        bytes: 200 * MB,
        state: 'ok',
      },
    ],
    files: 1204,
    bytes: 345 * MB,
    contents: [{ path: 'data/projects', files: 1204, bytes: 145 * MB }],
    excluded: [{ path: 'data/tmp/', reason: 'temporary files', bytes: 1.1 * MB, canInclude: true }],
    references: [],
    ...facts,
  };
}

export function detection(facts: Partial<DetectionDocument> = {}): DetectionDocument {
  return {
    dataDirs: [dataDir()],
    foldersLookedAt: 12,
    boundHit: false,
    rejected: [],
    configProblems: [],
    ...facts,
  };
}

export function tableDiff(
  name: string,
  [added, removed, changed]: readonly [number, number, number],
  rows: TableDiff['rows'] = [],
): TableDiff {
  return { name, added, removed, changed, rows };
}

export function databaseDiff(facts: Partial<DatabaseDiff> = {}): DatabaseDiff {
  return {
    path: 'data/docsfy.db',
    state: 'changed',
    schema: [],
    tables: [],
    problem: null,
    ...facts,
  };
}

export function fileChange(
  op: FileChange['op'],
  path: string,
  beforeBytes: number | null,
  afterBytes: number | null,
): FileChange {
  return { path, op, kind: 'file', beforeBytes, afterBytes };
}

/** `count` files that came or went with their folder. */
export function wholeFolder(
  op: 'add' | 'remove',
  folder: string,
  count: number,
  bytes: number,
): readonly FileChange[] {
  const [before, after] = op === 'add' ? [null, bytes] : [bytes, null];
  return Array.from({ length: count }, (_, index) => ({
    ...fileChange(op, `${folder}/page-${index}.html`, before, after),
    folder,
  }));
}

export function diffDocument(facts: Partial<DiffDocument> = {}): DiffDocument {
  return {
    files: { added: [], removed: [], modified: [] },
    databases: [],
    mismatches: { before: null, after: null },
    fileChanges: [],
    a: '20261120T133205Z-k3f9',
    b: 'live',
    ...facts,
  };
}

export function restorePlan(facts: Partial<RestorePlanDocument> = {}): RestorePlanDocument {
  return {
    token: 'token',
    snapshot: entry(),
    fileChanges: [],
    files: { written: 0, deleted: 0, unchanged: 1204 },
    databases: [],
    openFiles: [],
    mismatches: { before: null, after: null },
    newMismatches: [],
    foreignKeys: [],
    warnings: [],
    blocked: null,
    empty: false,
    to: null,
    keepNew: false,
    ...facts,
  };
}
