// The plan that was shown, as far as the restore need not work it out again: comparing the rows of two
// databases takes as long as restoring them.

import type { RestorePlanDocument } from '../../core/documents/documents.ts';
import { allTables, sumRows, type RowCounts } from '../../core/format/counts.ts';
import type { WorkedOutPlan } from './plan-restore.ts';

export interface ShownPlan {
  readonly token: string;
  /** Rows that it said would change; null where they have to be counted now. */
  readonly rows: RowCounts | null;
  /** Mismatches that it said would be there afterwards; null where that is not known. */
  readonly mismatches: number | null;
  /** `contentsOf` the databases that it was made on. */
  readonly contents: string;
}

/** The rows that were shown, where they still hold: an application may have written since. */
export function shownRows(shown: ShownPlan | undefined, worked: WorkedOutPlan): RowCounts | null {
  return shown !== undefined && shown.contents === contentsOf(worked) ? shown.rows : null;
}

/** What the databases that a plan changes held when it was made. */
export function contentsOf({ plan }: WorkedOutPlan): string {
  return plan.databases.map(({ path, before }) => `${path} ${before?.content ?? ''}`).join('\n');
}

/** Rows that a plan changes, over all databases. */
export function rowsOf({ databases }: RestorePlanDocument): RowCounts {
  return sumRows(allTables(databases.map(({ diff }) => diff)));
}
