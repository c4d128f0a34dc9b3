// `check --data NAME-OR-PATH`: what was found in these data directories alone.

import type { CheckDocument, DataDirDocument } from '../core/documents/documents.ts';

/** Counts of rows and files stay those of everything that was looked at. */
export function checkOfDataDirs(
  check: CheckDocument,
  dataDirs: readonly Pick<DataDirDocument, 'name'>[],
): CheckDocument {
  const names = new Set(dataDirs.map(({ name }) => name));
  const rules = check.rules.filter(({ dataDir }) => names.has(dataDir));
  const ids = new Set(rules.map(({ id }) => id));
  return {
    ...check,
    rules,
    mismatches: check.mismatches.filter(({ rule }) => ids.has(rule)),
    ignored: rules.reduce((sum, { ignored }) => sum + ignored, 0),
  };
}
