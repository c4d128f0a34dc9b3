// savepoint.json: what its keys mean, and which of them are sound. A problem takes only its own key
// or entry out; everything else in the file still holds.

import type { Reason, Severity } from '../documents/documents.ts';
import type { Join } from '../check/rule.ts';
import { insidePath, parseTemplate } from '../check/template.ts';
import { ConfigValue, type ConfigFinding, type JsonPath } from './config-value.ts';
import { guardPatternProblem } from './guard-patterns.ts';
import type { RetentionConfig } from '../snapshots/retention.ts';
import type { GuardFailure } from '../documents/guard.ts';

/** A rule that ties rows to paths or to other rows: docs/references.md tells people how to write one. */
export interface ReferenceConfig {
  /** Relative to the data directory; `.` where that is the database itself. */
  readonly database: string;
  readonly table: string;
  /** Rows of other tables, whose columns the templates have as `TABLE.COLUMN`. */
  readonly join?: readonly Join[] | undefined;
  /** SQL condition that a row must meet to need its path. */
  readonly where: string | undefined;
  /** Template over columns: `projects/{owner|_default}/{name}/site`; empty where `to` is there. */
  readonly path: string;
  /** Glob of the paths that each need a row; undefined: none do. */
  readonly covers: string | undefined;
  /** `DATABASE:TABLE.COLUMN[,COLUMN…]`: what each row needs is a row there. */
  readonly to?: string | undefined;
  /** Templates, one for each column of `to`, of what is looked up there. */
  readonly value?: readonly string[] | undefined;
  /** Values of the first of these that need no row. */
  readonly except?: readonly string[] | undefined;
  /** What has to be in the path too, relative to it. */
  readonly holds?: readonly string[] | undefined;
  /** Globs of paths that need no row although `covers` has them. */
  readonly tombstones?: readonly string[] | undefined;
  /** SQL expressions over the row: bytes, hash in hex, and JSON that the file has to equal. */
  readonly size?: string | undefined;
  readonly hash?: string | undefined;
  readonly json?: string | undefined;
  readonly severity?: Severity | undefined;
  /** Rows younger than this are excused. */
  readonly grace?: { readonly column: string; readonly ms: number } | undefined;
  /** Place in savepoint.json; undefined for what is not from there. */
  readonly at?: JsonPath | undefined;
  /** Only at the top of the file: the data directory that every path is relative to; undefined: the project folder. */
  readonly dataDir?: string | undefined;
}

/** Mismatches that are expected: of a path, of a rule, or of a rule on a path. */
export interface IgnoreConfig {
  /** Glob relative to the data directory; empty where only `rule` decides. */
  readonly path: string;
  /** `CheckRule.id`. */
  readonly rule?: string | undefined;
  readonly why: string | undefined;
  /** Place in savepoint.json. */
  readonly at?: JsonPath | undefined;
  /** Only at the top of the file: as in ReferenceConfig. */
  readonly dataDir?: string | undefined;
}

export interface DataDirConfig {
  /** Relative to the project folder with `/`, or absolute. */
  readonly path: string;
  readonly layout: string | undefined;
  /** Glob patterns relative to the data directory: what is left out. */
  readonly exclude: readonly string[];
  /** Glob patterns relative to the data directory: what is captured although something leaves it out. */
  readonly include: readonly string[];
  readonly ignore: readonly IgnoreConfig[];
  readonly references: readonly ReferenceConfig[];
}

export interface ProjectConfig {
  /** Where it is there, exactly these are the data directories; undefined: detection decides. */
  readonly dataDirs: readonly DataDirConfig[] | undefined;
  /** Rules beside those of the data directories: they add to what is known or found. */
  readonly references: readonly ReferenceConfig[];
  readonly ignore: readonly IgnoreConfig[];
  /** `commands` as core/guard/patterns.ts reads them. */
  readonly guard: { readonly commands: readonly string[]; readonly onFailure: GuardFailure };
  readonly retention: RetentionConfig;
  /** Names of environment variables whose values the data depends on. */
  readonly secrets: readonly string[];
}

