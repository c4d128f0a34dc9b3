// From single rows and paths to templates: what stands in front of the names that a row explains is
// the same everywhere, or another column of the row, or the beginning of the value. Rows vote.

import { literalText } from '../../../core/check/print-template.ts';
import type { Hit } from './path-hits.ts';
import type { RowView } from './row-fields.ts';

export interface Proposal {
  readonly table: number;
  /** Relative to the project folder. */
  readonly template: string;
  readonly column: string;
  readonly isNumber: boolean;
  /** Rows of the sample that have such a path. */
  readonly rows: number;
  /** Of the sample, with their rows. */
  readonly hits: readonly Hit[];
}

/** Fewer different paths are chance. */
const leastPaths = 3;
const maxPerGroup = 6;

export function proposeTemplates(hits: readonly Hit[]): Proposal[] {
  const groups = new Map<string, Hit[]>();
  for (const hit of hits) {
    const depth = hit.path.split('/').length - hit.names;
    const key = `${hit.view.table}\0${depth}\0${hit.kind === 'directory' ? 'd' : 'f'}\0${hit.last}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [hit]);
    else group.push(hit);
  }
  return [...groups.values()].flatMap(proposalsOf);
}

function proposalsOf(hits: readonly Hit[]): Proposal[] {
  if (new Set(hits.map(({ path }) => path)).size < leastPaths) return [];
  const options = hits.map(upperOptions);
  const votes = countVotes(options);
  const byTemplate = new Map<string, Hit[]>();
  for (const [index, hit] of hits.entries()) {
    const upper = (options[index] ?? []).map((choices, at) => mostVoted(choices, votes[at]));
    const template = [...upper, hit.last].join('/');
    const known = byTemplate.get(template);
    if (known === undefined) byTemplate.set(template, [hit]);
    else known.push(hit);
  }
  return [...byTemplate]
    .map(([template, own]): Proposal => {
      const [first] = own;
      const { column = '', isNumber = false } = first ?? {};
      const table = first?.view.table ?? 0;
      const rows = new Set(own.map(({ view }) => view.row)).size;
      return { table, template, column, isNumber, rows, hits: own };
    })
    .filter((proposal) => new Set(proposal.hits.map(({ path }) => path)).size >= leastPaths)
    .toSorted((a, b) => b.rows - a.rows)
    .slice(0, maxPerGroup);
}

/** For each name in front, what a template may have there. */
function upperOptions({ path, names, view, value, field }: Hit): string[][] {
  const upper = path.split('/').slice(0, -names);
  let taken = 0;
  return upper.map((name) => {
    const choices = [literalText(name), ...namedBy(view, name)];
    if (name.length <= 4 && value.length >= 8) {
      const start = value.startsWith(name, taken) ? taken : 0;
      if (value.startsWith(name, start)) {
        choices.push(`{${field}:${start}..${start + name.length}}`);
        taken = start + name.length;
      }
    }
    return choices;
  });
}

const namesOfView = new WeakMap<RowView, ReadonlyMap<string, readonly string[]>>();

/** Columns of the row that have the name as their value. */
function namedBy(view: RowView, name: string): readonly string[] {
  let known = namesOfView.get(view);
  if (known === undefined) {
    const byValue = new Map<string, string[]>();
    for (const { text, value } of view.fields) {
      const texts = byValue.get(value);
      if (texts === undefined) byValue.set(value, [`{${text}}`]);
      else texts.push(`{${text}}`);
    }
    namesOfView.set(view, byValue);
    known = byValue;
  }
  return known.get(name) ?? [];
}

function countVotes(options: readonly string[][][]): Map<string, number>[] {
  const votes: Map<string, number>[] = [];
  for (const choices of options) {
    for (const [at, texts] of choices.entries()) {
      const count = (votes[at] ??= new Map<string, number>());
      for (const text of texts) count.set(text, (count.get(text) ?? 0) + 1);
    }
  }
  return votes;
}

/**
 * What most rows have. Where a column says the same as the name itself in all of them, the name is
 * taken, unless it looks like an id: nobody calls a folder so by hand.
 */
function mostVoted(choices: readonly string[], votes: Map<string, number> | undefined): string {
  const [name = ''] = choices;
  const count = (text: string): number => votes?.get(text) ?? 0;
  const best = choices.slice(1).toSorted((a, b) => count(b) - count(a))[0];
  if (best === undefined) return name;
  if (count(best) === count(name)) return isId(name) ? best : name;
  return count(best) > count(name) ? best : name;
}

function isId(name: string): boolean {
  return name.length >= 8 && /\d/.test(name);
}
