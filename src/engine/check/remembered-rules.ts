// Rules that held when the last snapshot was taken. They are asked from then on, also where inference
// does not find them any more: whoever deletes a whole folder of files must not make its rule go with
// it, nor whoever takes the rows away from the files make that these need none. A rule is forgotten
// with its table, when another one takes its place, when rows come again and again whose files do not
// stay, or when it is dismissed.

import { quoteName } from '../../core/sqlite-names.ts';
import type { CheckRule } from '../../core/documents/documents.ts';
import type { Rule } from '../../core/check/rule.ts';
import { getState, setState } from '../store/catalog.ts';
import type { Database } from '../sqlite/sqlite-driver.ts';
import { countCovered, type CoveringTarget } from './covered-paths.ts';
import { readDismissedRules } from './dismissed-rules.ts';
import type { FileIndex } from './file-index.ts';
import { keptColumns } from './infer/content-columns.ts';
import { leastFits } from './infer/thresholds.ts';
import { rowSource } from './row-source.ts';
import { coveredFolder, inBase, ruleFolder } from './rule-folder.ts';
import type { SideDatabase } from './side-database.ts';

/** What inference has to know of a project. */
export interface InferOptions {
  /** Ids of rules that people do not want to hear of. */
  readonly dismissed: ReadonlySet<string>;
  readonly remembered?: readonly RememberedRule[] | undefined;
}

export interface RememberedRule {
  readonly rule: Rule;
  readonly counts: RuleCounts;
  /** At how many snapshots since it held by itself many more rows had come without their files. */
  readonly outgrown: number;
}

interface RuleCounts {
  /** Paths of its rows that were there, of all that they need. */
  readonly fits: number;
  readonly of: number;
  /** Paths that it covers. */
  readonly covered: number;
}

/** @param db the catalog; undefined where there is none yet */
export function inferOptions(db: Database | undefined): InferOptions {
  return { dismissed: readDismissedRules(db), remembered: readRememberedRules(db) };
}

const stateKey = 'inferredRules';
/** Of what is kept: a program that has rules in another form starts anew. */
const format = 2;

interface Kept {
  readonly format: number;
  readonly rules: readonly RememberedRule[];
}

function readRememberedRules(db: Database | undefined): readonly RememberedRule[] {
  const text = db === undefined ? undefined : getState(db, stateKey);
  const kept = text === undefined ? undefined : (JSON.parse(text) as Kept);
  return kept?.format === format ? kept.rules : [];
}

/**
 * What is worth remembering of a check.
 * @param rules all rules that were asked
 * @param checked what came of them
 * @param before what was remembered
 */
export function toRemember(
  rules: readonly Rule[],
  checked: readonly CheckRule[],
  files: FileIndex,
  before: readonly RememberedRule[] = [],
): readonly RememberedRule[] {
  const evidence = new Map(checked.map((rule) => [rule.id, rule.evidence]));
  return rules.flatMap((rule) => {
    if (rule.origin !== 'inferred' || rule.state !== 'checked') return [];
    const known = before.find((one) => one.rule.id === rule.id);
    const { fits = 0, of = 0 } = evidence.get(rule.id) ?? known?.counts ?? {};
    const covered = isCovering(rule) ? countCovered(rule.target, files) : 0;
    const counts = { fits, of, covered };
    const wasFound = rule.evidence !== null;
    const outgrown = wasFound || known === undefined ? 0 : outgrownBy(known, counts);
    return outgrown > maxOutgrown ? [] : [{ rule: { ...rule, evidence: null }, counts, outgrown }];
  });
}

/** Once may be an accident. */
const maxOutgrown = 1;

function outgrownBy({ counts, outgrown }: RememberedRule, { fits, of }: RuleCounts): number {
  const moreMisses = of - fits - (counts.of - counts.fits);
  const isMany = moreMisses >= leastFits && of - counts.of >= moreMisses;
  return isMany ? outgrown + 1 : outgrown;
}

/** The caller holds the write lock. */
export function keepInferredRules(db: Database, rules: readonly RememberedRule[]): void {
  const kept: Kept = { format, rules };
  const text = JSON.stringify(kept);
  if (getState(db, stateKey) !== text) setState(db, stateKey, text);
}

/**
 * The rules of a state: those found in it, and in the place of what is only suggested, or not found
 * at all, those that held before.
 */
