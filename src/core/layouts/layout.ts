// How the data of a known system is recognised and what of it is captured. One file per system beside
// this one; nothing outside of it knows any system by name.

import type { CountCheck, FormerPlace } from '../check/rule.ts';
import type { Confidence } from '../documents/documents.ts';
import type { ReferenceConfig } from '../config/project-config.ts';
import type { ToolRule } from './tool-rule.ts';

/** A folder as a layout may look at it: cheap questions, paths relative to it with `/`. */
export interface LayoutFolder {
  /** Names of its entries. */
  readonly names: ReadonlySet<string>;
  /** Names of environment variables that lead here, e.g. `DOCO_DATA_DIR`. */
  readonly variables: readonly string[];
  isFile(path: string): boolean;
  isDirectory(path: string): boolean;
  /** True for a file with a SQLite header; in an untrusted workspace for any file of that name. */
  isDatabase(path: string): boolean;
  /** Names in a folder below, empty where it cannot be read. */
  list(path: string): readonly string[];
  /** A JSON file's value; undefined where it is none, is larger than 1 MB, or nothing may be opened. */
  readJson(path: string): unknown;
  /** True where the schema of a database names the word; false also where nothing may be opened. */
  schemaNames(database: string, word: string): boolean;
}

/** Something by which a system's data is recognised. */
export interface Mark {
  /** In words, for `missing`: `projects/`. */
  readonly what: string;
  /** Two points of weight recognise a layout: a strong mark does it alone. */
  readonly strength: 'strong' | 'weak';
  readonly found: (folder: LayoutFolder) => boolean;
}

/** A default exclusion; `include` in savepoint.json overrules it. */
export interface Exclusion {
  /** Glob relative to the data directory. A pattern that ends with a slash means a folder only. */
  readonly pattern: string;
  /** In words: `temporary files`. */
  readonly reason: string;
}

/** A reference as data: columns that are not there make it meaningless, so it says which it needs. */
export interface LayoutReference extends ReferenceConfig {
  readonly direction: 'row-to-path' | 'path-to-row' | 'both';
  /** Names that only newer versions write into the path: asked for where most of the paths have them. */
  readonly usually?: readonly string[];
  readonly count?: CountCheck;
  /** True: a row whose columns are empty is told, for it can have no path. */
  readonly tellsEmpty?: boolean;
  /** Where older versions had the row's files; `template` as in `path`. */
  readonly formerly?: readonly (Omit<FormerPlace, 'template'> & { readonly template: string })[];
}

export interface Layout {
  readonly id: string;
  /** Names of which one has to be in a folder for the marks to be looked for: keeps the walk cheap. */
  readonly cues: readonly string[];
  readonly marks: readonly Mark[];
  /**
   * What of the folder is captured, relative to it: `.` alone is the folder as a whole, several where
   * other things lie between them.
   */
  readonly roots: readonly string[];
  /**
   * What it consists of where `roots` is `.`, for a folder that must not be captured as a whole
   * because it is the project folder or holds .git.
   */
  readonly parts: readonly string[];
  readonly exclusions: readonly Exclusion[];
  /** Globs of JSON files that must parse to be whole. */
  readonly jsonFiles: readonly string[];
  readonly references: (folder: LayoutFolder) => readonly LayoutReference[];
  /** References of rows to rows. What names tables or columns that are not there is left out. */
  readonly rowReferences?: readonly LayoutReference[];
  /** Commands of the system itself that destroy or rewrite its data. */
  readonly guardRules: readonly ToolRule[];
}

export interface Recognition {
  readonly layout: Layout;
  /** `certain` where no mark is missing, else `likely`. */
  readonly confidence: Confidence;
  readonly missing: readonly string[];
  /** The marks that are there, in words. */
  readonly found: readonly string[];
}

const strengthPoints = { strong: 2, weak: 1 };

/** The layout's marks in the folder; undefined where too few are there. */
export function recognise(layout: Layout, folder: LayoutFolder): Recognition | undefined {
  if (!layout.cues.some((cue) => folder.names.has(cue))) return undefined;
  const recognition = compareMarks(layout, folder);
  const points = layout.marks
    .filter((mark) => recognition.found.includes(mark.what))
    .reduce((sum, mark) => sum + strengthPoints[mark.strength], 0);
  return points >= 2 ? recognition : undefined;
}

/** What a folder has of a layout that savepoint.json says it is. */
export function compareMarks(layout: Layout, folder: LayoutFolder): Recognition {
  const found = layout.marks.filter((mark) => mark.found(folder));
  const missing = layout.marks.filter((mark) => !found.includes(mark)).map((mark) => mark.what);
  return {
    layout,
    confidence: missing.length === 0 ? 'certain' : 'likely',
    missing,
    found: found.map((mark) => mark.what),
  };
}

/** Evidence: `docsfy.db and projects/ of docsfy`. */
export function foundMarks({ found, layout }: Recognition): string {
  return `${found.join(' and ')} of ${layout.id}`;
}
