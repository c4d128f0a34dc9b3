// The databases of a plan as people see them: what changes row by row, how they are restored, which
// of their tables, and why that cannot be now.

import { projectPath, type ProjectPath } from '../../core/names.ts';
import type {
  BrokenForeignKey,
  DatabaseDiff,
  DatabasePlan,
} from '../../core/documents/documents.ts';
import { closest } from '../../core/edit-distance.ts';
import { EngineError } from '../../core/errors.ts';
import type { PlannedDatabase } from '../../core/restore/plan-operations.ts';
import { isChosen, possibleDatabases, type TableChoice } from '../../core/restore/selection.ts';
import { shortSnapshotId } from '../../core/snapshot-id.ts';
import { restoreCommand } from '../../core/text/restore-command.ts';
import type { CallOptions } from '../options.ts';
import { type Place } from '../sources/files/file-restore-paths.ts';
import { chosenDiff, type ComparedDatabases, type RowListing } from './compared-databases.ts';
import type { WorkedOutPlan } from './plan-restore.ts';
import { damagedInStore } from './restore-failure.ts';
import { sourceOf } from '../sources/all-sources.ts';
import { keysBreak, wholeOnly } from '../sources/whole-only.ts';

export interface DescribedDatabase {
  readonly document: DatabasePlan;
  readonly foreignKeys: readonly BrokenForeignKey[];
  readonly blocked: EngineError | undefined;
}

/** Every path of a database that another program may have open. */
export function filesOfDatabase(place: Place, path: ProjectPath): string[] {
  return [...sourceOf(path).files(place.livePath(path))];
}

/** Programs that have one of these files open: `node (4242)`. */
export type OpenIn = (paths: readonly string[]) => Promise<readonly string[]>;

/**
 * @param listing null: no database is compared
 * @throws EngineError PATH_NOT_IN_SNAPSHOT for a table that is named and that neither side has
 */
export async function describeDatabases(
  worked: WorkedOutPlan,
  compared: ComparedDatabases,
  listing: RowListing | null,
  openIn: OpenIn,
  call: CallOptions,
): Promise<readonly DescribedDatabase[]> {
  call.progress.phase('comparing');
  if (!worked.subject.isUndo) await assertTables(worked, compared);
  const described: DescribedDatabase[] = [];
  for (const planned of plannedDatabases(worked)) {
    call.signal.throwIfAborted();
    const { path } = planned;
    const programs = await openIn(filesOfDatabase(worked.subject.place, path));
    const diff = await diffPlanned(planned, worked, compared, listing, call);
    const facts = { worked, compared, diff, openIn: programs };
    const one =
      planned.tables === 'all'
        ? describeWhole(planned, facts)
        : await describeTables(planned, planned.tables, facts);
    const isDamaged = diff?.problem && (await compared.isDamaged(path));
    described.push(isDamaged ? { ...one, blocked: damagedInStore([path]) } : one);
  }
  return described.toSorted((a, b) => (a.document.path < b.document.path ? -1 : 1));
}

interface Facts {
  readonly worked: WorkedOutPlan;
  readonly compared: ComparedDatabases;
  readonly diff: DatabaseDiff | null;
  readonly openIn: readonly string[];
}

function plannedDatabases({ plan }: WorkedOutPlan): readonly PlannedDatabase[] {
  const cleared = plan.clear.filter(({ kind }) => kind === 'database');
  return [
    ...plan.databases,
    ...cleared.map((entry): PlannedDatabase => ({
      path: entry.path,
      action: 'delete',
      entry: null,
      before: entry,
      tables: 'all',
    })),
  ];
}

async function diffPlanned(
  { path, action }: PlannedDatabase,
  { live, subject }: WorkedOutPlan,
  compared: ComparedDatabases,
  listing: RowListing | null,
  { signal }: CallOptions,
): Promise<DatabaseDiff | null> {
  if (listing === null) return null;
  const pair = {
    path,
    before: action === 'create' ? null : (live.files.get(path) ?? null),
    after: action === 'delete' ? null : (subject.snapshot.files.get(path) ?? null),
  };
  return await compared.diff(pair, listing, signal);
}

function describeWhole(
  planned: PlannedDatabase,
  { worked, diff, openIn }: Facts,
): DescribedDatabase {
  const method = methodOf(planned, worked);
  const document: DatabasePlan = {
    path: planned.path,
    method,
    diff,
    tables: null,
    ...tableCount(diff),
    wholeBecause: whyWhole(planned, worked, method, diff),
    openIn,
  };
  return { document, foreignKeys: [], blocked: databaseBlocked(worked, document) };
}

