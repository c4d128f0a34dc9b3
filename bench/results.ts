// What was measured, by row and column, one sample a round.

import type { RowId } from './rows.ts';

export interface Sample {
  readonly value: number;
  /** The part of `value` that was a sync after the command itself; 0 where it syncs itself. */
  readonly syncSeconds: number;
}

export interface Results {
  add(row: RowId, column: string, value: number, syncSeconds?: number): void;
  samples(row: RowId, column: string): readonly Sample[];
  /** Of both by itself; undefined where nothing was measured. */
  median(row: RowId, column: string): Sample | undefined;
}

export function createResults(): Results {
  const found = new Map<string, Sample[]>();
  const samples = (row: RowId, column: string): Sample[] => found.get(`${row}/${column}`) ?? [];
  return {
    samples,
    add(row, column, value, syncSeconds = 0) {
      found.set(`${row}/${column}`, [...samples(row, column), { value, syncSeconds }]);
    },
    median(row, column) {
      const all = samples(row, column);
      if (all.length === 0) return undefined;
      return {
        value: medianOf(all.map(({ value }) => value)),
        syncSeconds: medianOf(all.map(({ syncSeconds }) => syncSeconds)),
      };
    },
  };
}

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
