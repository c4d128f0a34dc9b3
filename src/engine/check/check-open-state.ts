// From a state of the data to what does not match in it: collects its rules, then runs them. This is
// the way in for live data and snapshots (check-side.ts), for what a snapshot records, and for what a
// restore would leave:
//
//   const dirs = checkedDirs(manifest.dataDirs, found, trusted);
//   const before = await checkOpenState(liveState, dirs, { signal });
//   const after = await checkOpenState(
//     { files: changeFileIndex(liveState.files, changes), databases: images, nowMs: liveState.nowMs },
//     dirs,
//     { signal, previous: before },
//   );
//   countMismatches(after.check)

import { checkState, type CheckableState, type StateCheck } from './check-state.ts';
import { collectRules, type CheckedDataDir, type CollectedRules } from './collect-rules.ts';

export interface CheckedState {
  readonly check: StateCheck;
  readonly collected: CollectedRules;
}

export interface CheckOpenStateOptions {
  readonly signal: AbortSignal;
  /**
   * An earlier state of the same data: what its rules found is used again where nothing that they
   * look at differs, and the rules that were inferred from it are taken as they are.
   */
  readonly previous?: CheckedState | undefined;
}

/** @throws the signal's reason */
export async function checkOpenState(
  { files, databases, nowMs }: Pick<CheckableState, 'files' | 'databases' | 'nowMs'>,
  dirs: readonly CheckedDataDir[],
  { signal, previous }: CheckOpenStateOptions,
): Promise<CheckedState> {
  const collected = await collectRules(dirs, files, databases);
  const { rules, ignored } = collected;
  const state = { rules, files, databases, ignored, nowMs };
  const check = await checkState(state, { signal, previous: previous?.check });
  return { check, collected };
}