async function describeTables(
  planned: PlannedDatabase,
  choice: TableChoice,
  { worked, compared, diff, openIn }: Facts,
): Promise<DescribedDatabase> {
  const { path } = planned;
  const method = methodOf(planned, worked);
  const wholeBecause = whyWhole(planned, worked, method, diff);
  const common = { path, method, wholeBecause, openIn, ...tableCount(diff) };
  if (wholeBecause !== null) {
    const document = { ...common, diff, tables: 'only' in choice ? choice.only : [] };
    const { isUndo, manifest } = worked.subject;
    const selection = { only: [path], except: [], table: [], exceptTable: [], keepNew: false };
    const whole = restoreCommand({ snapshot: manifest.id, selection });
    const hint = isUndo ? `${whole} brings all of it back` : undefined;
    return { document, foreignKeys: [], blocked: wholeOnly(path, wholeBecause, hint) };
  }
  if (diff === null) {
    const document = { ...common, diff, tables: 'only' in choice ? choice.only : [] };
    return { document, foreignKeys: [], blocked: undefined };
  }
  const chosen = await compared.tables(path, choice);
  const part = chosenDiff(diff, chosen);
  const obstacle = part.tables.length === 0 ? null : await compared.obstacle(path, choice);
  const foreignKeys = await compared.foreignKeys(path, choice, diff);
  const document: DatabasePlan = {
    ...common,
    method: part.tables.length === 0 ? 'none' : method,
    diff: part,
    tables: chosen.names,
  };
  return {
    document,
    foreignKeys,
    blocked: whyBlocked(path, obstacle, foreignKeys),
  };
}

function whyBlocked(
  path: string,
  obstacle: string | null,
  foreignKeys: readonly BrokenForeignKey[],
): EngineError | undefined {
  if (obstacle !== null) return wholeOnly(path, obstacle);
  return foreignKeys.length > 0 ? keysBreak(path, foreignKeys) : undefined;
}

/** Every table that is named is there on one side, of databases that nothing is done to as well. */
async function assertTables(
  { subject, live }: WorkedOutPlan,
  compared: ComparedDatabases,
): Promise<void> {
  const { selection, snapshot, manifest } = subject;
  const isDatabase = (path: string): boolean =>
    [snapshot, live].some(({ files }) => files.get(path)?.kind === 'database');
  for (const name of [...selection.table, ...selection.exceptTable]) {
    const path = possibleDatabases(name).find(isDatabase);
    if (path === undefined) continue;
    const table = name.slice(path.length + 1);
    const then = manifest.databases.find((database) => database.path === path);
    if (isChosen({ only: Object.keys(then?.tables ?? {}) }, table)) continue;
    const found = await compared.findTable(path, table);
    if (found?.isThere === false) throw noTable(path, table, found.all, manifest.id);
    if (found?.hasRows === false && selection.table.includes(name)) throw noRows(path, table);
  }
}

function noTable(path: string, table: string, others: readonly string[], id: string): EngineError {
  const near = closest(table, others);
  const hint = `savepoint show ${shortSnapshotId(id)} lists what is`;
  return new EngineError('PATH_NOT_IN_SNAPSHOT', `no table "${table}" in "${path}"`, {
    path,
    hint: near === undefined ? hint : `did you mean "${near}"? ${hint}`,
  });
}

function noRows(path: string, table: string): EngineError {
  const message = `table "${table}" in "${path}" keeps its rows in other tables`;
  return new EngineError('USAGE', message, { path, hint: 'name those, or choose no tables' });
}

function tableCount(diff: DatabaseDiff | null): Pick<DatabasePlan, 'tablesChanged'> {
  return diff === null ? {} : { tablesChanged: diff.tables.length };
}

/** What a file's pages look like; rows do not care. */
const harmless = new Set(['page_size', 'auto_vacuum']);

function whyWhole(
  { path, action, before }: PlannedDatabase,
  { subject }: WorkedOutPlan,
  method: DatabasePlan['method'],
  diff: DatabaseDiff | null,
): string | null {
  if (action === 'create') {
    return before === null ? 'it is not there now' : 'what is there now is no database';
  }
  if (action === 'delete') return 'it was made since';
  if (method === 'replace') return sourceOf(path).whyNotLive(subject.place.livePath(path));
  if (diff === null) return null;
  const differs = diff.schema.some(({ type, name }) => type !== 'file' && !harmless.has(name));
  if (differs) return 'the schema differs';
  return diff.problem === null ? null : 'it cannot be compared';
}

function methodOf(
  { path, action }: PlannedDatabase,
  { subject }: WorkedOutPlan,
): DatabasePlan['method'] {
  if (action === 'delete') return 'delete';
  if (action === 'create') return 'replace';
  return sourceOf(path).whyNotLive(subject.place.livePath(path)) === null ? 'live' : 'replace';
}

function databaseBlocked(
  { subject }: WorkedOutPlan,
  { path, method, openIn }: DatabasePlan,
): EngineError | undefined {
  if (openIn.length === 0 || method === 'none') return undefined;
  if (method === 'delete') return inUse(path, 'was made since and would be deleted', openIn);
  if (method === 'replace') return inUse(path, 'must be replaced as a file', openIn);
  const then = subject.manifest.databases.find((database) => database.path === path);
  const why = sourceOf(path).whyReplaced(subject.place.livePath(projectPath(path)), then);
  return why === null ? undefined : inUse(path, why, openIn);
}

function inUse(path: string, why: string, openIn: readonly string[]): EngineError {
  return new EngineError(
    'DATABASE_IN_USE',
    `"${path}" ${why}: it is open in ${openIn.join(', ')}`,
    { path, hint: 'stop it, then try again' },
  );
}
