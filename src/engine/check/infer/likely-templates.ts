// What is worth counting: templates that sampled rows and paths agree on, for each table those that
// find different paths and that no known rule has found already.

import type { Rule } from '../../../core/check/rule.ts';
import { parseTemplate, type PathTemplate } from '../../../core/check/template.ts';
import type { Database } from '../../sqlite/sqlite-driver.ts';
import type { FileIndex, PathKind } from '../file-index.ts';
import { neededPaths, type PathLookup } from '../needed-paths.ts';
import { inBase } from '../rule-folder.ts';
import type { SideDatabase } from '../side-database.ts';
import { cost, isBesideText } from './choose-templates.ts';
import type { Scope } from './count-fits.ts';
import { extendFolders } from './extend-folders.ts';
import type { InferDataDir } from './inferred-rule.ts';
import { findHits } from './path-hits.ts';
import { proposeTemplates, type Proposal } from './propose-templates.ts';
import { viewsOf, type Field, type RowView } from './row-fields.ts';
import type { SampledTable } from './sample-rows.ts';

export interface InferableSide {
  readonly dataDirs: readonly InferDataDir[];
  readonly files: Pick<FileIndex, 'kinds' | 'isDatabase'>;
  readonly databases: readonly SideDatabase[];
  /** What is known already: the same is not found again. */
  readonly known: readonly Rule[];
}

export interface Table extends SampledTable {
  readonly db: Database;
  /** In the project. */
  readonly database: string;
}

export interface ScopeEntries extends Scope {
  readonly entries: ReadonlyMap<string, PathKind>;
}

/** A template with what the sample tells of it. */
export interface LikelyTemplate {
  readonly table: number;
  /** Relative to the scope. */
  readonly template: PathTemplate;
  /** Of the rows that may need a path, those that have it: 0 to 1. */
  readonly share: number;
  readonly isNumber: boolean;
  readonly isFolder: boolean;
}

/** The likeliest of each table. */
export function likelyTemplates(
  scope: ScopeEntries,
  tables: readonly Table[],
  { known, databases, dataDirs }: Omit<InferableSide, 'files'>,
): LikelyTemplate[] {
  const views = tables.flatMap((table, index) => viewsOf(table, index));
  const mayAnchor = (view: RowView, field: Field): boolean => {
    const table = tables[view.table];
    if (table === undefined) return false;
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
      known.flatMap((rule) => knownSample(rule, sampled, scope)),
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

/** One for each set of paths, and none whose paths another or a known rule has all. */
function distinct(
  proposals: readonly Proposal[],
  table: SampledTable,
  known: readonly KnownSample[],
): LikelyTemplate[] {
  const rated = proposals.flatMap((proposal) => {
    const { template } = parseTemplate(proposal.template);
    if (template === undefined) return [];
    if (known.some(({ text }) => isBesideText(template.text, text))) return [];
    const paths: ReadonlySet<string> = new Set(proposal.hits.map(({ path }) => path));
    const price = cost(template) + (proposal.isNumber ? numberCost : 0);
    return [{ proposal, template, paths, price, share: shareOf(proposal, table) }];
  });
  const sorted = rated.toSorted((a, b) => b.paths.size - a.paths.size || a.price - b.price);
  const kept: typeof rated = [];
  const taken = known.map(({ paths }) => ({ paths, share: 1 }));
  for (const one of sorted) {
    if (kept.length === maxPerTable) break;
    const isPart = [...taken, ...kept].some(
      ({ paths, share }) =>
        share >= one.share - 0.02 && [...one.paths].every((path) => paths.has(path)),
    );
    if (!isPart) kept.push(one);
  }
  return kept.map(({ proposal, template, share }) => {
    const { table: index, isNumber, hits } = proposal;
    return { table: index, template, share, isNumber, isFolder: hits[0]?.kind === 'directory' };
  });
}

interface KnownSample {
  /** Its template, relative to the scope. */
  readonly text: string;
  readonly paths: ReadonlySet<string>;
}

/** A known rule and the paths that the sampled rows of its table have; none where it is another's. */
function knownSample(
  { database, table: name, target }: Rule,
  table: Table,
  scope: Scope,
): KnownSample[] {
  if (target.kind !== 'path' || table.database !== database || table.name !== name) return [];
  const places = new Map(
    [...table.columns, ...table.joined].map((column, index) => [column, index]),
  );
  const lookup = lookupOf(target.base, scope);
  const paths = table.rows.flatMap((row) => {
    const valueOf = (column: string) => row[places.get(column) ?? -1] ?? null;
    const needed = neededPaths(target.template, valueOf, lookup);
    return needed.kind === 'paths'
      ? needed.paths.flatMap(({ path, found }) => [path, ...found])
      : [];
  });
  const inScope = (path: string): string => withoutBase(inBase(target.base, path), scope);
  return [{ text: inScope(target.template.text), paths: new Set(paths.map(inScope)) }];
}

/** The paths of a scope for a rule whose paths are relative to `base`. */
export function lookupOf(base: string, scope: Scope): PathLookup {
  const inScope = (path: string): string => withoutBase(inBase(base, path), scope);
  const before = inBase(base, 'x').length - 1;
  return {
    has: (path) => scope.has(inScope(path)),
    below: (folder, path) =>
      scope.below(inScope(folder), path).map((found) => inBase(scope.base, found).slice(before)),
  };
}

/** A path of the project as the scope has it. */
export function withoutBase(path: string, { base }: Scope): string {
  return base !== '' && path.startsWith(`${base}/`) ? path.slice(base.length + 1) : path;
}

/** Of the sampled rows that have the column, those whose path is there. */
function shareOf({ column, hits }: Proposal, { columns, rows }: SampledTable): number {
  const at = columns.indexOf(column);
  const filled = rows.filter((row) => row[at] !== null && row[at] !== '').length;
  return new Set(hits.map(({ view }) => view.row)).size / Math.max(1, filled);
}
