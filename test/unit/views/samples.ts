// Documents as the engine answers them, whole and plausible; a test names only what it is about.

import type {
  CheckDocument,
  CheckRule,
  DataDirDocument,
  Mismatch,
  RestorePlanDocument,
  SnapshotEntry,
  StatusDocument,
} from '../../../src/core/documents.ts';
import type { Clock } from '../../../src/core/text/time.ts';

const day = 86_400_000;
const hour = 3_600_000;

/** Friday, 20 November 2026, 14:44:05 in a zone one hour ahead of UTC. */
export const clock: Clock = { nowMs: Date.parse('2026-11-20T13:44:05Z'), offsetMinutes: () => -60 };

export const ages = {
  minutes: (n: number) => n * 60_000,
  hours: (n: number) => n * hour,
  days: (n: number) => n * day,
};

export function entry(
  facts: Partial<SnapshotEntry> & { readonly ageMs?: number } = {},
): SnapshotEntry {
  const { ageMs = ages.minutes(12), ...given } = facts;
  return {
    id: '20261120T133205Z-k3f9',
    createdAt: new Date(clock.nowMs - ageMs).toISOString(),
    reason: 'manual',
    label: null,
    pinned: false,
    files: 1204,
    bytes: 345 * 1024 ** 2,
    storedBytes: 3_250_000,
    mismatches: null,
    changes: { files: 14, rows: 20, rowsAdded: 12, rowsRemoved: 3, rowsChanged: 5 },
    consistent: true,
    damaged: false,
    unchanged: false,
    command: null,
    actor: null,
    branch: null,
    commit: null,
    ...given,
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
        bytes: 200 * 1024 ** 2,
        state: 'ok',
      },
    ],
    files: 1204,
    bytes: 345 * 1024 ** 2,
    contents: [{ path: 'data/projects', files: 1204, bytes: 145 * 1024 ** 2 }],
    excluded: [],
    references: [],
    ...facts,
  };
}

export function status(
  facts: {
    readonly dataDirs?: readonly DataDirDocument[];
    readonly newest?: SnapshotEntry | null;
    readonly pending?: StatusDocument['pending'];
    readonly store?: Partial<StatusDocument['store']>;
  } = {},
): StatusDocument {
  const newest = facts.newest ?? null;
  return {
    project: { id: null, path: '/home/dev/app' },
    store: {
      path: '/home/me/.local/share/savepoint/app',
      bytes: newest ? 412 * 1024 ** 2 : 0,
      capBytes: 5 * 1024 ** 3,
      freeBytes: 38 * 1024 ** 3,
      snapshots: newest ? 7 : 0,
      verifiedAt: null,
      ephemeral: null,
      problem: null,
      ...facts.store,
    },
    newest,
    detection: {
      dataDirs: facts.dataDirs ?? [dataDir()],
      foldersLookedAt: 40,
      boundHit: false,
      rejected: [],
      configProblems: [],
    },
    canUndo: false,
    pending: facts.pending ?? null,
    tools: [],
  };
}

export function plan(facts: Partial<RestorePlanDocument> = {}): RestorePlanDocument {
  return {
    token: 't',
    snapshot: entry({ label: 'Before migration' }),
    fileChanges: [],
    files: { written: 9, deleted: 5, unchanged: 1190 },
    databases: [
      {
        path: 'data/docsfy.db',
        method: 'live',
        diff: {
          path: 'data/docsfy.db',
          state: 'changed',
          schema: [],
          tables: [{ name: 'projects', added: 12, removed: 3, changed: 4, rows: [] }],
          problem: null,
        },
        tables: null,
        wholeBecause: null,
        openIn: [],
      },
    ],
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

export function rule(facts: Partial<CheckRule> = {}): CheckRule {
  return {
    id: 'docsfy/site',
    title: 'projects -> site',
    dataDir: 'data',
    database: 'data/docsfy.db',
    table: 'projects',
    target: 'projects/{owner}/{name}/{branch}/site/',
    where: "status = 'ready'",
    covers: null,
    origin: 'layout',
    state: 'checked',
    evidence: null,
    problem: null,
    mismatches: 0,
    ignored: 0,
    ...facts,
  };
}

export function mismatch(facts: Partial<Mismatch> = {}): Mismatch {
  return {
    kind: 'missing-file',
    severity: 'error',
    database: 'data/docsfy.db',
    table: 'projects',
    key: { name: 'alpha', branch: 'main', ai_provider: 'gemini', ai_model: 'pro', owner: '' },
    path: 'data/projects/_default/alpha/main/gemini/pro/site',
    rule: 'docsfy/site',
    detail: 'no site/',
    ...facts,
  };
}

export function check(facts: Partial<CheckDocument> = {}): CheckDocument {
  return {
    side: 'live',
    mismatches: [],
    diagnoses: [],
    rules: [rule()],
    ignored: 0,
    checkedRows: 230,
    checkedFiles: 1204,
    configProblems: [],
    durationMs: 12,
    ...facts,
  };
}
