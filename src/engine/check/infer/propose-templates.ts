// From single rows and paths to templates: what stands in front of the names that a row explains is
// the same everywhere, or a column of the row, or the beginning of a value. Rows vote. Folders that
// nothing explains, such as those of a month, are never taken as they happen to be called today: where
// each name is there once, the file may lie in any of them.

import type { Hit } from './path-hits.ts';
import type { RowView } from './row-fields.ts';
import { upperChoices, type Choice } from './upper-names.ts';

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

/** A hit with what a template has for the names in front of those it explains. */
interface ExplainedHit {
  readonly hit: Hit;
  readonly upper: readonly Choice[];
}

function proposalsOf(hits: readonly Hit[]): Proposal[] {
  if (countPaths(hits) < leastPaths) return [];
  const choices = hits.map(upperChoices);
  const votes = countVotes(choices);
  const explained = hits.map((hit, index) => ({
    hit,
    upper: segmented(choices[index] ?? [], votes),
  }));
  const byTemplate = new Map<string, Hit[]>();
  for (const { hit, upper } of explained) {
    if (hasDayByName(upper)) continue;
    const template = [...upper.map(({ text }) => text), hit.last].join('/');
    const known = byTemplate.get(template);
    if (known === undefined) byTemplate.set(template, [hit]);
    else known.push(hit);
  }
  const anywhere = anywhereOf(explained);
  if (anywhere !== undefined) byTemplate.set(anywhere, [...hits]);
  return [...byTemplate]
    .map(([template, own]) => toProposal(template, own))
    .filter((proposal) => countPaths(proposal.hits) >= leastPaths)
    .toSorted((a, b) => b.rows - a.rows)
    .slice(0, maxPerGroup);
}

function toProposal(template: string, hits: readonly Hit[]): Proposal {
  const [first] = hits;
  const { column = '', isNumber = false } = first ?? {};
  const table = first?.view.table ?? 0;
  const rows = new Set(hits.map(({ view }) => view.row)).size;
  return { table, template, column, isNumber, rows, hits };
}

function countPaths(hits: readonly Hit[]): number {
  return new Set(hits.map(({ path }) => path)).size;
}

type Votes = readonly Map<string, number>[];

function countVotes(choices: readonly (readonly Choice[][])[]): Votes {
  const votes: Map<string, number>[] = [];
  for (const own of choices) {
    for (const [at, texts] of own.entries()) {
      const count = (votes[at] ??= new Map<string, number>());
      for (const key of new Set(texts.map(voteKey))) count.set(key, (count.get(key) ?? 0) + 1);
    }
  }
  return votes;
}

function voteKey({ text, span }: Choice): string {
  return `${span}\0${text}`;
}

/** From the first name on, what most rows have. */
function segmented(choices: readonly Choice[][], votes: Votes): readonly Choice[] {
  const upper: Choice[] = [];
  for (let at = 0; at < choices.length;) {
    const choice = mostVoted(choices[at] ?? [], votes[at]);
    if (choice === undefined) break;
    upper.push(choice);
    at += choice.span;
  }
  return upper;
}

const kindOrder = ['column', 'part', 'date', 'name'] as const;

/**
 * What most rows have. Where a column says the same as the name itself in all of them, the name is
 * taken, unless it looks like an id, for nobody calls a folder so by hand, or the column has several
 * names at once.
 */
function mostVoted(
  choices: readonly Choice[],
  votes: ReadonlyMap<string, number> | undefined,
): Choice | undefined {
  const [name] = choices;
  const count = (choice: Choice): number => votes?.get(voteKey(choice)) ?? 0;
  const best = choices
    .filter(({ kind }) => kind !== 'name')
    .toSorted(
      (a, b) =>
        count(b) - count(a) ||
        kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind) ||
        b.span - a.span,
    )[0];
  if (best === undefined || name === undefined) return name;
  const run = choices.find(({ kind, span }) => kind === 'name' && span === best.span) ?? name;
  if (count(best) === count(run)) return isTelling(best, name) ? best : name;
  return count(best) > count(run) ? best : name;
}

function isTelling(best: Choice, name: Choice): boolean {
  if (best.kind === 'date') return false;
  return isId(name.text) || (best.kind === 'column' && (best.span > 1 || isDay(name)));
}

function isId(name: string): boolean {
  return name.length >= 8 && /\d/.test(name);
}

/** A year, a month or a day by its own name: the next one has another. */
function hasDayByName(upper: readonly Choice[]): boolean {
  return upper.some(isDay);
}

function isDay({ kind, text }: Choice): boolean {
  return kind === 'name' && /^(?:19|20)\d\d(?:[-_.]?\d\d(?:[-_.]?\d\d)?)?$/.test(text);
}

/** May be the month or the day in a folder of the year. */
function isOfDay({ kind, text }: Choice): boolean {
  return kind === 'date' || (kind === 'name' && /^\d{1,8}$/.test(text));
}

/**
 * The template for files that lie in one folder or another that no column tells, or that only their
 * day tells; undefined where there are none, or where the names alone do not tell the files apart.
 */
function anywhereOf(explained: readonly ExplainedHit[]): string | undefined {
  const [first] = explained;
  if (first === undefined || first.hit.isNumber || !isUnique(explained)) return undefined;
  const { start, end } = unexplained(explained);
  if (start >= end || start === 0) return undefined;
  const terms = (own: readonly Choice[]): string[] => own.map(({ text }) => text);
  const [head, tail] = [terms(first.upper.slice(0, start)), terms(first.upper.slice(end))];
  return [...head, '**', ...tail, first.hit.last].join('/');
}

/** Where in the names in front those lie that differ from row to row, or with the day. */
function unexplained([first, ...others]: readonly ExplainedHit[]): {
  readonly start: number;
  readonly end: number;
} {
  const own = first?.upper ?? [];
  const isShared = (at: number): boolean =>
    others.every(({ upper }) => upper.length === own.length && upper[at]?.text === own[at]?.text);
  const open = own.map((choice, at) => !isShared(at) || isDay(choice) || choice.kind === 'date');
  const start = open.indexOf(true);
  if (start === -1) return { start: 0, end: 0 };
  let end = open.lastIndexOf(true) + 1;
  const rest = own.slice(end).findIndex((choice) => !isOfDay(choice));
  end = rest === -1 ? own.length : end + rest;
  return { start, end };
}

const mostTwice = 0.05;

/** True where as good as every name has one file. */
function isUnique(explained: readonly ExplainedHit[]): boolean {
  const pathsByRow = new Map<RowView, Set<string>>();
  for (const { hit } of explained) {
    const paths = pathsByRow.get(hit.view);
    if (paths === undefined) pathsByRow.set(hit.view, new Set([hit.path]));
    else paths.add(hit.path);
  }
  const twice = [...pathsByRow.values()].filter(({ size }) => size > 1).length;
  return twice <= pathsByRow.size * mostTwice;
}