/** The configuration of a project that has no savepoint.json. */
export const emptyProjectConfig: ProjectConfig = {
  dataDirs: undefined,
  references: [],
  ignore: [],
  guard: { commands: [], onFailure: 'ask' },
  retention: { keepLast: {}, maxBytes: undefined },
  secrets: [],
};

/**
 * What is sound in a parsed savepoint.json, and what is not.
 * @param knownLayouts ids that `layout` may name
 */
export function checkProjectConfig(
  value: unknown,
  knownLayouts: readonly string[],
): { readonly config: ProjectConfig; readonly findings: readonly ConfigFinding[] } {
  const findings: ConfigFinding[] = [];
  const top = new ConfigValue(value, [], findings).object(topKeys);
  if (top === undefined) return { config: emptyProjectConfig, findings };
  const guard = top.child('guard').object(['commands', 'onFailure']);
  for (const key of ['schedule', 'hooks']) top.child(key).withoutEffect();
  const config: ProjectConfig = {
    dataDirs: top.child('dataDirs').list((item) => readDataDir(item, knownLayouts)),
    references: top.child('references').list(readTopReference) ?? [],
    ignore: top.child('ignore').list(readTopIgnore) ?? [],
    guard: {
      commands: guard?.child('commands').list((item) => item.checked(guardPatternProblem)) ?? [],
      onFailure: guard?.child('onFailure').oneOf(['ask', 'run', 'stop'] as const) ?? 'ask',
    },
    retention: readRetention(top.child('retention')),
    secrets: top.child('secrets').list((item) => item.text()) ?? [],
  };
  return { config, findings };
}

const topKeys = [
  '$schema',
  'dataDirs',
  'references',
  'ignore',
  'guard',
  'retention',
  'schedule',
  'secrets',
  'hooks',
];

function readDataDir(
  item: ConfigValue,
  knownLayouts: readonly string[],
): DataDirConfig | undefined {
  const entry = item.object(['path', 'layout', 'exclude', 'include', 'ignore', 'references']);
  if (entry === undefined) return undefined;
  const path = entry.child('path').dataDirPath();
  const config = {
    layout: entry.child('layout').oneOf(knownLayouts),
    exclude: entry.child('exclude').list((pattern) => pattern.text()) ?? [],
    include: entry.child('include').list((pattern) => pattern.text()) ?? [],
    ignore: entry.child('ignore').list(readIgnore) ?? [],
    references: entry.child('references').list(readReference) ?? [],
  };
  return path === undefined ? undefined : { path, ...config };
}

const ignoreKeys = ['path', 'rule', 'why'];

function readIgnore(item: ConfigValue): IgnoreConfig | undefined {
  return readIgnored(item.object(ignoreKeys));
}

function readTopIgnore(item: ConfigValue): IgnoreConfig | undefined {
  const entry = item.object([...ignoreKeys, 'dataDir']);
  const ignored = readIgnored(entry);
  const dataDir = readDataDirName(entry);
  return ignored && dataDir !== undefined ? { ...ignored, dataDir } : ignored;
}

function readDataDirName(entry: ConfigValue | undefined): string | undefined {
  return entry?.has('dataDir') === true ? entry.child('dataDir').dataDirPath() : undefined;
}

function readIgnored(entry: ConfigValue | undefined): IgnoreConfig | undefined {
  const rule = entry?.child('rule').text();
  const given = entry?.child('path');
  const path = rule === undefined ? given?.needed().text() : given?.text();
  const why = entry?.child('why').text();
  if (path === undefined && rule === undefined) return undefined;
  return { path: path ?? '', ...(rule === undefined ? {} : { rule }), why, at: entry?.at };
}

const referenceKeys = [
  'database',
  'table',
  'join',
  'where',
  'path',
  'covers',
  'tombstones',
  'holds',
  'size',
  'hash',
  'json',
  'severity',
  'grace',
  'to',
  'value',
  'except',
];

function readReference(item: ConfigValue): ReferenceConfig | undefined {
  return readRule(item.object(referenceKeys));
}

function readTopReference(item: ConfigValue): ReferenceConfig | undefined {
  const entry = item.object([...referenceKeys, 'dataDir']);
  const rule = readRule(entry);
  const dataDir = readDataDirName(entry);
  return rule && dataDir !== undefined ? { ...rule, dataDir } : rule;
}

