// From a side to what does not match in it: collects its rules, then runs them. This is
// the way in for live data and snapshots (check-side.ts), for what a snapshot records, and for what a
// restore would leave:
//
//   const dirs = checkedDirs(manifest.dataDirs, found, trusted);
//   const before = await checkOpenSide(liveState, dirs, { signal, infer });
//   const after = await checkOpenSide(
//     { files: changeFileIndex(liveState.files, changes), databases: images, nowMs: liveState.nowMs },
//     dirs,
//     { signal, previous: before, infer: rememberedAfter(before) },
//   );
//   countMismatches(after.check)

import type { Rule } from '../../core/check/rule.ts';
import { checkRules, type CheckableSide, type RulesCheck } from './check-rules.ts';
import { collectRules, type CheckedDataDir, type CollectedRules } from './collect-rules.ts';
import { isWithin } from '../../core/names.ts';
import { withContentColumns } from './infer/content-columns.ts';
import { inferRules } from './infer/infer-rules.ts';
import { withRemembered, type InferOptions } from './remembered-rules.ts';
import type { FileIndex } from './file-index.ts';
import type { SideDatabase } from './side-database.ts';

export interface CheckedSide {
  readonly check: RulesCheck;
  readonly collected: CollectedRules;
}

export interface CheckOpenSideOptions {
  readonly signal: AbortSignal;
  /**
   * An earlier side of the same data: what its rules found is used again where nothing that they
   * look at differs. Which rules a side has never depends on it: a plan tells what check finds then.
   */
  readonly previous?: CheckedSide | undefined;
  /** Null: nothing is inferred, as in an untrusted workspace. */
  readonly infer: InferOptions | null;
}

/** @throws the signal's reason */
export async function checkOpenSide(
  { files, databases, nowMs }: Pick<CheckableSide, 'files' | 'databases' | 'nowMs'>,
  dirs: readonly CheckedDataDir[],
  { signal, previous, infer }: CheckOpenSideOptions,
): Promise<CheckedSide> {
  const known = await collectRules(dirs, files, databases);
  const inferred =
    infer === null ? [] : await inferredRules({ files, databases }, dirs, known, infer, signal);
  const rules = [...known.rules, ...inferred.filter(({ id }) => infer?.dismissed.has(id) !== true)];
  const side = { rules, files, databases, ignored: known.ignored, nowMs };
  const check = await checkRules(side, { signal, previous: previous?.check });
  return { check, collected: { ...known, rules } };
}

async function inferredRules(
  { files, databases }: Pick<CheckableSide, 'files' | 'databases'>,
  dirs: readonly CheckedDataDir[],
  { rules: known }: CollectedRules,
  { remembered = [] }: InferOptions,
  signal: AbortSignal,
): Promise<readonly Rule[]> {
  const own = ownDirs(dirs);
  const isUnknown = ({ path }: SideDatabase): boolean => ownerOf(path, own)?.layout === 'generic';
  // A layout knows all of its system: what else seems to hold there is chance.
  const unknown = databases.filter(isUnknown);
  if (unknown.length === 0) return [];
  const side = {
    dataDirs: own,
    files: { ...files, kinds: withoutKnownSystems(files.kinds, own) },
    databases: unknown,
    known,
  };
  const found = await inferRules(side, signal);
  const rules = await withRemembered(found, remembered, known, { files, databases: unknown });
  return await withContentColumns(
    rules,
    remembered.map(({ rule }) => rule),
    { files, databases: unknown },
    signal,
  );
}

/** Files of a known system belong to its own rows. */
function withoutKnownSystems(
  kinds: FileIndex['kinds'],
  dirs: readonly CheckedDataDir[],
): FileIndex['kinds'] {
  const known = dirs.filter(({ layout }) => layout !== 'generic');
  if (known.length === 0) return kinds;
  return new Map([...kinds].filter(([path]) => !known.some((dir) => isWithin(path, dir.path))));
}

/** The innermost. */
function ownerOf(path: string, dirs: readonly CheckedDataDir[]): CheckedDataDir | undefined {
  return dirs
    .filter((dir) => dir.path === '.' || isWithin(path, dir.path))
    .toSorted((a, b) => b.path.length - a.path.length)[0];
}

/** Without the entries that only stand for the top of savepoint.json. */
function ownDirs(dirs: readonly CheckedDataDir[]): readonly CheckedDataDir[] {
  return dirs.filter(
    ({ path }, index) => path !== '' && dirs.findIndex((one) => one.path === path) === index,
  );
}
