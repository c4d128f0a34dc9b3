// Why some rows have no file: a column with few values, or one that is empty or not, tells those that
// need one from those that do not. The simplest that explains nearly all of what is missing is taken.

import { quoteName } from '../../../core/sqlite-names.ts';
import type { ColumnValue } from '../../../core/check/column-value.ts';
import { longMark, type Tally } from './count-fits.ts';
import type { SampledTable } from './sample-rows.ts';
import { holds, leastFits } from './thresholds.ts';

/** Paths of rows with the same value. */
interface Group {
  readonly value: ColumnValue;
  fits: number;
  misses: number;
}

export interface Condition {
  readonly sql: string;
  /** Paths of the rows that meet it. */
  readonly fits: number;
  readonly misses: number;
  /** Paths that are there although the condition says that nobody needs them. */
  readonly lost: number;
  /** How much its column speaks for itself: 2 for states, 1 for URLs, 0 for any other. */
  readonly weight: 0 | 1 | 2;
}

const maxValues = 12;
/** Rows that have to be excused by a column whose name does not speak for itself. */
const leastExcused = 5;

/** Counts by the values of columns, and tells which condition explains what is missing. */
export class ConditionTally implements Tally {
  readonly columns: readonly string[];
  readonly #counts: readonly ColumnCounts[];

  /** @param columns those that `mayTell` something */
  constructor(columns: readonly string[]) {
    this.columns = columns;
    this.#counts = columns.map(() => new ColumnCounts());
  }

  add(values: readonly ColumnValue[], fits: number, misses: number): void {
    for (const [index, counts] of this.#counts.entries()) {
      counts.add(values[index] ?? null, fits, misses);
    }
  }

  /** Undefined where no column explains it. */
  best(): Condition | undefined {
    const conditions = this.#counts.flatMap((counts, index) =>
      conditionsOf(this.columns[index] ?? '', counts),
    );
    return conditions.toSorted(
      (a, b) => a.misses - b.misses || b.weight - a.weight || a.lost - b.lost,
    )[0];
  }
}

/** Columns that in the sample have few values, or are empty here and there, or are links here and there. */
export function mayTell({ columns, rows }: Pick<SampledTable, 'columns' | 'rows'>): string[] {
  return columns.filter((_, index) => {
    const values = new Set(rows.map((row) => row[index] ?? null));
    const isSometimesUrl = [...values].some(isUrl) && ![...values].every(isUrl);
    return values.size <= maxValues + 1 || values.has(null) || isSometimesUrl;
  });
}

function isUrl(value: ColumnValue): boolean {
  return typeof value === 'string' && value.includes('://');
}

class ColumnCounts {
  readonly isNull: Group = { value: null, fits: 0, misses: 0 };
  readonly isSet: Group = { value: 1, fits: 0, misses: 0 };
  readonly isUrl: Group = { value: 1, fits: 0, misses: 0 };
  #values: Map<ColumnValue, Group> | null = new Map();

  add(value: ColumnValue, fits: number, misses: number): void {
    count(value === null ? this.isNull : this.isSet, fits, misses);
    if (isUrl(value)) count(this.isUrl, fits, misses);
    if (this.#values === null) return;
    const known = this.#values.get(value);
    if (known !== undefined) count(known, fits, misses);
    else if (this.#values.size === maxValues || value === longMark) this.#values = null;
    else this.#values.set(value, { value, fits, misses });
  }

  /** Undefined where there are more than a state has. */
  values(): readonly Group[] | undefined {
    return this.#values === null ? undefined : [...this.#values.values()];
  }
}

function count(group: Group, fits: number, misses: number): void {
  group.fits += fits;
  group.misses += misses;
}

function conditionsOf(column: string, counts: ColumnCounts): Condition[] {
  const name = sqlName(column);
  const { isNull, isSet, isUrl } = counts;
  const isPlain = { value: 0, fits: isSet.fits - isUrl.fits, misses: isSet.misses - isUrl.misses };
  const found = [
    condition(`${name} IS NULL`, [isNull], [isSet], weightOf(column)),
    condition(`${name} IS NOT NULL`, [isSet], [isNull], weightOf(column)),
    condition(`${name} NOT LIKE '%://%'`, [isPlain], [isUrl], 1),
  ];
  const values = counts.values();
  if (values !== undefined && values.length > 1) {
    const good = values.filter(({ fits, misses }) => misses * 8 <= fits);
    const bad = values.filter((group) => !good.includes(group));
    const sql = sqlOf(name, good, bad);
    if (sql !== undefined) found.push(condition(sql, good, bad, weightOf(column)));
  }
  return found.filter((one) => one !== undefined);
}

function sqlOf(name: string, good: readonly Group[], bad: readonly Group[]): string | undefined {
  const [only] = good;
  const [worst] = bad;
  if (only === undefined || worst === undefined) return undefined;
  if (good.length === 1) {
    return only.value === null ? `${name} IS NULL` : `${name} = ${sqlValue(only.value)}`;
  }
  if (bad.length === 1) {
    return worst.value === null ? `${name} IS NOT NULL` : `${name} IS NOT ${sqlValue(worst.value)}`;
  }
  if (good.some(({ value }) => value === null)) return undefined;
  return `${name} IN (${good.map(({ value }) => sqlValue(value)).join(', ')})`;
}

/** Undefined where it does not tell those that need a path from the others. */
function condition(
  sql: string,
  good: readonly Group[],
  bad: readonly Group[],
  weight: Condition['weight'],
): Condition | undefined {
  const sum = (groups: readonly Group[], key: 'fits' | 'misses'): number =>
    groups.reduce((total, group) => total + group[key], 0);
  const fits = sum(good, 'fits');
  const misses = sum(good, 'misses');
  const excused = sum(bad, 'misses');
  const lost = sum(bad, 'fits');
  const isEnough = excused >= leastExcused && !sql.includes(' IN (');
  const isClear = isEnough && lost <= excused / 10 && excused >= 3 * misses;
  const speaksForItself = weight > 0 && excused > 0 && (lost === 0 || excused >= 3 * misses);
  if (!isClear && !speaksForItself) return undefined;
  if (fits < leastFits || lost > fits / 2 || !holds(fits, fits + misses)) return undefined;
  return { sql, fits, misses, lost, weight };
}

/** Columns that say whether a row is alive and where its file is: one row is enough to believe them. */
function weightOf(column: string): 0 | 2 {
  const isState =
    /deleted|removed|trashed|archived|purged|expired|pending|status|^state$|storage|provider|backend|driver|^disk$|remote|external|uploaded|active|enabled|completed|ready/i.test(
      column,
    );
  return isState ? 2 : 0;
}

const keywords =
  /^(?:index|order|group|table|where|select|from|to|by|in|is|not|null|and|or|check|default|values?|primary|references|transaction|unique|limit|case|when|then|else|end|exists|between|escape|on|set|using|add|all|alter|as|create|delete|desc|asc|drop|collate|column|commit|constraint|distinct|foreign|having|insert|intersect|into|isnull|notnull|join|union|update|returning|autoincrement|deferrable|if|nothing)$/i;

/** With quotes only where SQL needs them: people read it. */
export function sqlName(column: string): string {
  return /^[a-z_][a-z0-9_]*$/i.test(column) && !keywords.test(column) ? column : quoteName(column);
}

function sqlValue(value: ColumnValue): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}