export async function withRemembered(
  inferred: readonly Rule[],
  remembered: readonly RememberedRule[],
  known: readonly Rule[],
  { files, databases }: RememberingSide,
): Promise<readonly Rule[]> {
  const found = [...known, ...inferred.filter(({ state }) => state === 'checked')];
  const missed: Rule[] = [];
  const ids = new Set(remembered.map(({ rule }) => rule.id));
  const fresh = found.filter(({ id }) => !ids.has(id));
  for (const { rule, counts } of remembered) {
    if (found.some((one) => takesPlace(one, rule))) continue;
    if (fresh.some((one) => hasFilesOf(one, rule, counts))) continue;
    const asked = await askable(rule, databases);
    if (asked !== undefined) missed.push(asked);
  }
  const others = inferred.filter(({ id }) => !missed.some((one) => one.id === id));
  const covering = others.map((rule) => coveringAsBefore(rule, others, remembered, files));
  return [...covering, ...missed];
}

interface RememberingSide {
  readonly files: FileIndex;
  readonly databases: readonly SideDatabase[];
}

/**
 * Files without rows are many where rows went, and then their folder is covered as it was, also where
 * one more file came than rows. Where half as many came as rows have files, an application has begun to
 * keep there what no row knows.
 */
function coveringAsBefore(
  rule: Rule,
  found: readonly Rule[],
  remembered: readonly RememberedRule[],
  files: FileIndex,
): Rule {
  const { target } = rule;
  const before = remembered.find((one) => one.rule.id === rule.id);
  if (before === undefined || !isCovering(before.rule)) return rule;
  if (target.kind !== 'path' || target.covers !== null || rule.state !== 'checked') return rule;
  const { covers, tombstones } = before.rule.target;
  const again = { ...rule, target: { ...target, covers, tombstones } };
  const covered = countCovered(again.target, files);
  const more = fitsIn(folderCovered(again.target), found, remembered);
  const isOfRows = covered - before.counts.covered <= Math.max(0, more.since);
  return isOfRows || (covered - more.now) * 2 <= more.now ? again : rule;
}

/** By all rules whose files lie in the folder: several may share one. */
function fitsIn(
  folder: string,
  found: readonly Rule[],
  remembered: readonly RememberedRule[],
): { readonly now: number; readonly since: number } {
  const sum = { now: 0, since: 0 };
  for (const { id, target, evidence } of found) {
    if (target.kind !== 'path' || evidence === null) continue;
    const before = remembered.find((one) => one.rule.id === id);
    // The folder may stand in the rows: then what was covered before tells it.
    const own =
      before !== undefined && isCovering(before.rule)
        ? folderCovered(before.rule.target)
        : ruleFolder(target);
    if (own !== folder) continue;
    sum.now += evidence.fits;
    sum.since += evidence.fits - (before?.counts.fits ?? 0);
  }
  return sum;
}

function folderCovered({ base, covers }: CoveringTarget): string {
  return inBase(base, coveredFolder(covers));
}

function isCovering(rule: Rule): rule is Rule & { readonly target: CoveringTarget } {
  return rule.target.kind === 'path' && rule.target.covers !== null;
}

/** The same rule, or one that has another path for the same column. */
function takesPlace(one: Rule, rule: Rule): boolean {
  if (one.id === rule.id) return true;
  if (one.database !== rule.database || one.table !== rule.table) return false;
  return anchorOf(one) !== undefined && anchorOf(one) === anchorOf(rule) && !isBeside(one, rule);
}

/** A rule that was found now, and has as many files as the rows of the same table needed. */
function hasFilesOf(one: Rule, rule: Rule, { of }: RuleCounts): boolean {
  const isSameTable = one.database === rule.database && one.table === rule.table;
  return isSameTable && one.evidence !== null && one.evidence.fits >= of;
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

/** The rule, where the database has the table and columns that it asks for, or nobody can look into it. */
async function askable(rule: Rule, databases: readonly SideDatabase[]): Promise<Rule | undefined> {
  const { database: path, table, where, target } = rule;
  const database = databases.find((one) => one.path === path);
  if (database === undefined || target.kind !== 'path') return undefined;
  if (database.problem !== null) return rule;
  try {
    const db = await database.open();
    const source = rowSource(db, rule);
    db.prepare(`SELECT 1 FROM ${quoteName(table)} WHERE ${where ?? '1'}`);
    if (!target.template.columns.every((column) => source.column(column) !== undefined))
      return undefined;
    const content = { size: null, hash: null, ...keptColumns(rule, target, db) };
    return { ...rule, target: { ...target, ...content } };
  } catch {
    // The table is gone, or a column of the condition.
    return undefined;
  }
}
