// Chooses how the rows of a table that both sides have are paired, the most telling way that fits.

import { foldName } from '../../core/sqlite-names.ts';
import { compareAsMultiset } from './rows-as-multiset.ts';
import { compareByKey } from './rows-by-key.ts';
import { compareByRowid } from './rows-by-rowid.ts';
import { compareRematched } from './rows-rematched.ts';
import type { RowsDiff, TablePair } from './row-sql.ts';
import { affinityOf, type TableShape } from '../sqlite/table-shape.ts';

/** @throws what SQLite answers for what cannot be read */
export async function diffTable(pair: TablePair): Promise<RowsDiff> {
  return ways[wayOf(pair.before.shape, pair.after.shape)](pair);
}

const ways = {
  rowid: compareByRowid,
  rematch: compareRematched,
  key: compareByKey,
  multiset: compareAsMultiset,
};

function wayOf(before: TableShape, after: TableShape): keyof typeof ways {
  if (before.isVirtual !== after.isVirtual) return 'multiset';
  if (after.isVirtual) return 'rowid';
  if (!haveSameKey(before, after)) return 'multiset';
  if (before.rowidIsKey && after.rowidIsKey) return 'rowid';
  const alike = before.rowidIsKey === after.rowidIsKey;
  if (alike && before.rowid !== null && after.rowid !== null) return 'rematch';
  // Without a collation that is there no key can be looked up.
  const canLookUp = after.key.length > 0 && after.key.every((key) => key.collation !== undefined);
  return canLookUp ? 'key' : 'multiset';
}

/** The same columns compared by the same rules; none on both sides is the same, too. */
function haveSameKey(before: TableShape, after: TableShape): boolean {
  const describe = (shape: TableShape): string => {
    const types = new Map(shape.columns.map(({ name, type }) => [foldName(name), type]));
    const columns = shape.key.map(({ name, collation }) => {
      const affinity = affinityOf(types.get(foldName(name)) ?? '', shape.isStrict);
      return JSON.stringify([foldName(name), affinity, collation ?? null]);
    });
    return columns.toSorted().join();
  };
  return describe(before) === describe(after);
}
