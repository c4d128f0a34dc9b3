// savepoint.json: what its keys mean, and which of them are sound. A problem takes only its own key
// or entry out; everything else in the file still holds.

import type { Reason, Severity } from './documents.ts';
import { parseRelPath } from './names.ts';
import { parseSize } from './retention.ts';

/** A rule that ties rows to paths or to other rows: docs/references.md tells people how to write one. */
export interface ReferenceConfig {
  /** Relative to the data directory; `.` where that is the database itself. */
  readonly database: string;
  readonly table: string;
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
}

/** Mismatches that are expected: of a path, of a rule, or of a rule on a path. */
export interface IgnoreConfig {
  /** Glob relative to the data directory; empty where only `rule` decides. */
  readonly path: string;
  /** `CheckRule.id`. */
  readonly rule?: string | undefined;
  readonly why: string | undefined;
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

/** What a guard does when its snapshot fails. */
export type GuardFailure = 'ask' | 'run' | 'stop';

export interface RetentionConfig {
  /** Snapshots kept per reason; one number in the file goes for all of them. */
  readonly keepLast: Readonly<Partial<Record<Reason, number>>>;
  readonly daily: number | undefined;
  readonly weekly: number | undefined;
  readonly monthly: number | undefined;
  /** Bytes; `none` for no cap. */
  readonly maxBytes: number | 'none' | undefined;
}

export interface ProjectConfig {
  /** Where it is there, exactly these are the data directories; undefined: detection decides. */
  readonly dataDirs: readonly DataDirConfig[] | undefined;
  readonly guard: { readonly commands: readonly string[]; readonly onFailure: GuardFailure };
  readonly retention: RetentionConfig;
  /** In words, e.g. `every 30 minutes`. */
  readonly schedule: string | undefined;
  /** Names of environment variables whose values the data depends on. */
  readonly secrets: readonly string[];
  readonly hooks: {
    readonly beforeSnapshot: string | undefined;
    readonly afterRestore: string | undefined;
  };
}

/** Keys and array indexes from the top of the file to a value. */
export type JsonPath = readonly (string | number)[];

/** A problem and the value it is about, before its line is known. */
export interface ConfigFinding {
  readonly at: JsonPath;
  readonly message: string;
}

/** The configuration of a project that has no savepoint.json. */
export const emptyProjectConfig: ProjectConfig = {
  dataDirs: undefined,
  guard: { commands: [], onFailure: 'ask' },
  retention: {
    keepLast: {},
    daily: undefined,
    weekly: undefined,
    monthly: undefined,
    maxBytes: undefined,
  },
  schedule: undefined,
  secrets: [],
  hooks: { beforeSnapshot: undefined, afterRestore: undefined },
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
  const top = new Value(value, [], findings).object(topKeys);
  if (top === undefined) return { config: emptyProjectConfig, findings };
  const guard = top.child('guard').object(['commands', 'onFailure']);
  const hooks = top.child('hooks').object(['beforeSnapshot', 'afterRestore']);
  const config: ProjectConfig = {
    dataDirs: top.child('dataDirs').list((item) => readDataDir(item, knownLayouts)),
    guard: {
      commands: guard?.child('commands').list((item) => item.text()) ?? [],
      onFailure: guard?.child('onFailure').oneOf(['ask', 'run', 'stop'] as const) ?? 'ask',
    },
    retention: readRetention(top.child('retention')),
    schedule: top.child('schedule').text(),
    secrets: top.child('secrets').list((item) => item.text()) ?? [],
    hooks: {
      beforeSnapshot: hooks?.child('beforeSnapshot').text(),
      afterRestore: hooks?.child('afterRestore').text(),
    },
  };
  return { config, findings };
}

const topKeys = ['$schema', 'dataDirs', 'guard', 'retention', 'schedule', 'secrets', 'hooks'];

function readDataDir(item: Value, knownLayouts: readonly string[]): DataDirConfig | undefined {
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

function readIgnore(item: Value): IgnoreConfig | undefined {
  const entry = item.object(['path', 'why']);
  const path = entry?.child('path').needed().text();
  const why = entry?.child('why').text();
  return path === undefined ? undefined : { path, why };
}

function readReference(item: Value): ReferenceConfig | undefined {
  const entry = item.object(['database', 'table', 'where', 'path', 'covers']);
  const database = entry?.child('database').needed().text();
  const table = entry?.child('table').needed().text();
  const path = entry?.child('path').needed().text();
  const where = entry?.child('where').text();
  const covers = entry?.child('covers').text();
  if (database === undefined || table === undefined || path === undefined) return undefined;
  return { database, table, where, path, covers };
}

function readRetention(value: Value): RetentionConfig {
  const entry = value.object(['keepLast', 'daily', 'weekly', 'monthly', 'maxBytes']);
  return {
    keepLast: readKeepLast(entry?.child('keepLast')),
    daily: entry?.child('daily').count(0),
    weekly: entry?.child('weekly').count(0),
    monthly: entry?.child('monthly').count(0),
    maxBytes: entry?.child('maxBytes').byteSize(),
  };
}

const reasons: readonly Reason[] = ['manual', 'guard', 'safety', 'schedule', 'import'];

function readKeepLast(value: Value | undefined): Partial<Record<Reason, number>> {
  const perReason = value?.isObject() === true ? value.object(reasons) : undefined;
  const forAll = perReason === undefined ? value?.count(0) : undefined;
  const counts: Partial<Record<Reason, number>> = {};
  for (const reason of reasons) {
    const count = perReason?.child(reason).count(0) ?? forAll;
    if (count !== undefined) counts[reason] = count;
  }
  return counts;
}

/** One JSON value and its place; reading it as what it is not records a finding and answers undefined. */
class Value {
  readonly #value: unknown;
  readonly #at: JsonPath;
  readonly #findings: ConfigFinding[];

  constructor(value: unknown, at: JsonPath, findings: ConfigFinding[]) {
    this.#value = value;
    this.#at = at;
    this.#findings = findings;
  }

  /** The same value; undefined behind it is a finding of the object that lacks the key. */
  needed(): this {
    if (this.#value === undefined) {
      this.#find(`${JSON.stringify(this.#at.at(-1))} is missing`, this.#at.slice(0, -1));
    }
    return this;
  }

  /** This value where it is an object; other keys than `keys` are findings and change nothing. */
  object(keys: readonly string[]): this | undefined {
    if (this.#value === undefined) return undefined;
    if (!isObject(this.#value)) {
      this.#find(`${this.#name()} has to be an object`);
      return undefined;
    }
    for (const key of Object.keys(this.#value)) {
      if (!keys.includes(key)) {
        this.#find(`unknown key ${JSON.stringify(key)}: ${known(keys)}`, [...this.#at, key]);
      }
    }
    return this;
  }

  isObject(): boolean {
    return isObject(this.#value);
  }

  child(key: string): Value {
    const value = isObject(this.#value) ? this.#value[key] : undefined;
    return new Value(value, [...this.#at, key], this.#findings);
  }

  /** What `read` makes of each entry, without those it finds unsound. */
  list<T>(read: (item: Value) => T | undefined): T[] | undefined {
    if (this.#value === undefined) return undefined;
    if (!Array.isArray(this.#value)) {
      this.#find(`${this.#name()} has to be a list`);
      return undefined;
    }
    return this.#value.flatMap((item: unknown, index) => {
      const read1 = read(new Value(item, [...this.#at, index], this.#findings));
      return read1 === undefined ? [] : [read1];
    });
  }

  text(): string | undefined {
    if (this.#value === undefined) return undefined;
    if (typeof this.#value === 'string' && this.#value.trim() !== '') return this.#value;
    return this.#find(`${this.#name()} has to be a text that is not empty`);
  }

  oneOf<const T extends string>(allowed: readonly T[]): T | undefined {
    const text = this.text();
    if (text === undefined) return undefined;
    const match = allowed.find((one) => one === text);
    return (
      match ?? this.#find(`unknown ${this.#name()} ${JSON.stringify(text)}: ${known(allowed)}`)
    );
  }

  count(least: number): number | undefined {
    if (this.#value === undefined) return undefined;
    if (typeof this.#value === 'number' && Number.isInteger(this.#value) && this.#value >= least) {
      return this.#value;
    }
    return this.#find(`${this.#name()} has to be a whole number from ${least} on`);
  }

  byteSize(): number | 'none' | undefined {
    const value = this.#value;
    if (value === undefined || value === 'none') return value;
    const bytes =
      typeof value === 'string' || typeof value === 'number' ? parseSize(value) : undefined;
    return bytes ?? this.#find(`${this.#name()} has to be a size such as "5GB", or "none"`);
  }

  /** Without `./` and trailing slashes; absolute stays so, for `savepoint allow` to decide. */
  dataDirPath(): string | undefined {
    const text = this.needed().text();
    if (text === undefined || isAbsolutePath(text)) return text;
    const path = text.replaceAll('\\', '/');
    if (path.split('/').includes('..')) return path;
    return (
      parseRelPath(path) ??
      this.#find('"path" has to name a folder or a database inside the project folder, not itself')
    );
  }

  #name(): string {
    const last = this.#at.findLast((part) => typeof part === 'string');
    const isEntry = typeof this.#at.at(-1) === 'number';
    if (last === undefined) return 'savepoint.json';
    return isEntry ? `an entry of "${last}"` : `"${last}"`;
  }

  #find(message: string, at: JsonPath = this.#at): undefined {
    this.#findings.push({ at, message });
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isAbsolutePath(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path);
}

function known(words: readonly string[]): string {
  return `known are ${words.filter((word) => word !== '$schema').join(', ')}`;
}
