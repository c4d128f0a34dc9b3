// Which folders the rows of a database name, be they captured or not: for whoever decides what belongs
// to the data. It looks at a sample of the rows and at the paths that it is given, and says for each
// column where its values lead to and how many of how many have their path there.

import type { PathTemplate } from '../../../core/check/template.ts';
import { templateFolder } from '../../../core/check/template.ts';
import { pause } from '../../diff/pause.ts';
import type { Database } from '../../sqlite/sqlite-driver.ts';
import { belowFinder } from '../below-finder.ts';
import type { PathKind } from '../file-index.ts';
import { neededPaths } from '../needed-paths.ts';
import { chooseTemplates, type Candidate } from './choose-templates.ts';
import { commonFolder, withoutDays } from './covered-folders.ts';
import { likelyTemplates, type LikelyTemplate, type ScopeEntries } from './likely-templates.ts';
import { probedPaths } from './probed-paths.ts';
import { sampleTables, type SampledTable } from './sample-rows.ts';
import { holds, leastFits } from './thresholds.ts';

export interface CandidatePaths {
  /** Files and folders that are there, relative to the project folder; the first 60,000 are looked at. */
  readonly entries: Iterable<readonly [path: string, kind: PathKind]>;
  /** Of the folders among them those that hold more than `entries` tells: values are tried in them. */
  readonly partial?: readonly string[];
  /** Whether a path that `entries` does not tell of is there. */
  readonly has?: (path: string) => boolean;
}

export interface NamedFolder {
  /** Relative to the project folder. */
  readonly folder: string;
  readonly table: string;
  readonly column: string;
  /** Of the paths, relative to the project folder: `media/{avatar}`. */
  readonly template: string;
  /** Of the sampled rows that name a path, those whose path is there. */
  readonly fits: number;
  readonly of: number;
  /** True where it holds nearly everywhere, as a rule has to that is checked. */
  readonly isStrong: boolean;
  /** A few of the paths. */
  readonly examples: readonly string[];
}

const maxPaths = 60_000;
const maxExamples = 10;

/**
 * Those with the most paths first; a folder may be named by several columns. What half of the rows or
 * more lack is no evidence.
 * @throws the signal's reason; what SQLite answers for a database that is damaged
 */
export async function namedFolders(
  db: Database,
  { entries, partial = [], has = () => false }: CandidatePaths,
  signal: AbortSignal,
): Promise<readonly NamedFolder[]> {
  const paths = new Map<string, PathKind>();
  for (const [path, kind] of entries) {
    if (paths.size === maxPaths) break;
    paths.set(path, kind);
  }
  await pause(signal);
  const tables = sampleTables(db).map((table) => ({ ...table, db, database: '' }));
  for (const path of probedPaths(tables, partial, has)) paths.set(path, 'file');
  const scope: ScopeEntries = {
    base: '',
    entries: paths,
    has: (path) => paths.has(path) || has(path),
    below: belowFinder(paths),
  };
  await pause(signal);
  const candidates: Candidate[] = [];
  for (const likely of likelyTemplates(scope, tables, { known: [], databases: [], dataDirs: [] })) {
    await pause(signal);
    const table = tables[likely.table];
    const candidate = table && candidateOf(likely, table, scope);
    if (candidate !== undefined) candidates.push(candidate);
  }
  const { chosen } = chooseTemplates(candidates, paths, [], ['']);
  return chosen.map(toNamed).toSorted((a, b) => b.fits - a.fits);
}

function candidateOf(
  { template, share: _share, ...facts }: LikelyTemplate,
  { name: tableName, columns, rows }: SampledTable,
  scope: ScopeEntries,
): Candidate | undefined {
  const places = new Map(columns.map((column, index) => [column, index]));
  const found = new Set<string>();
  let fits = 0;
  let of = 0;
  for (const row of rows) {
    const needed = neededPaths(template, (column) => row[places.get(column) ?? -1] ?? null, scope);
    of += needed.kind === 'unaddressable' ? 1 : needed.kind === 'paths' ? needed.paths.length : 0;
    for (const path of needed.kind === 'paths' ? needed.paths : []) {
      if (path.found.length > 0) fits += 1;
      for (const one of path.found) found.add(one);
    }
  }
  if (found.size < leastFits || fits * 2 < of) return undefined;
  const evidence = { fits, of, examples: [...found].slice(0, maxExamples), misfits: [] };
  const state = holds(fits, of) ? 'checked' : 'suggested';
  return { ...facts, tableName, template, joins: [], where: null, state, evidence, found };
}

function toNamed({ tableName, template, evidence, state, found }: Candidate): NamedFolder {
  const { fits, of, examples } = evidence;
  return {
    folder: folderOf(template, found),
    table: tableName,
    column: template.columns.at(-1) ?? '',
    template: template.text,
    fits,
    of,
    isStrong: state === 'checked',
    examples,
  };
}

/**
 * What the rows do not say, and what all say where they name it from the root of a site or a machine:
 * `public/uploads` of `/uploads/a.png`. Without folders that only the day of a row makes: `2026/12`.
 */
function folderOf(template: PathTemplate, found: ReadonlySet<string>): string {
  const written = templateFolder(template);
  const isFromRoot = template.parts.some(
    (part) => part.kind === 'column' && part.steps.some(({ op }) => op === 'url' || op === 'from'),
  );
  const names = written === '' || isFromRoot ? commonFolder(found) : written.split('/');
  return withoutDays(names, 1).join('/');
}