function readRule(entry: ConfigValue | undefined): ReferenceConfig | undefined {
  if (entry === undefined) return undefined;
  const to = entry.child('to').checked(rowTargetProblem);
  const path = entry.child('path');
  const rule = {
    database: entry.child('database').needed().checked(databaseProblem),
    table: entry.child('table').needed().text(),
    where: entry.child('where').text(),
    path: (entry.has('to') ? path : path.needed()).checked(templateProblem),
    covers: entry.child('covers').checked(insideProblem),
    ...withoutUndefined({ to, ...readRowKeys(entry), ...readFileKeys(entry) }),
    at: entry.at,
  };
  if (entry.has('to') && entry.has('path')) {
    entry.child('to').find('a rule has "path" or "to", not both');
    return undefined;
  }
  const { database, table } = rule;
  const target = rule.path ?? (to === undefined ? undefined : '');
  if (database === undefined || table === undefined || target === undefined) return undefined;
  return { ...rule, database, table, path: target };
}

function readRowKeys(entry: ConfigValue): Partial<ReferenceConfig> {
  const join = entry.child('join').entries().flatMap(readJoin);
  return {
    join: join.length === 0 ? undefined : join,
    value: entry.child('value').list((one) => one.checked(templateProblem)),
    except: entry.child('except').list((one) => one.text()),
  };
}

/** `"books.id": "book"`: beside each row the one of books whose id is its book. */
function readJoin([name, value]: readonly [string, ConfigValue]): readonly Join[] {
  const [, table, key] = /^(.+)\.([^.]+)$/s.exec(name) ?? [];
  const on = value.text();
  if (table === undefined || key === undefined) {
    value.find(`a key of "join" has to be TABLE.COLUMN, not ${JSON.stringify(name)}`);
    return [];
  }
  return on === undefined ? [] : [{ table, key, on }];
}

function readFileKeys(entry: ConfigValue): Partial<ReferenceConfig> {
  const grace = entry.child('grace').object(['column', 'for']);
  const column = grace?.child('column').needed().text();
  const ms = grace?.child('for').needed().duration();
  return {
    holds: entry.child('holds').list((one) => one.checked(insideProblem)),
    tombstones: entry.child('tombstones').list((one) => one.checked(insideProblem)),
    size: entry.child('size').text(),
    hash: entry.child('hash').text(),
    json: entry.child('json').text(),
    severity: entry.child('severity').oneOf(['error', 'warning', 'info'] as const),
    grace: column === undefined || ms === undefined ? undefined : { column, ms },
  };
}

/** Keys that are not there stay away: documents of rules are compared as they are. */
function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}

function databaseProblem(path: string): string | undefined {
  return path === '.' ? undefined : insideProblem(path);
}

function insideProblem(path: string): string | undefined {
  return insidePath(path) === undefined
    ? `${JSON.stringify(path)} leads out of the data directory`
    : undefined;
}

function templateProblem(text: string): string | undefined {
  return parseTemplate(text).problem;
}

function rowTargetProblem(text: string): string | undefined {
  return /^.+:[^:.]+\.[^:]+$/s.test(text)
    ? undefined
    : `"to" has to be DATABASE:TABLE.COLUMN, not ${JSON.stringify(text)}`;
}

function readRetention(value: ConfigValue): RetentionConfig {
  const entry = value.object(['keepLast', 'daily', 'weekly', 'monthly', 'maxBytes']);
  for (const key of ['daily', 'weekly', 'monthly']) entry?.child(key).withoutEffect();
  return {
    keepLast: readKeepLast(entry?.child('keepLast')),
    maxBytes: entry?.child('maxBytes').byteSize(),
  };
}

const reasons: readonly Reason[] = ['manual', 'guard', 'safety', 'schedule', 'import'];

function readKeepLast(value: ConfigValue | undefined): Partial<Record<Reason, number>> {
  const perReason = value?.isObject() === true ? value.object(reasons) : undefined;
  const forAll = perReason === undefined ? value?.count(0) : undefined;
  const counts: Partial<Record<Reason, number>> = {};
  for (const reason of reasons) {
    const count = perReason?.child(reason).count(0) ?? forAll;
    if (count !== undefined) counts[reason] = count;
  }
  return counts;
}
