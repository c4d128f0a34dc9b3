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
import type { Rule } from '../../../core/check/rule.ts';
import { parseTemplate, type PathTemplate } from '../../../core/check/template.ts';
import { pause } from '../../diff/pause.ts';
import type { Database } from '../../sqlite-driver.ts';
import type { FileIndex, PathKind } from '../file-index.ts';
import { inBase } from '../rule-folder.ts';
import type { StateDatabase } from '../state-database.ts';
import { chooseTemplates, Claims, cost, type Candidate } from './choose-templates.ts';
import { countFits, type Scope } from './count-fits.ts';
import { coverageOf, widest } from './covered-folders.ts';
import { extendFolders } from './extend-folders.ts';
import { findCondition } from './find-condition.ts';
import { columnsOfLayout, isKnown, toRule, type InferDataDir } from './inferred-rule.ts';
import { findHits } from './path-hits.ts';
import { proposeTemplates, type Proposal } from './propose-templates.ts';
import { viewsOf, type Field, type RowView } from './row-fields.ts';
import { sampleTables, type SampledTable } from './sample-rows.ts';
import { holds, isWorthTelling, leastFits } from './thresholds.ts';

export interface InferableState {
  readonly dataDirs: readonly InferDataDir[];
  readonly files: Pick<FileIndex, 'kinds'>;
  readonly databases: readonly StateDatabase[];
  /** What is known already: the same is not found again. */
  readonly known: readonly Rule[];
}

interface Table extends SampledTable {
  readonly db: Database;
  /** In the project. */
  readonly database: string;
}

interface ScopeEntries extends Scope {
  readonly entries: ReadonlyMap<string, PathKind>;
}

/**
 * Rules with origin `inferred`, in order of their ids; `suggested` ones make no mismatches. Databases
 * that cannot be opened are left out. The same data is looked at once.
 * @throws the signal's reason
 */
export async function inferRules(state: InferableState, signal: AbortSignal): Promise<Rule[]> {
  const key = cacheKey(state);
  const known = cache.get(key);
  if (known !== undefined) return known;
  const rules: Rule[] = [];
  for (const scope of scopesOf(state)) rules.push(...(await inferIn(scope, state, signal)));
  const sorted = rules.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  if (cache.size >= maxCached) cache.delete([...cache.keys()][0] ?? '');
  cache.set(key, sorted);
  return sorted;
}

/** By content of everything that an answer depends on; the oldest goes first. */
const cache = new Map<string, Rule[]>();
const maxCached = 8;

function cacheKey({ dataDirs, files, databases, known }: InferableState): string {
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
function scopesOf({ dataDirs, files }: InferableState): ScopeEntries[] {
  const outside = dataDirs.map(({ path }) => path).filter((path) => /^(?:\/|[A-Za-z]:)/.test(path));
  return ['', ...outside].map((base) => {
    const entries = new Map<string, PathKind>();
    for (const [path, kind] of files.kinds) {
      if (base === '' && outside.some((one) => path.startsWith(`${one}/`))) continue;
      if (base === '') entries.set(path, kind);
      else if (path.startsWith(`${base}/`)) entries.set(path.slice(base.length + 1), kind);
    }
    return { base, entries, has: (path) => entries.has(path) };
  });
}

async function inferIn(
  scope: ScopeEntries,
  state: InferableState,
  signal: AbortSignal,
): Promise<Rule[]> {
  if (scope.entries.size === 0) return [];
  const tables = await openTables(scope, state, signal);
  const candidates: Candidate[] = [];
  for (const proposal of propose(scope, tables, state)) {
    await pause(signal);
    const table = tables[proposal.table];
    const candidate = table && candidateOf(proposal, table, scope);
    if (candidate !== undefined) candidates.push(candidate);
  }
  const known = knownPaths(scope, tables, state.known);
  const chosen = chooseTemplates(candidates, scope.entries.keys(), known);
  const claims = new Claims();
  // What is only suggested knows no files yet: they would be orphans of the others.
  const checked = chosen.filter(({ state: own }) => own === 'checked');
  for (const found of [...known, ...checked.map((one) => one.found)]) claims.add(found);
  const coverages = chosen.map((one) =>
    coverageOf(one.template.text, one.found, claims, scope.entries),
  );
  return chosen.flatMap((one, index) => {
    const table = tables[one.table];
    if (table === undefined) return [];
    const coverage = widest(coverages[index], coverages);
    const rule = toRule(one, table, coverage, scope.base, state.dataDirs);
    return rule === undefined || isKnown(rule, state.known) ? [] : [rule];
  });
}

/** Paths that are there of the rules that are known. */
function knownPaths(
  scope: Scope,
  tables: readonly Table[],
  known: readonly Rule[],
): ReadonlySet<string>[] {
  return known.flatMap(({ database, table: name, target }) => {
    const table = tables.find((one) => one.database === database && one.name === name);
    if (target.kind !== 'path' || table === undefined) return [];
    const has = (path: string): boolean => scope.has(withoutBase(inBase(target.base, path), scope));
    try {
      const { found } = countFits(table.db, name, target.template, null, { base: '', has });
      return [new Set([...found].map((path) => withoutBase(inBase(target.base, path), scope)))];
    } catch {
      // It names what is not there; its own check tells.
      return [];
    }
  });
}

function withoutBase(path: string, { base }: Scope): string {
  return base !== '' && path.startsWith(`${base}/`) ? path.slice(base.length + 1) : path;
}

async function openTables(
  scope: ScopeEntries,
  { databases, dataDirs }: InferableState,
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
      tables.push(...sampleTables(db).map((table) => ({ ...table, db, database: database.path })));
    } catch {
      // What cannot be opened is told by the check of the rules that are known.
    }
  }
  return tables;
}

