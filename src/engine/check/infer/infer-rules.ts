// Rules found in the data itself, for systems that nobody described:
//
// 1. From each table a few rows, and in them whatever may stand in a path (sample-rows, row-fields).
// 2. All paths once: which of them carry such a value (path-hits)?
// 3. What stands around the value becomes a template by the votes of the rows (propose-templates).
// 4. Each template is counted over all rows; a column that tells which rows need their file becomes
//    its condition (count-fits, find-condition).
// 5. Of templates for the same files one is taken (choose-templates), and the other direction is
//    added where it holds as well (covered-folders).
//
// What holds nearly everywhere (thresholds) is checked; a bit less is suggested; the rest is nothing.

import { createHash } from 'node:crypto';
import { compareText } from '../../../core/compare-text.ts';
import type { Rule } from '../../../core/check/rule.ts';
import { pause } from '../../diff/pause.ts';
import { belowFinder } from '../below-finder.ts';
import type { PathKind } from '../file-index.ts';
import { inBase } from '../rule-folder.ts';
import { candidatesOf } from './candidates.ts';
import { chooseTemplates, Claims, isChoice, type Candidate } from './choose-templates.ts';
import { countFits, type Scope } from './count-fits.ts';
import { coverageOf, widest, type Surroundings } from './covered-folders.ts';
import { isKnown, toRule } from './inferred-rule.ts';
import {
  likelyTemplates,
  lookupOf,
  withoutBase,
  type InferableSide,
  type ScopeEntries,
  type Table,
} from './likely-templates.ts';
import { mentionedPaths } from './mentioned-names.ts';
import { sampleTables } from './sample-rows.ts';

/**
 * Rules with origin `inferred`, in order of their ids; `suggested` ones make no mismatches. Databases
 * that cannot be opened are left out. The same data is looked at once.
 * @throws the signal's reason
 */
export async function inferRules(side: InferableSide, signal: AbortSignal): Promise<Rule[]> {
  const key = cacheKey(side);
  const known = cache.get(key);
  if (known !== undefined) return known;
  const rules: Rule[] = [];
  for (const scope of scopesOf(side)) rules.push(...(await inferIn(scope, side, signal)));
  const sorted = rules.toSorted((a, b) => compareText(a.id, b.id));
  if (cache.size >= maxCached) cache.delete([...cache.keys()][0] ?? '');
  cache.set(key, sorted);
  return sorted;
}

/** By content of everything that an answer depends on; the oldest goes first. */
const cache = new Map<string, Rule[]>();
const maxCached = 8;

function cacheKey({ dataDirs, files, databases, known }: InferableSide): string {
  const hash = createHash('sha1');
  const inputs = [
    dataDirs.map(({ name, path }) => [name, path]),
    databases.map(({ path, identity }) => [path, identity]),
    known.map((rule) => [rule.id, rule.where]),
  ];
  hash.update(JSON.stringify(inputs));
  let chunk = '';
  for (const [path, kind] of files.kinds) {
    chunk += `\n${path}\0${kind}`;
    if (chunk.length < 65_536) continue;
    hash.update(chunk);
    chunk = '';
  }
  return hash.update(chunk).digest('hex');
}

/** The project folder with all data directories in it, and each one outside by itself. */
function scopesOf({ dataDirs, files }: InferableSide): ScopeEntries[] {
  const outside = dataDirs.map(({ path }) => path).filter((path) => /^(?:\/|[A-Za-z]:)/.test(path));
  return ['', ...outside].map((base) => {
    const entries = new Map<string, PathKind>();
    for (const [path, kind] of files.kinds) {
      if (base === '' && outside.some((one) => path.startsWith(`${one}/`))) continue;
      if (base === '') entries.set(path, kind);
      else if (path.startsWith(`${base}/`)) entries.set(path.slice(base.length + 1), kind);
    }
    return { base, entries, has: (path) => entries.has(path), below: belowFinder(entries) };
  });
}

async function inferIn(
  scope: ScopeEntries,
  side: InferableSide,
  signal: AbortSignal,
): Promise<Rule[]> {
  if (scope.entries.size === 0) return [];
  const tables = await openTables(scope, side, signal);
  const candidates: Candidate[] = [];
  for (const likely of likelyTemplates(scope, tables, side)) {
    await pause(signal);
    const table = tables[likely.table];
    if (table !== undefined) candidates.push(...candidatesOf(likely, table, scope));
  }
  if (candidates.length === 0) return [];
  const known = knownPaths(scope, tables, side.known);
  const tops = ['', ...side.dataDirs.map(({ path }) => path)];
  const { chosen, claims: all } = chooseTemplates(candidates, scope.entries, known, tops);
  const checked = chosen.filter(({ state: own }) => own === 'checked');
  // What is only suggested knows no files yet: they would be orphans of the others.
  const claims =
    checked.length === chosen.length
      ? all
      : claimsOf([...known, ...checked.map((one) => one.found)]);
  const surroundings = surroundingsOf(scope, tables, claims, side);
  const coverages = chosen.map((one) =>
    isChoice(one) ? undefined : coverageOf(one.template.text, one.found, surroundings),
  );
  return chosen.flatMap((one, index) => {
    const table = tables[one.table];
    if (table === undefined) return [];
    const coverage = widest(coverages[index], coverages);
    const rule = toRule(one, table, coverage, scope.base, side.dataDirs);
    return rule === undefined || isKnown(rule, side.known) ? [] : [rule];
  });
}

function surroundingsOf(
  { base, entries }: ScopeEntries,
  tables: readonly Table[],
  claims: Claims,
  { files, databases }: InferableSide,
): Surroundings {
  const before = base === '' ? '' : `${base}/`;
  const own = new Set(databases.map(({ path }) => path));
  return {
    claims,
    entries,
    isDatabase: (path) => own.has(before + path) || files.isDatabase(before + path),
    mentioned: (paths) => mentionedPaths(paths, tables),
  };
}

function claimsOf(found: readonly ReadonlySet<string>[]): Claims {
  const claims = new Claims();
  for (const paths of found) claims.add(paths);
  return claims;
}

/** Paths that are there of the rules that are known. */
function knownPaths(
  scope: Scope,
  tables: readonly Table[],
  known: readonly Rule[],
): ReadonlySet<string>[] {
  return known.flatMap(({ database, table: name, joins, target }) => {
    const table = tables.find((one) => one.database === database && one.name === name);
    if (target.kind !== 'path' || table === undefined) return [];
    try {
      const lookup = { base: '', ...lookupOf(target.base, scope) };
      const { found } = countFits(table.db, { table: name, joins }, target.template, {}, lookup);
      return [new Set([...found].map((path) => withoutBase(inBase(target.base, path), scope)))];
    } catch {
      // It names what is not there; its own check tells.
      return [];
    }
  });
}

async function openTables(
  scope: ScopeEntries,
  { databases, dataDirs }: InferableSide,
  signal: AbortSignal,
): Promise<Table[]> {
  const tables: Table[] = [];
  for (const database of databases) {
    const isInside =
      scope.base === ''
        ? !/^(?:\/|[A-Za-z]:)/.test(database.path)
        : database.path.startsWith(`${scope.base}/`);
    if (!isInside || database.problem !== null || dataDirs.length === 0) continue;
    await pause(signal);
    try {
      const db = await database.open();
      tables.push(
        ...sampleTables(db, true).map((table) => ({ ...table, db, database: database.path })),
      );
    } catch {
      // What cannot be opened is told by the check of the rules that are known.
    }
  }
  return tables;
}
