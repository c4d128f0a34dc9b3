// What a command does to the paths that it names. The rules of each program only say that; whether the
// data is meant, and what else goes with it, is judged here for all of them.

import type { NamedPath } from '../documents/guard.ts';
import { isPattern, type Reach } from './data-paths.ts';
import { isUnknown, unknownText } from './line/texts.ts';
import {
  destructive,
  harmless,
  mayReach,
  placedPath,
  reachIn,
  type CommandPlace,
  type PlainCommand,
  type Verdict,
} from './verdict.ts';

export type Taking =
  /** It goes with everything below it. */
  | 'tree'
  /** The same, and it is somewhere else afterwards. */
  | 'moved'
  /** The same, of what git keeps, with what was changed in it. */
  | 'tracked'
  /** The same, and git has all of it still. */
  | 'kept'
  /** The same, of what git does not keep, or neither keeps nor ignores. */
  | 'untracked'
  | 'unignored'
  /** It goes with everything below it into what git put away. */
  | 'put away'
  /** It goes if it is a file: a folder stays. */
  | 'file'
  /** What it holds becomes other, there or not. */
  | 'change'
  /** If it is there it becomes other. */
  | 'overwrite'
  /** Something is added at its end: harms databases alone. */
  | 'append'
  /** Files are put below it, under names that nobody can tell. */
  | 'fill'
  /** The same, but nothing of the data that lies somewhere below it. */
  | 'below';

export interface Claim {
  /** As the command names it. */
  readonly path: string;
  readonly takes: Taking;
}

export function claims(takes: Taking, paths: readonly string[]): readonly Claim[] {
  return paths.map((path) => ({ path, takes }));
}

export function judged(
  command: PlainCommand,
  rule: string,
  all: readonly Claim[],
  place: CommandPlace,
): Verdict {
  const given = all.filter(({ path }) => path !== '' && !isDevice(path));
  const answers = given.map((claim) => ({ claim, answer: answerTo(claim, place) }));
  const hit = answers.filter(({ answer }) => answer === 'yes').map(({ claim }) => claim.path);
  // Beside names that are known, what else a pipe may print is a care for the data alone.
  const isKnown = given.some(({ path }) => !isUnknown(path));
  const told = given.filter(({ path }) => !isKnown || !path.startsWith(`./${unknownText}`));
  const outside = told.flatMap((claim) => namedOutside(claim, place));
  const isOpen = given.some((claim) => isUntold(claim, place));
  const verdict =
    hit.length > 0
      ? destructive(command, rule, { paths: [...new Set(hit)] })
      : answers.some(({ answer }) => answer === 'maybe')
        ? mayReach(command, `${rule} of what only running it could tell`)
        : harmless;
  return outside.length === 0 && !isOpen ? verdict : { ...verdict, outside, isOpen };
}

function isDevice(path: string): boolean {
  return /^\/(dev|proc|sys)\//.test(path);
}

type Answer = 'yes' | 'maybe' | 'no';

/** What each taking means for the data by how far its path reaches. */
const answers: Readonly<
  Record<
    Taking,
    Readonly<
      Record<Exclude<Reach, 'none'>, Answer | ((path: string, place: CommandPlace) => Answer)>
    >
  >
> = {
  tree: { inside: 'yes', same: 'yes', over: 'yes', unknown: 'maybe' },
  moved: { inside: 'yes', same: 'yes', over: 'yes', unknown: 'maybe' },
  tracked: { inside: ofGit, same: ofGit, over: ofGit, unknown: mayBeGits },
  untracked: { inside: 'yes', same: 'yes', over: 'yes', unknown: 'maybe' },
  unignored: { inside: 'yes', same: 'yes', over: 'yes', unknown: 'maybe' },
  kept: { inside: ofGit, same: ofGit, over: ofGit, unknown: mayBeGits },
  'put away': { inside: 'yes', same: 'yes', over: 'yes', unknown: 'maybe' },
  file: { inside: 'yes', same: ofDatabase, over: 'no', unknown: 'maybe' },
  change: { inside: 'yes', same: 'yes', over: 'no', unknown: 'maybe' },
  overwrite: { inside: overwriting, same: overwriting, over: 'no', unknown: 'maybe' },
  append: { inside: ofDatabase, same: ofDatabase, over: 'no', unknown: 'no' },
  fill: { inside: 'yes', same: 'yes', over: 'maybe', unknown: 'maybe' },
  below: { inside: 'yes', same: 'yes', over: 'no', unknown: 'maybe' },
};

function answerTo({ path, takes }: Claim, place: CommandPlace): Answer {
  const reach = reachIn(path, place);
  if (reach === 'none') return 'no';
  const answer = answers[takes][reach];
  return typeof answer === 'string' ? answer : answer(path, place);
}

function ofDatabase(path: string, place: CommandPlace): Answer {
  return isDatabase(path, place) ? 'yes' : 'no';
}

function isDatabase(path: string, place: CommandPlace): boolean {
  const { facts } = place;
  const databases = { ...place, facts: { ...facts, dataRoots: facts.databases } };
  return ['inside', 'same'].includes(reachIn(path, databases));
}

function overwriting(path: string, place: CommandPlace): Answer {
  const { facts, isContainer } = place;
  if (isContainer || isDatabase(path, place)) return 'yes';
  if (facts.exists(placedPath(path, place))) return 'yes';
  return isUnknown(path) || isUnknown(place.cwd) || isPattern(path) ? 'maybe' : 'no';
}

/** git touches the data only where it keeps something of it. */
function ofGit(_path: string, { facts }: CommandPlace): Answer {
  return facts.dataRoots.some(facts.mayBeTracked) ? 'yes' : 'no';
}

function mayBeGits(path: string, place: CommandPlace): Answer {
  return ofGit(path, place) === 'yes' ? 'maybe' : 'no';
}

/** What each taking means beside the data; what is added to, or put away by git, is not lost. */
const outsideTakings: Readonly<Record<Taking, NamedPath['takes'] | null>> = {
  tree: 'all',
  moved: 'moved',
  tracked: 'tracked',
  untracked: 'untracked',
  unignored: 'unignored',
  kept: null,
  'put away': null,
  file: 'file',
  change: 'file',
  overwrite: 'file',
  append: null,
  fill: 'some',
  below: 'some',
};

function namedOutside({ path, takes }: Claim, place: CommandPlace): readonly NamedPath[] {
  const taken = outsideTakings[takes];
  if (place.isContainer || taken === null) return [];
  const placed = placedPath(path, place);
  if (isUnknown(placed)) {
    const folder = knownFolder(placed);
    return folder === '' ? [] : [{ path: folder, takes: 'some' }];
  }
  const reach = reachIn(path, place);
  const isBeside = reach === 'none' || (reach === 'over' && taken !== 'file');
  // A pattern that names the data may name others, too.
  return isBeside || isPattern(placed) ? [{ path: placed, takes: taken }] : [];
}

/** The folder that a path with a hole lies in for certain; empty where there is none. */
function knownFolder(placed: string): string {
  const known = placed.slice(0, placed.indexOf(unknownText));
  return known.slice(0, known.lastIndexOf('/'));
}

/** True where something goes, and nothing tells in which folder. */
function isUntold({ path, takes }: Claim, place: CommandPlace): boolean {
  const taken = outsideTakings[takes];
  if (place.isContainer || taken === null || taken === 'moved') return false;
  const placed = placedPath(path, place);
  const reach = reachIn(path, place);
  return isUnknown(placed) && knownFolder(placed) === '' && reach !== 'inside' && reach !== 'same';
}
