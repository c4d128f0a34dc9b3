// `check` of live data or of a snapshot: opens it, collects its rules, runs them, and tells.

import type {
  CheckDocument,
  CheckRule,
  ConfigProblem,
  Mismatch,
  SnapshotDataDir,
} from '../../core/documents/documents.ts';
import type { CheckOptions } from '../../core/documents/options.ts';
import { mismatchKey } from '../../core/check/mismatch-key.ts';
import { EngineError } from '../../core/errors.ts';
import { isWithin } from '../../core/names.ts';
import { selectDataDirs } from '../../core/select-data-dirs.ts';
import type { FoundDataDirs } from '../detect/found.ts';
import type { CallOptions } from '../options.ts';
import { placesInConfig } from '../detect/project-config.ts';
import type { ProjectContext } from '../project/project-context.ts';
import {
  chooseDataDirs,
  rootsOf,
  rootsOfSnapshot,
  toSnapshotDataDir,
  withGone,
} from '../capture/capture-roots.ts';
import { findManifest } from '../capture/open-side.ts';
import { selectEntries, selectIdBefore, selectManifest } from '../store/snapshot-rows.ts';
import type { StoreSession } from '../store/store-session.ts';
import { checkOpenSide, type CheckedSide } from './check-open-side.ts';
import type { RulesCheck } from './check-rules.ts';
import { checkedDirs } from './checked-dirs.ts';
import type { CollectedRules } from './collect-rules.ts';
import { inferOptions } from './remembered-rules.ts';
import { rememberRules } from './inferred-memory.ts';
import { openLiveSide, openSnapshotSide } from './open-checked-side.ts';

/** What was detected with the folders that rows name: coverage, which lies above check. */
export type FindCovered = (found: FoundDataDirs, call: CallOptions) => Promise<FoundDataDirs>;

/** @throws EngineError UNTRUSTED, NO_DATA_DIRECTORY, SNAPSHOT_NOT_FOUND, USAGE, STORE_DAMAGED, NO_SPACE */
export async function checkSide(
  context: ProjectContext,
  side: string,
  { data = [] }: CheckOptions,
  findCovered: FindCovered,
  call: CallOptions,
): Promise<CheckDocument> {
  const startedAt = performance.now();
  call.progress.phase('checking');
  return await context.readWithTempDir(async (store, tempDir) => {
    const detected = context.find();
    // Snapshots write down which folders are covered.
    const isFirst = side === 'live' && store === null && context.options.trusted;
    const found = isFirst ? await findCovered(detected, call) : detected;
    const look = { context, found, store, data, tempDir };
    const { checked, id, told } =
      side === 'live' ? await checkLive(look, call) : await checkSnapshot(look, side, call);
    rememberRules(context, checked.collected.rules);
    const known = store === null ? undefined : knownKeys(store, side === 'live' ? null : id);
    const durationMs = Math.round(performance.now() - startedAt);
    const { projectDir } = context;
    const document = toDocument(checked, known, { projectDir, isLive: side === 'live' });
    // A rule that reading savepoint.json refuses, since it leads out of the data, never gets to the check.
    const configProblems = [...found.configProblems, ...document.configProblems];
    const whole = { ...document, configProblems, side: id, durationMs };
    return data.length === 0 ? whole : partOf(whole, told);
  });
}

const maxRounds = 3;

interface Look {
  readonly context: ProjectContext;
  readonly found: FoundDataDirs;
  readonly store: StoreSession | null;
  /** As in `CheckOptions`. */
  readonly data: readonly string[];
  readonly tempDir: string;
}

interface Checked {
  readonly checked: CheckedSide;
  readonly id: string;
  /** The data directories that are meant. */
  readonly told: readonly SnapshotDataDir[];
}

async function checkLive(
  { context, found, store, data, tempDir }: Look,
  call: CallOptions,
): Promise<Checked> {
  const { options, projectDir } = context;
  if (!options.trusted) {
    throw new EngineError(
      'UNTRUSTED',
      'this workspace is not trusted: its databases are not opened',
      { hint: 'check a snapshot, or trust the workspace first' },
    );
  }
  const dataDirs = chooseDataDirs(found, []);
  const all = withGone(dataDirs.map(toSnapshotDataDir), found.gone);
  const told = selectDataDirs(all, data);
  const live = {
    // Files that a whole directory lost are missing to their rows.
    projectDir,
    roots: [...rootsOf(projectDir, dataDirs), ...rootsOfSnapshot(projectDir, found.gone, found)],
    knownDatabases: [...databasesInIndex(store), ...databasesInConfig(found)],
    soundDatabases: found.soundDatabases,
    tempDir,
    options,
  };
  const dirs = checkedDirs(all, found, true);
  const infer = inferOptions(store?.db);
  for (let round = 1; ; round += 1) {
    const opened = await openLiveSide(live, call);
    try {
      const checked = await checkOpenSide(opened, dirs, { signal: call.signal, infer });
      const isSound = checked.check.mismatches.length === 0;
      if (isSound || round === maxRounds || !opened.isOutdated()) {
        return { checked, id: 'live', told };
      }
    } finally {
      opened.close();
    }
  }
}

