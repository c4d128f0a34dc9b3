// The plan that was shown: what of it binds the restore, and what the restore need not work out again,
// for comparing the rows of two databases takes as long as restoring them.

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
  /** `WorkedOutPlan.files` */
  readonly files: string;
  /** `databaseLines`; null where that is not known any more. */
  readonly databases: ReadonlySet<string> | null;
  /** Paths that it said would be deleted. */
  readonly deleted: ReadonlySet<string>;
}

export function shownPlan(worked: WorkedOutPlan, document: RestorePlanDocument): ShownPlan {
  return {
    token: worked.token,
    rows: rowsOf(document),
    mismatches: document.mismatches.after,
    contents: contentsOf(worked),
    files: worked.files,
    databases: new Set(databaseLines(worked, document)),
    deleted: new Set(deletedBy(worked)),
  };
}

/** Of a plan that is not held any more its token alone binds. */
export function forgottenPlan(token: string): ShownPlan {
  const bound = { files: '', databases: null, deleted: new Set<string>() };
  return { token, rows: null, mismatches: null, contents: '', ...bound };
}

/** The rows that were shown, where they still hold: an application may have written since. */
export function shownRows(shown: ShownPlan | undefined, worked: WorkedOutPlan): RowCounts | null {
  return shown !== undefined && shown.contents === contentsOf(worked) ? shown.rows : null;
}

/**
 * True where what is to be done was shown: the same files are written, nothing else is deleted, no other
 * database is restored, none in another way or from another schema. Rows may differ.
 * @param isUnderWrites what is in the files may, too
 */
export function isAsShown(
  shown: ShownPlan,
  worked: WorkedOutPlan,
  document: RestorePlanDocument,
  isUnderWrites: boolean,
): boolean {
  const { token, databases, contents } = shown;
  if (token !== worked.token) {
    if (!isUnderWrites || shown.files !== worked.files) return false;
    if (madeSince(shown, worked).length > 0) return false;
  } else if (databases === null) return true;
  // With the same content their schemas are the same, and were not compared again.
  if (contents === contentsOf(worked)) return true;
  return databaseLines(worked, document).every((line) => databases?.has(line));
}

/** What a plan deletes that was not there when it was shown. */
export function madeSince(shown: ShownPlan, worked: WorkedOutPlan): readonly string[] {
  return deletedBy(worked).filter((path) => !shown.deleted.has(path));
}

function deletedBy({ plan }: WorkedOutPlan): string[] {
  const databases = plan.databases.filter(({ action }) => action === 'delete');
  return [...plan.remove, ...databases].map(({ path }) => path);
}

/** A line a database: what is done to it, how, and how its schema differs. */
function databaseLines({ plan }: WorkedOutPlan, { databases }: RestorePlanDocument): string[] {
  const documents = new Map(databases.map((document) => [document.path, document]));
  return plan.databases.map(({ path, action, tables }) => {
    const { method = 'none', diff = null } = documents.get(path) ?? {};
    // Of tables that are as they were nothing is brought back: so far.
    const way = method === 'none' ? 'live' : method;
    return JSON.stringify([path, action, tables, way, diff?.schema ?? []]);
  });
}

/** What the databases that a plan changes held when it was made. */
function contentsOf({ plan }: WorkedOutPlan): string {
  return plan.databases.map(({ path, before }) => `${path} ${before?.content ?? ''}`).join('\n');
}

/** Rows that a plan changes, over all databases. */
export function rowsOf({ databases }: RestorePlanDocument): RowCounts {
  return sumRows(allTables(databases.map(({ diff }) => diff)));
}
