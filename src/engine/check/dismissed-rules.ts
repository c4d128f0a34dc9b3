// Rules that were found in the data and that people do not want to hear of, kept in the project's
// store: savepoint.json is for what everybody on the project agrees to.

import { getState, setState } from '../store/catalog.ts';
import type { Database } from '../sqlite/sqlite-driver.ts';

const stateKey = 'dismissedRules';

/** Ids of rules; none where there is no store yet. */
export function readDismissedRules(db: Database | undefined): ReadonlySet<string> {
  const text = db === undefined ? undefined : getState(db, stateKey);
  return new Set(text === undefined ? [] : (JSON.parse(text) as string[]));
}

/** Safe to repeat. The caller holds the write lock. */
export function addDismissedRule(db: Database, rule: string): void {
  const rules = new Set([...readDismissedRules(db), rule]);
  setState(db, stateKey, JSON.stringify([...rules].toSorted()));
}