/** Proposals that differ in what they find in the sample, the likeliest of each table. */
function propose(
  scope: ScopeEntries,
  tables: readonly Table[],
  { known, databases, dataDirs }: InferableState,
): Proposal[] {
  const views = tables.flatMap((table, index) => viewsOf(table, index));
  const taken = tables.map(({ database, name }) => columnsOfLayout(known, database, name));
  const mayAnchor = (view: RowView, field: Field): boolean => {
    const table = tables[view.table];
    if (table === undefined || taken[view.table]?.has(field.column) !== false) return false;
    if (!field.isNumber) return !table.foreign.has(field.column) || table.key === field.column;
    return table.key === field.column && field.text === field.column;
  };
  const own = new Set(databases.map(({ path }) => path));
  const before = scope.base === '' ? '' : `${scope.base}/`;
  const hits = findHits(views, mayAnchor, {
    paths: scope.entries,
    skips: (path) => own.has(before + path) || isByTheWay(path),
    outerNames: (path) => outerNames(before + path, dataDirs) - (before === '' ? 0 : depth(scope)),
  });
  const proposals = proposeTemplates(hits);
  const all = [...proposals, ...extendFolders(proposals, scope.entries)];
  return tables.flatMap((sampled, index) =>
    distinct(
      all.filter(({ table }) => table === index),
      sampled,
    ),
  );
}

/** Names of the data directory that the path lies in. */
function outerNames(path: string, dataDirs: readonly InferDataDir[]): number {
  const lengths = dataDirs.map(({ path: dir }) =>
    dir !== '.' && path.startsWith(`${dir}/`) ? dir.split('/').length : 0,
  );
  return Math.max(0, ...lengths);
}

function depth({ base }: Scope): number {
  return base.split('/').length;
}

/** What an application makes again by itself, or nobody keeps. */
function isByTheWay(path: string): boolean {
  return /(?:^|\/)(?:[^/]*cache[^/]*|tmp|temp|logs?|node_modules|\.git|lost\+found)(?:\/|$)/i.test(
    path,
  );
}

const maxPerTable = 16;
/** A number explains less than a name, however simple. */
const numberCost = 40;

/** One for each set of paths, and none whose paths another has all that fits as often. */
function distinct(proposals: readonly Proposal[], table: SampledTable): Proposal[] {
  const rated = proposals.flatMap((proposal) => {
    const { template } = parseTemplate(proposal.template);
    if (template === undefined) return [];
    const paths = new Set(proposal.hits.map(({ path }) => path));
    const price = cost(template) + (proposal.isNumber ? numberCost : 0);
    return [{ proposal, paths, price, share: shareOf(proposal, table) }];
  });
  const sorted = rated.toSorted((a, b) => b.paths.size - a.paths.size || a.price - b.price);
  const kept: typeof rated = [];
  for (const one of sorted) {
    if (kept.length === maxPerTable) break;
    const isPart = kept.some(
      ({ paths, share }) =>
        share >= one.share - 0.02 && [...one.paths].every((path) => paths.has(path)),
    );
    if (!isPart) kept.push(one);
  }
  return kept.map(({ proposal }) => proposal);
}

/** Of the sampled rows that have the column, those whose path is there. */
function shareOf({ column, hits }: Proposal, { columns, rows }: SampledTable): number {
  const at = columns.indexOf(column);
  const filled = rows.filter((row) => row[at] !== null && row[at] !== '').length;
  return new Set(hits.map(({ view }) => view.row)).size / Math.max(1, filled);
}

function candidateOf(
  { template: text, table: index, isNumber, hits }: Proposal,
  table: Table,
  scope: Scope,
): Candidate | undefined {
  const { template } = parseTemplate(text);
  if (template === undefined) return undefined;
  try {
    const all = countFits(table.db, table.name, template, null, scope);
    if (all.found.size < leastFits) return undefined;
    const isFolder = hits[0]?.kind === 'directory';
    const base = { table: index, template, found: all.found, isFolder, isNumber };
    const { where, evidence } = conditioned(table, template, all.evidence, scope);
    const { fits, of } = evidence;
    if (holds(fits, of)) return { ...base, where, evidence, state: 'checked' };
    return isWorthTelling(fits, of) ? { ...base, where, evidence, state: 'suggested' } : undefined;
  } catch {
    // A damaged page ends the guess, not the check.
    return undefined;
  }
}

/** With the condition that explains what is missing, where there is one. */
function conditioned(
  table: Table,
  template: PathTemplate,
  evidence: Candidate['evidence'],
  scope: Scope,
): Pick<Candidate, 'where' | 'evidence'> {
  if (evidence.fits === evidence.of) return { where: null, evidence };
  const where = findCondition(table.db, table.name, table.columns, template, scope);
  if (where === undefined) return { where: null, evidence };
  const again = countFits(table.db, table.name, template, where, scope);
  return { where, evidence: again.evidence };
}
