// One value of savepoint.json and its place: whoever reads it as what it is not gets undefined, and
// the finding says where.

import { isObject } from '../is-object.ts';
import { parseRelPath } from '../names.ts';
import { parseSize } from '../snapshots/retention.ts';

/** Keys and array indexes from the top of the file to a value. */
export type JsonPath = readonly (string | number)[];

/** A problem and the value it is about, before its line is known. */
export interface ConfigFinding {
  readonly at: JsonPath;
  readonly message: string;
}

/** One JSON value and its place; reading it as what it is not records a finding and answers undefined. */
export class ConfigValue {
  readonly #value: unknown;
  readonly #at: JsonPath;
  readonly #findings: ConfigFinding[];

  constructor(value: unknown, at: JsonPath, findings: ConfigFinding[]) {
    this.#value = value;
    this.#at = at;
    this.#findings = findings;
  }

  /** Keys and indexes from the top of the file. */
  get at(): JsonPath {
    return this.#at;
  }

  has(key: string): boolean {
    return isObject(this.#value) && this.#value[key] !== undefined;
  }

  /** The same value; undefined behind it is a finding of the object that lacks the key. */
  needed(): this {
    if (this.#value === undefined) {
      this.find(`${JSON.stringify(this.#at.at(-1))} is missing`, this.#at.slice(0, -1));
    }
    return this;
  }

  /** This value where it is an object; other keys than `keys` are findings and change nothing. */
  object(keys: readonly string[]): this | undefined {
    if (this.#value === undefined) return undefined;
    if (!isObject(this.#value)) {
      this.find(`${this.#name()} has to be an object`);
      return undefined;
    }
    for (const key of Object.keys(this.#value)) {
      if (!keys.includes(key)) {
        this.find(`unknown key ${JSON.stringify(key)}: ${known(keys)}`, [...this.#at, key]);
      }
    }
    return this;
  }

  /** For what the file may say and this version does not do: nobody is to rely on it. */
  withoutEffect(): void {
    if (this.#value !== undefined) this.find(`${this.#name()} has no effect in this version`);
  }

  isObject(): boolean {
    return isObject(this.#value);
  }

  child(key: string): ConfigValue {
    const value = isObject(this.#value) ? this.#value[key] : undefined;
    return new ConfigValue(value, [...this.#at, key], this.#findings);
  }

  /** What `read` makes of each entry, without those it finds unsound. */
  list<T>(read: (item: ConfigValue) => T | undefined): T[] | undefined {
    if (this.#value === undefined) return undefined;
    if (!Array.isArray(this.#value)) {
      this.find(`${this.#name()} has to be a list`);
      return undefined;
    }
    return this.#value.flatMap((item: unknown, index) => {
      const read1 = read(new ConfigValue(item, [...this.#at, index], this.#findings));
      return read1 === undefined ? [] : [read1];
    });
  }

  /** This object's values, whatever their keys are. */
  entries(): readonly (readonly [key: string, value: ConfigValue])[] {
    if (this.#value === undefined) return [];
    if (!isObject(this.#value)) {
      this.find(`${this.#name()} has to be an object`);
      return [];
    }
    return Object.keys(this.#value).map((key) => [key, this.child(key)]);
  }

  text(): string | undefined {
    if (this.#value === undefined) return undefined;
    if (typeof this.#value === 'string' && this.#value.trim() !== '') return this.#value;
    return this.find(`${this.#name()} has to be a text that is not empty`);
  }

  /** A text that `problemOf` has nothing against. */
  checked(problemOf: (text: string) => string | undefined): string | undefined {
    const text = this.text();
    const problem = text === undefined ? undefined : problemOf(text);
    return problem === undefined ? text : this.find(problem);
  }

  /** Milliseconds of `"24h"`. */
  duration(): number | undefined {
    const text = this.text();
    if (text === undefined) return undefined;
    const match = /^\s*(\d+(?:\.\d+)?)\s*([smhdw])\s*$/.exec(text);
    const ms = Number(match?.[1]) * (unitMs[match?.[2] ?? ''] ?? Number.NaN);
    if (Number.isFinite(ms)) return ms;
    return this.find(`${this.#name()} has to be a time such as "30m", "24h" or "7d"`);
  }

  oneOf<const T extends string>(allowed: readonly T[]): T | undefined {
    const text = this.text();
    if (text === undefined) return undefined;
    const match = allowed.find((one) => one === text);
    return match ?? this.find(`unknown ${this.#name()} ${JSON.stringify(text)}: ${known(allowed)}`);
  }

  count(least: number): number | undefined {
    if (this.#value === undefined) return undefined;
    if (typeof this.#value === 'number' && Number.isInteger(this.#value) && this.#value >= least) {
      return this.#value;
    }
    return this.find(`${this.#name()} has to be a whole number from ${least} on`);
  }

  byteSize(): number | 'none' | undefined {
    const value = this.#value;
    if (value === undefined || value === 'none') return value;
    const bytes =
      typeof value === 'string' || typeof value === 'number' ? parseSize(value) : undefined;
    return bytes ?? this.find(`${this.#name()} has to be a size such as "5GB", or "none"`);
  }

  /** Without `./` and trailing slashes; absolute stays so, for `savepoint allow` to decide. */
  dataDirPath(): string | undefined {
    const text = this.needed().text();
    if (text === undefined || isAbsolutePath(text)) return text;
    const path = text.replaceAll('\\', '/');
    if (path.split('/').includes('..')) return path;
    return (
      parseRelPath(path) ??
      this.find('"path" has to name a folder or a database inside the project folder, not itself')
    );
  }

  #name(): string {
    const last = this.#at.findLast((part) => typeof part === 'string');
    const isEntry = typeof this.#at.at(-1) === 'number';
    if (last === undefined) return 'savepoint.json';
    return isEntry ? `an entry of "${last}"` : `"${last}"`;
  }

  /** Records what is wrong with the value, or with the one at `at`. */
  find(message: string, at: JsonPath = this.#at): undefined {
    this.#findings.push({ at, message });
    return undefined;
  }
}

const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

function isAbsolutePath(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path);
}

function known(words: readonly string[]): string {
  return `known are ${words.filter((word) => word !== '$schema').join(', ')}`;
}
