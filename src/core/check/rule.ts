// What a reference is once it is read: a rule that ties the rows of a table to paths, or to rows of
// another table. Layouts, savepoint.json and inference all end here; running one is the engine's.

import type { CheckRule, MismatchKind, Severity } from '../documents/documents.ts';
import type { RuleEvidence } from '../documents/rule-evidence.ts';
import { templateNames, type PathTemplate } from './template.ts';

/** One rule, its paths resolved: everything is relative to the project folder, or absolute. */
export interface Rule {
  /** Stable and unique in a project; `ignore` in savepoint.json and `dismissRule` name it. */
  readonly id: string;
  /** Short: `projects -> site`. */
  readonly title: string;
  /** `DataDirDocument.name`. */
  readonly dataDir: string;
  /** The database that holds the rows. */
  readonly database: string;
  readonly table: string;
  /** Rows of other tables whose columns its templates have as `TABLE.COLUMN`. */
  readonly joins: readonly Join[];
  /** SQL condition that a row must meet to need its target; null: every row does. */
  readonly where: string | null;
  /** Of a row without its target. */
  readonly severity: Severity;
  /** Rows younger than this are excused: they are `info`. */
  readonly grace: Grace | null;
  readonly target: PathTarget | RowTarget;
  readonly origin: CheckRule['origin'];
  /** `suggested` makes no mismatches. */
  readonly state: 'checked' | 'suggested';
  /** Of an inferred rule, where it was counted already; null: the check counts it. */
  readonly evidence: RuleEvidence | null;
  /** Place in savepoint.json, for problems; null where the rule is not from there. */
  readonly at: readonly (string | number)[] | null;
}

/** Beside each row the one of `table` whose `key` is what the row has in `on`. */
export interface Join {
  readonly table: string;
  readonly key: string;
  /** A column of the rule's own table, or `TABLE.COLUMN` of a join before this one. */
  readonly on: string;
}

export interface Grace {
  /** Holds ISO 8601, SQLite's date and time, or seconds, milliseconds since the Unix epoch. UTC. */
  readonly column: string;
  readonly ms: number;
}

/** Each row needs a path. */
export interface PathTarget {
  readonly kind: 'path';
  /** The folder that the template starts in and never leaves: a data directory; '' is the project folder. */
  readonly base: string;
  readonly template: PathTemplate;
  /** Relative to a row's path: what has to be there too, where the path itself is: `index.html`. */
  readonly holds: readonly string[];
  /** The same for names that only newer versions write: asked for where more than half of the paths have them. */
  readonly usually?: readonly string[];
  /**
   * Glob, relative to `base`, of the paths that each need a row. A path has one where the path of any
   * row, whatever `where` says, is that path or lies in it. What lies in a covered folder belongs to
   * it, and a folder without any file needs no row. Null: none do.
   */
  readonly covers: string | null;
  /** Globs, relative to `base`, of paths that need no row although `covers` has them. */
  readonly tombstones: readonly string[];
  /** SQL expressions over the row; null values compare nothing. */
  readonly size: string | null;
  /** Hex of MD5, SHA-1, SHA-256 or SHA-512, told apart by its length; `sha256:` and the like may stand in front. */
  readonly hash: string | null;
  /** JSON that the file's content equals as JSON. */
  readonly json: string | null;
  /** Files in a folder beside the path are this many; not asked where the folder is not there. */
  readonly count: CountCheck | null;
  /** True: a row whose columns are empty is `info`, unaddressable. False: it needs no path. */
  readonly tellsEmpty: boolean;
  /** Templates of places where older versions of the system had the row's files. */
  readonly formerly: readonly FormerPlace[];
}

export interface CountCheck {
  /** A folder beside the row's path, and the ending of the names in it that count. */
  readonly folder: string;
  readonly ending: string;
  /** SQL expression. */
  readonly is: string;
  /** In words, of one: `page`. */
  readonly what: string;
}

/** Where rows without their path have their files: together they are one diagnosis, `stale-layout`. */
export interface FormerPlace {
  readonly template: PathTemplate;
  /** What has to be in it for it to be one: `site`. */
  readonly holds: string;
  /** In words, behind the count: `sites lie one level higher: no branch level`; and of one. */
  readonly many: string;
  readonly one: string;
}

/** Each row needs a row elsewhere. */
export interface RowTarget {
  readonly kind: 'row';
  readonly database: string;
  readonly table: string;
  readonly columns: readonly string[];
  /** Over the rule's own row, one for each of `columns`: compared as text. */
  readonly values: readonly PathTemplate[];
  /** Values of the first column that need no row: accounts that only the environment has. */
  readonly except: readonly string[];
}

/** What savepoint.json expects: mismatches of a path, of a rule, or of both. */
export interface IgnoredMismatch {
  /** Project path of the data directory; '' for all. */
  readonly base: string;
  /** Its name: of its rows' files that lie elsewhere, `path` may name those of the project. */
  readonly dataDir?: string | undefined;
  /** Glob relative to `base`. */
  readonly path: string | undefined;
  readonly rule: string | undefined;
  /** Only this kind; undefined: all. */
  readonly kind?: MismatchKind | undefined;
  /** Place in savepoint.json; undefined for what is not from there. */
  readonly at?: readonly (string | number)[] | undefined;
}

/** The name of a rule: what it is about. Config, layout and inference name the same rule alike. */
export function ruleId(database: string, table: string, target: string): string {
  return `${database}:${table} -> ${target}`;
}

/** `TABLE.COLUMN -> files/` or `TABLE -> site`: short, for a tree. */
export function ruleTitle(table: string, target: PathTarget | RowTarget): string {
  if (target.kind === 'row') {
    const [own] = target.values.flatMap((value) => value.columns);
    const from = target.values.length === 1 && own !== undefined ? `${table}.${own}` : table;
    return `${from} -> ${target.table}`;
  }
  const { text, columns } = target.template;
  const last = templateNames(text).at(-1) ?? '';
  const [only] = columns;
  if (last !== '' && !last.includes('{')) return `${table} -> ${last}`;
  const from = columns.length === 1 && only !== undefined ? `${table}.${only}` : table;
  return `${from} -> ${folderOf(target)}`;
}

/** As deep as it is the same for all rows: a column may hold the last folders itself, which `covers` tells. */
function folderOf({ base, template, covers }: PathTarget): string {
  const before = template.text.slice(0, template.text.indexOf('{')).replace(/[^/]*$/, '');
  const written = before.replace(/\*\*\/.*$/s, '');
  const covered = (/^[^*?[{(!\\]*/.exec(covers ?? '')?.[0] ?? '').replace(/[^/]*$/, '');
  const folder = covered.startsWith(written) ? covered : written;
  const last = base.slice(base.lastIndexOf('/') + 1);
  return folder || (last === '' || last === '.' ? 'files' : `${last}/`);
}

/** `CheckRule.target`. */
export function targetText(target: PathTarget | RowTarget): string {
  if (target.kind === 'path') return target.template.text;
  return `${target.database}:${target.table}.${target.columns.join(',')}`;
}
