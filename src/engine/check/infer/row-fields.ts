// What a row has that may stand in a path: its columns, what is in their JSON, and each element of
// a list with the fields that belong together.

import { columnText, stepText } from '../../../core/check/print-template.ts';
import { nameFromBytes } from '../../../core/names.ts';
import { isObject } from '../../../core/is-object.ts';
import type { ColumnValue } from '../../../core/check/column-value.ts';
import { pathsInText } from './mentioned-paths.ts';
import type { SampledTable } from './sample-rows.ts';

/** A value of a row and how a template names it. */
export interface Field {
  /** Without its braces: `id`, `data:json.id`, `formats:each.hash`. */
  readonly text: string;
  readonly column: string;
  readonly value: string;
  /** An integer: it may be padded in a path, and says little by itself. */
  readonly isNumber: boolean;
}

/** A row, or one element of a list in a row: the fields that may stand in one path together. */
export interface RowView {
  /** Index of the table among those that are looked at together. */
  readonly table: number;
  /** Index of the row in the sample. */
  readonly row: number;
  readonly fields: readonly Field[];
  /** Those of the fields that this view is for: many rows refer to the same one of another table. */
  readonly own: readonly Field[];
}

const maxElements = 12;
const maxKeys = 24;
const maxNameLength = 1024;

export function viewsOf(sampled: SampledTable, table: number): RowView[] {
  return sampled.rows.flatMap((values, row) => viewsOfRow(sampled, values, { table, row }));
}

function viewsOfRow(
  { columns, joined: others }: SampledTable,
  values: readonly ColumnValue[],
  place: Pick<RowView, 'table' | 'row'>,
): RowView[] {
  const plain: Field[] = [];
  const joined: Field[] = [];
  const lists: Field[][] = [];
  for (const [at, column] of [...columns, ...others].entries()) {
    const value = textOfBytes(values[at] ?? null);
    const name = columnText(column);
    if (at >= columns.length) {
      if (isName(value)) joined.push({ text: name, column, value, isNumber: false });
      continue;
    }
    if (typeof value === 'bigint' || typeof value === 'number') {
      plain.push({ text: name, column, value: String(value), isNumber: true });
    } else if (typeof value === 'string' && value !== '') {
      if (isName(value)) {
        plain.push({ text: name, column, value, isNumber: false });
      }
      const parsed = jsonOf(value);
      if (parsed !== undefined) {
        plain.push(...scalars(column, `${name}:json`, parsed));
        lists.push(...elements(column, `${name}:each`, parsed));
      }
      lists.push(...mentions(column, name, value));
    }
  }
  return [
    { ...place, fields: [...plain, ...joined], own: plain },
    ...lists.map((own) => ({ ...place, fields: [...own, ...plain, ...joined], own })),
  ];
}

function isName(value: Exclude<ColumnValue, Uint8Array>): value is string {
  return typeof value === 'string' && value !== '' && value.length <= maxNameLength;
}

/** Bytes that may be a path are one; keys, pictures and packed values have bytes that no name has. */
function textOfBytes(value: ColumnValue): Exclude<ColumnValue, Uint8Array> {
  if (!(value instanceof Uint8Array)) return value;
  const isName = value.includes(slash) && value.every((byte) => byte >= space && byte !== remove);
  return isName ? nameFromBytes(value) : null;
}

const [slash, space, remove] = [0x2f, 0x20, 0x7f];

function jsonOf(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Fields of an object, two levels deep. */
function scalars(column: string, prefix: string, value: object, depth = 0): Field[] {
  if (Array.isArray(value)) return [];
  return entriesOf(value).flatMap(([key, one]): Field[] => {
    const text = `${prefix}.${key}`;
    const field = scalar(column, text, one);
    if (field !== undefined) return [field];
    return depth === 0 && isObject(one) ? scalars(column, text, one, 1) : [];
  });
}

/** Each element of an array, or of an object whose values are objects. */
function elements(column: string, prefix: string, value: object): Field[][] {
  const list = Array.isArray(value) ? value : Object.values(value).filter((one) => isObject(one));
  return list.slice(0, maxElements).map((one: unknown) => {
    const whole = scalar(column, prefix, one);
    if (whole !== undefined) return [whole];
    if (!isObject(one)) return [];
    return entriesOf(one).flatMap(([key, part]) => {
      const field = scalar(column, `${prefix}.${key}`, part);
      return field === undefined ? [] : [field];
    });
  });
}

/** Each by itself: they have nothing to do with each other. */
function mentions(column: string, name: string, text: string): Field[][] {
  return pathsInText(text).map(({ start, value }) => [
    { text: `${name}:${stepText({ op: 'after', start })}`, column, value, isNumber: false },
  ]);
}

/** Keys that a template can name. */
function entriesOf(value: object): [string, unknown][] {
  return Object.entries(value)
    .filter(([key]) => key !== '' && !/[:|"{}.]/.test(key))
    .slice(0, maxKeys);
}

function scalar(column: string, text: string, value: unknown): Field | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value)) {
    return { text, column, value: String(value), isNumber: true };
  }
  if (typeof value !== 'string' || value === '' || value.length > maxNameLength) return undefined;
  return { text, column, value, isNumber: false };
}
