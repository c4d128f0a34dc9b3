// Samples as views need them, beside those of support/documents.ts; a test names only what it is about.

import type {
  CheckDocument,
  CheckRule,
  DataDirDocument,
  Mismatch,
  RestorePlanDocument,
  SnapshotEntry,
  StatusDocument,
} from '../../../src/core/documents/documents.ts';
import {
  clock,
  databaseDiff,
  detection,
  restorePlan,
  entry as sampleEntry,
  tableDiff,
} from '../../support/documents.ts';

const day = 86_400_000;
const hour = 3_600_000;

export const ages = {
  minutes: (n: number) => n * 60_000,
  hours: (n: number) => n * hour,
  days: (n: number) => n * day,
};

export function entry(
  facts: Partial<SnapshotEntry> & { readonly ageMs?: number } = {},
): SnapshotEntry {
  const { ageMs = ages.minutes(12), ...given } = facts;
  return sampleEntry({
    createdAt: new Date(clock.nowMs - ageMs).toISOString(),
    label: null,
    branch: null,
    commit: null,
    ...given,
  });
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
      problemCode: null,
      ...facts.store,
    },
    newest,
    detection: detection(facts.dataDirs && { dataDirs: facts.dataDirs }),
    canUndo: false,
    pending: facts.pending ?? null,
    tools: [],
  };
}

export function plan(facts: Partial<RestorePlanDocument> = {}): RestorePlanDocument {
  return restorePlan({
    snapshot: entry({ label: 'Before migration' }),
    files: { written: 9, deleted: 5, unchanged: 1190 },
    databases: [
      {
        path: 'data/docsfy.db',
        method: 'live',
        diff: databaseDiff({ tables: [tableDiff('projects', [12, 3, 4])] }),
        tables: null,
        wholeBecause: null,
        openIn: [],
      },
    ],
    ...facts,
  });
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
