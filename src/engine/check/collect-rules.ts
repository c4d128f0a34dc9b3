// All rules of a project's data for one state of it: those of the layouts, as the state's own schemas
// have them, those of savepoint.json, and those that inference finds.

import type { CheckRule } from '../../core/documents/documents.ts';
import type { IgnoredMismatch, Rule } from '../../core/check/rule.ts';
import type { JsonPath } from '../../core/config/config-value.ts';
import type { IgnoreConfig, ReferenceConfig } from '../../core/config/project-config.ts';
import { isWithin } from '../../core/names.ts';
import { layoutById } from '../../core/layouts/all-layouts.ts';
import type { LayoutFolder, LayoutReference } from '../../core/layouts/layout.ts';
import type { FileIndex } from './file-index.ts';
import { RuleProblem } from './row-reader.ts';
import { inBase } from './rule-folder.ts';
import { idTarget, ruleFromReference } from './rule-from-reference.ts';
import type { SideDatabase } from './side-database.ts';
import { ruleId } from '../../core/check/rule.ts';

/** A data directory as its rules see it. */
export interface CheckedDataDir {
  readonly name: string;
  /** In the project; `.` is the project folder. */
  readonly path: string;
  readonly layout: string;
  /** Of savepoint.json; none where it is not to be believed. */
  readonly references: readonly ReferenceConfig[];
  readonly ignore: readonly IgnoreConfig[];
}

export interface CollectedRules {
  readonly rules: readonly Rule[];
  /** References that cannot be rules. */
  readonly broken: readonly BrokenReference[];
  readonly ignored: readonly IgnoredMismatch[];
}

export interface BrokenReference {
  readonly rule: CheckRule;
  readonly at: JsonPath | null;
  readonly key: string;
}

export async function collectRules(
  dataDirs: readonly CheckedDataDir[],
  files: FileIndex,
  databases: readonly SideDatabase[],
): Promise<CollectedRules> {
  const rules = new Map<string, Rule>();
  const broken: BrokenReference[] = [];
  for (const dir of dataDirs) {
    // A database that is a data directory by itself: paths are those of the folder that it lies in.
    const isFile = files.kinds.get(dir.path) === 'file';
    const base = isFile ? dir.path.slice(0, Math.max(0, dir.path.lastIndexOf('/'))) : dir.path;
    const place = { dataDir: dir.name, base, self: dir.path };
    for (const reference of dir.references) {
      add({ ...place, origin: 'config' }, reference, rules, broken);
    }
    const fromLayout = await layoutReferences(dir, files, databases);
    for (const reference of fromLayout) {
      const id = ruleId(inBase(dir.path, reference.database), reference.table, idTarget(reference));
      // What savepoint.json says of the same reference holds.
      if (!rules.has(id)) add({ ...place, origin: 'layout' }, reference, rules, broken);
    }
  }
  return {
    rules: [...rules.values()],
    broken,
    ignored: dataDirs.flatMap(ignoredIn),
  };
}

function add(
  place: Parameters<typeof ruleFromReference>[1],
  reference: ReferenceConfig | LayoutReference,
  rules: Map<string, Rule>,
  broken: BrokenReference[],
): void {
  try {
    const rule = ruleFromReference(reference, place);
    const id = uniqueId(rule.id, rules);
    rules.set(id, { ...rule, id });
  } catch (error) {
    if (!(error instanceof RuleProblem)) throw error;
    const rule = brokenRule(reference, place, error.message);
    broken.push({ rule, at: reference.at ?? null, key: error.key });
  }
}

function uniqueId(id: string, rules: ReadonlyMap<string, Rule>): string {
  for (let i = 1; ; i += 1) {
    const unique = i === 1 ? id : `${id} (${i})`;
    if (!rules.has(unique)) return unique;
  }
}

function brokenRule(
  reference: ReferenceConfig,
  { dataDir, base, origin }: Parameters<typeof ruleFromReference>[1],
  problem: string,
): CheckRule {
  const database = inBase(base, reference.database);
  const target = idTarget(reference);
  return {
    id: ruleId(database, reference.table, target),
    title: `${reference.table} -> ${target}`,
    dataDir,
    database,
    table: reference.table,
    target,
    where: reference.where ?? null,
    covers: reference.covers ?? null,
    origin,
    state: 'broken',
    evidence: null,
    problem,
    mismatches: 0,
    ignored: 0,
  };
}

function ignoredIn({ name, path: base, ignore }: CheckedDataDir): readonly IgnoredMismatch[] {
  return ignore.map(({ path, rule, at }) => ({
    at,
    base,
    dataDir: name,
    path: path === '' ? undefined : path,
    rule,
  }));
}

/** What the layout says of the data as it is in this state: an older snapshot may have an older schema. */
async function layoutReferences(
  dir: CheckedDataDir,
  files: FileIndex,
  databases: readonly SideDatabase[],
): Promise<readonly LayoutReference[]> {
  const layout = layoutById(dir.layout);
  const schemas = new Map<string, string | null>();
  for (const database of databases) {
    if (dir.layout === 'generic') break;
    if (dir.path !== '.' && !isWithin(database.path, dir.path)) continue;
    schemas.set(database.path, await schemaText(database));
  }
  const references = layout.references(stateFolder(dir.path, files, schemas));
  return [...references, ...(layout.rowReferences ?? [])];
}

/** Null for a database that nobody can look into. */
async function schemaText(database: SideDatabase): Promise<string | null> {
  try {
    const db = await database.open();
    const statements = db
      .prepare<string>('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL')
      .pluck()
      .all();
    return statements.join('\n');
  } catch {
    // Its rules are asked for all the same: they tell that it cannot be read.
    return null;
  }
}

function stateFolder(
  base: string,
  files: FileIndex,
  schemas: ReadonlyMap<string, string | null>,
): LayoutFolder {
  const kindOf = (path: string) => files.kinds.get(inBase(base, path));
  const namesIn = (path: string): readonly string[] => {
    const folder = inBase(base, path);
    const start = folder === '' ? '' : `${folder}/`;
    const below = [...files.kinds.keys()].filter((one) => one.startsWith(start));
    return below.map((one) => one.slice(start.length)).filter((name) => !name.includes('/'));
  };
  return {
    get names() {
      return new Set(namesIn(''));
    },
    variables: [],
    isFile: (path) => kindOf(path) === 'file',
    isDirectory: (path) => kindOf(path) === 'directory',
    isDatabase: (path) => schemas.has(inBase(base, path)),
    list: namesIn,
    readJson: (path) => parse(files.read(inBase(base, path), 1024 * 1024)),
    schemaNames: (database, word) => {
      const schema = schemas.get(inBase(base, database));
      if (schema === undefined) return false;
      return schema === null || new RegExp(`(?<![A-Za-z0-9_])${word}(?![A-Za-z0-9_])`).test(schema);
    },
  };
}

function parse(bytes: Buffer | undefined): unknown {
  try {
    return bytes === undefined ? undefined : JSON.parse(bytes.toString('utf8'));
  } catch {
    // No JSON: no mark of anything.
    return undefined;
  }
}
