// What the folders in front of a name may be in a template: the same for all rows, a column of the row
// or a day of it, the beginning of a value or of its hash.

import { dateText, timeOfValue } from '../../../core/check/time-value.ts';
import { literalText } from '../../../core/check/print-template.ts';
import { hashText } from '../needed-paths.ts';
import type { Hit } from './path-hits.ts';
import type { Field, RowView } from './row-fields.ts';

/** What may stand for one or more names. */
export interface Choice {
  readonly text: string;
  /** How many names it stands for. */
  readonly span: number;
  readonly kind: 'name' | 'column' | 'date' | 'part';
}

/** For each name in front, what a template may have from there on; the name itself first. */
export function upperChoices({ path, names, view, value, field }: Hit): readonly Choice[][] {
  const upper = path.split('/').slice(0, -names);
  const known = fieldsOfView(view);
  let taken = 0;
  return upper.map((name, at) => {
    const choices: Choice[] = [];
    for (let span = 1; span <= Math.min(maxSpan, upper.length - at); span += 1) {
      const run = span === 1 ? name : upper.slice(at, at + span).join('/');
      choices.push({ text: literalText(run), span, kind: 'name' }, ...(known.get(run) ?? []));
    }
    const start = sliceStart(name, value, taken);
    if (start !== undefined) {
      choices.push(partChoice(field, start, name.length));
      taken = start + name.length;
    }
    choices.push(...hashChoices(view, name, digitsBefore(upper, at)));
    return choices;
  });
}

const maxSpan = 4;

function partChoice(field: string, start: number, length: number): Choice {
  return { text: `{${field}:${start}..${start + length}}`, span: 1, kind: 'part' };
}

function sliceStart(name: string, value: string, taken: number): number | undefined {
  if (name.length > 4 || value.length < 8) return undefined;
  if (value.startsWith(name, taken)) return taken;
  return value.startsWith(name) ? 0 : undefined;
}

const shortHex = /^[0-9a-f]{1,4}$/;

/** How many digits the names right in front have that may be of one hash together. */
function digitsBefore(upper: readonly string[], at: number): number {
  let digits = 0;
  for (let index = at - 1; index >= 0 && shortHex.test(upper[index] ?? ''); index -= 1) {
    digits += upper[index]?.length ?? 0;
  }
  return digits;
}

const algorithms = ['md5', 'sha1', 'sha256'] as const;
const maxHashed = 6;

/** `ab` may begin the hash of a text of the row, or go on where the name in front of it ended. */
function hashChoices(view: RowView, name: string, before: number): readonly Choice[] {
  if (!shortHex.test(name)) return [];
  return hashesOf(view).flatMap(({ text, hash }): Choice[] => {
    const starts = before === 0 ? [0] : [0, before];
    return starts
      .filter((start) => hash.startsWith(name, start))
      .map((start) => partChoice(text, start, name.length));
  });
}

interface HashedField {
  /** `name:md5`. */
  readonly text: string;
  readonly hash: string;
}

const hashesByView = new WeakMap<RowView, readonly HashedField[]>();

function hashesOf(view: RowView): readonly HashedField[] {
  const known = hashesByView.get(view);
  if (known !== undefined) return known;
  const fields = view.fields.filter(({ value, isNumber }) => !isNumber && value.length <= 255);
  const hashes = fields.slice(0, maxHashed).flatMap(({ text, value }) =>
    algorithms.map((algorithm) => ({
      text: `${text}:${algorithm}`,
      hash: hashText(algorithm, value),
    })),
  );
  hashesByView.set(view, hashes);
  return hashes;
}

const choicesByView = new WeakMap<RowView, ReadonlyMap<string, readonly Choice[]>>();

/** By the names that they stand for. */
function fieldsOfView(view: RowView): ReadonlyMap<string, readonly Choice[]> {
  const known = choicesByView.get(view);
  if (known !== undefined) return known;
  const byNames = new Map<string, Choice[]>();
  const add = (names: string, choice: Choice): void => {
    const choices = byNames.get(names);
    if (choices === undefined) byNames.set(names, [choice]);
    else choices.push(choice);
  };
  for (const field of view.fields) {
    const names = field.value.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
    const span = names.split('/').length;
    if (names !== '' && span <= maxSpan)
      add(names, { text: `{${field.text}}`, span, kind: 'column' });
    for (const [day, format] of daysOf(field)) {
      add(day, { text: `{${field.text}:${format}}`, span: day.split('/').length, kind: 'date' });
    }
  }
  choicesByView.set(view, byNames);
  return byNames;
}

const formats = ['%Y', '%Y/%m', '%Y/%m/%d', '%Y-%m', '%Y-%m-%d', '%Y%m', '%Y%m%d'] as const;
/** Numbers and texts outside of these years are no times. */
const [firstMs, lastMs] = [Date.UTC(1990, 0), Date.UTC(2100, 0)];

function daysOf({ value, isNumber }: Field): (readonly [day: string, format: string])[] {
  if (isNumber ? value.length < 9 : !/^\d{4}-\d\d-\d\d/.test(value)) return [];
  const ms = timeOfValue(value);
  if (ms === undefined || ms < firstMs || ms >= lastMs) return [];
  return formats.map((format) => [dateText(ms, format) ?? '', format] as const);
}
