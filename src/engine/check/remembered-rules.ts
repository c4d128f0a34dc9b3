// Rules that held when the last snapshot was taken. They are asked from then on, also where inference
// does not find them any more: whoever deletes a whole folder of files must not make its rule go with
// it. A rule is forgotten with its table, when another one takes its place, or when it is dismissed.

import type { Rule } from '../../core/check/rule.ts';
import { getState, setState } from '../store/catalog.ts';
import type { Database } from '../sqlite-driver.ts';
import { readDismissedRules } from './dismissed-rules.ts';
import { columnNames, quoteName } from './row-reader.ts';
import type { StateDatabase } from './state-database.ts';

/** What inference has to know of a project. */
export interface InferOptions {
  /** Ids of rules that people do not want to hear of. */
  readonly dismissed: ReadonlySet<string>;
  readonly remembered?: readonly Rule[] | undefined;
}

/** @param db the catalog; undefined where there is none yet */
export function inferOptions(db: Database | undefined): InferOptions {
  return { dismissed: readDismissedRules(db), remembered: readRememberedRules(db) };
}

const stateKey = 'inferredRules';
/** Of what is kept: a program that has rules in another form starts anew. */
const format = 1;

interface Kept {
  readonly format: number;
  readonly rules: readonly Rule[];
}

function readRememberedRules(db: Database | undefined): readonly Rule[] {
  const text = db === undefined ? undefined : getState(db, stateKey);
  const kept = text === undefined ? undefined : (JSON.parse(text) as Kept);
  return kept?.format === format ? kept.rules : [];
}

/** The caller holds the write lock. @param rules all rules of the state that was captured */
export function keepInferredRules(db: Database, rules: readonly Rule[]): void {
  const inferred = rules
    .filter(({ origin, state }) => origin === 'inferred' && state === 'checked')
    .map((rule): Rule => ({ ...rule, evidence: null }));
  const kept: Kept = { format, rules: inferred };
  const text = JSON.stringify(kept);
  if (getState(db, stateKey) !== text) setState(db, stateKey, text);
}

/**
 * The rules of a state: those found in it, and in the place of what is only suggested, or not found
 * at all, those that held before.
 */
export async function withRemembered(
  inferred: readonly Rule[],
  remembered: readonly Rule[],
  known: readonly Rule[],
  databases: readonly StateDatabase[],
): Promise<readonly Rule[]> {
  const found = [...known, ...inferred.filter(({ state }) => state === 'checked')];
  const missed: Rule[] = [];
  for (const rule of remembered) {
    if (found.some((one) => takesPlace(one, rule))) continue;
    if (await isAskable(rule, databases)) missed.push(rule);
  }
  const ids = new Set(missed.map(({ id }) => id));
  return [...inferred.filter(({ id }) => !ids.has(id)), ...missed];
}

/** The same rule, or one that has another path for the same column. */
function takesPlace(one: Rule, rule: Rule): boolean {
  if (one.id === rule.id) return true;
  if (one.database !== rule.database || one.table !== rule.table) return false;
  return anchorOf(one) !== undefined && anchorOf(one) === anchorOf(rule) && !isBeside(one, rule);
}

function anchorOf({ target }: Rule): string | undefined {
  return target.kind === 'path' ? target.template.columns.at(-1) : undefined;
}

/** Two files of one folder: `{id}/asset.bin` and `{id}/metadata.json`. */
function isBeside(one: Rule, other: Rule): boolean {
  const folderOf = ({ target }: Rule): string =>
    target.kind === 'path' ? target.template.text.replace(/[^/]*$/, '') : '';
  return folderOf(one) === folderOf(other);
}

/** True where the database has the table and columns that the rule asks for. */
async function isAskable(
  { database: path, table, where, target }: Rule,
  databases: readonly StateDatabase[],
): Promise<boolean> {
  const database = databases.find((one) => one.path === path);
  if (database === undefined || database.problem !== null || target.kind !== 'path') return false;
  try {
    const db = await database.open();
    const names = columnNames(db, table);
    db.prepare(`SELECT 1 FROM ${quoteName(table)} WHERE ${where ?? '1'}`);
    return target.template.columns.every((column) => names.has(column.toLowerCase()));
  } catch {
    // The table is gone, or a column of the condition.
    return false;
  }
}