async function checkSnapshot(
  { context, found, store, data, tempDir }: Look,
  snapshot: string,
  call: CallOptions,
): Promise<Checked> {
  const manifest = findManifest(store, snapshot);
  if (store === null) throw new Error('a snapshot without a store');
  const told = selectDataDirs(manifest.dataDirs, data);
  const { reader } = store;
  const opened = openSnapshotSide({ reader, manifest, tempDir }, call.signal);
  try {
    const dirs = checkedDirs(manifest.dataDirs, found, context.options.trusted);
    const infer = context.options.trusted ? inferOptions(store.db) : null;
    const checked = await checkOpenSide(opened, dirs, { signal: call.signal, infer });
    return { checked, id: manifest.id, told };
  } finally {
    opened.close();
  }
}

/** What was found in these data directories alone. All rules ran, for a row in one may claim a file in another. */
function partOf(check: CheckDocument, dataDirs: readonly SnapshotDataDir[]): CheckDocument {
  const names = new Set(dataDirs.map(({ name }) => name));
  const roots = dataDirs.flatMap((dir) => dir.roots);
  const rules = check.rules.filter(({ dataDir }) => names.has(dataDir));
  const ids = new Set(rules.map(({ id }) => id));
  return {
    ...check,
    rules,
    mismatches: check.mismatches.filter(({ rule }) => ids.has(rule)),
    diagnoses: check.diagnoses.filter(({ paths }) =>
      paths.some((path) => roots.some((root) => isWithin(path, root))),
    ),
    ignored: rules.reduce((sum, { ignored }) => sum + ignored, 0),
  };
}

function databasesInIndex(store: StoreSession | null): readonly string[] {
  if (store === null) return [];
  return selectEntries(store.db, { limit: 1 }).flatMap(
    ({ id }) => selectManifest(store.db, id)?.databases.map(({ path }) => path) ?? [],
  );
}

function databasesInConfig({ dataDirs, config }: FoundDataDirs): readonly string[] {
  const inDirs = dataDirs.flatMap((dir) =>
    [...dir.references, ...dir.layoutReferences].map(({ database }) =>
      dir.path === '.' ? database : `${dir.path}/${database}`,
    ),
  );
  return [...inDirs, ...config.references.map(({ database }) => database)];
}

/** What the newest snapshot had, or the one before `id`; undefined where that was not checked. */
function knownKeys({ db }: StoreSession, id: string | null): ReadonlySet<string> | undefined {
  const before = id === null ? selectEntries(db, { limit: 1 })[0]?.id : selectIdBefore(db, id);
  const keys = before === undefined ? undefined : selectManifest(db, before)?.mismatchKeys;
  return keys === undefined ? undefined : new Set(keys);
}

function toDocument(
  { check, collected }: CheckedSide,
  known: ReadonlySet<string> | undefined,
  { projectDir, isLive }: { readonly projectDir: string; readonly isLive: boolean },
): Omit<CheckDocument, 'side' | 'durationMs'> {
  const withNew = (mismatch: Mismatch): Mismatch =>
    known === undefined ? mismatch : { ...mismatch, isNew: !known.has(mismatchKey(mismatch)) };
  const broken: readonly CheckRule[] = collected.broken.map(({ rule }) => rule);
  return {
    mismatches: check.mismatches.map(withNew),
    diagnoses: check.diagnoses,
    rules: [...check.rules, ...broken],
    ignored: check.ignored,
    checkedRows: check.checkedRows,
    checkedFiles: check.checkedFiles,
    configProblems: problemsOf(check, collected, projectDir, isLive),
  };
}

const ignoresNothing = 'matches no mismatch of the data as it is now';

/** With the place of what is wrong; only rules of savepoint.json have one. */
function problemsOf(
  check: RulesCheck,
  collected: CollectedRules,
  projectDir: string,
  isLive: boolean,
): readonly ConfigProblem[] {
  // A rule that could not run has no mismatches to be ignored.
  const isWhole = isLive && check.broken.length + collected.broken.length === 0;
  const problems = [
    ...collected.broken.map(({ rule, at, key }) => ({ at, key, problem: rule.problem ?? '' })),
    ...check.broken.map(({ rule, key, problem }) => ({ at: rule.at, key, problem })),
    ...(isWhole ? check.unusedIgnores : []).map((at) => ({
      at,
      key: null,
      problem: ignoresNothing,
    })),
  ];
  const placed = problems.flatMap(({ at, key, problem }) =>
    at === null ? [] : [{ at: key === null ? at : [...at, key], problem }],
  );
  if (placed.length === 0) return [];
  const placeOf = placesInConfig(projectDir);
  return placed.map(({ at, problem }) => ({ ...placeOf(at), message: problem }));
}
