// What SNAPSHOT on a command line names. A name that fits several snapshots is refused, never guessed.

import type { Reason } from '../documents/documents.ts';
import { closest } from '../edit-distance.ts';
import { EngineError } from '../errors.ts';
import { parseSnapshotId, shortSnapshotId } from '../snapshot-id.ts';

/** What the resolver needs to know of a snapshot. */
export interface NamedSnapshot {
  readonly id: string;
  readonly label: string | null;
  readonly reason: Reason;
}

/** Longest label in characters (code points). */
const maxLabelLength = 120;

const minPartLength = 4;
const maxIdsNamed = 8;
const listHint = 'savepoint list';

/**
 * The entry that `text` names: a whole id, `latest`, `latest~N`, a label, or the unique beginning or
 * end of an id with at least 4 characters. Ids are compared without case, labels with it.
 * @param newestFirst all snapshots of the project in the order of taking, newest first.
 * @throws EngineError SNAPSHOT_NOT_FOUND with the nearest name as hint
 * @throws EngineError SNAPSHOT_AMBIGUOUS with the whole ids of what it fits
 */
export function resolveSnapshot<T extends NamedSnapshot>(
  text: string,
  newestFirst: readonly T[],
): T {
  const back = parseLatest(text);
  if (back !== undefined) return resolveLatest(text, back, newestFirst);
  if (text === 'live') {
    throw new EngineError('SNAPSHOT_NOT_FOUND', '"live" is the data as it is now, not a snapshot', {
      hint: listHint,
    });
  }
  const whole = parseSnapshotId(text);
  const fits = newestFirst.filter(whole === undefined ? fitter(text) : (one) => one.id === whole);
  const [only, second] = fits;
  if (only === undefined) throw notFound(text, newestFirst);
  if (second !== undefined) throw ambiguous(text, fits);
  return only;
}

/**
 * The label as it is kept: Unicode form NFC, without white space around it; null for none.
 * @throws EngineError LABEL_INVALID too long, control characters, or what SNAPSHOT would read otherwise
 */
export function checkLabel(text: string): string | null {
  const label = text.normalize('NFC').trim();
  if (label === '') return null;
  const problem = labelProblem(label);
  if (problem === undefined) return label;
  throw new EngineError('LABEL_INVALID', `label ${problem}`, { hint: 'choose another one' });
}

function labelProblem(label: string): string | undefined {
  const length = Array.from(label).length;
  if (length > maxLabelLength) {
    return `has ${length} characters, ${maxLabelLength} are allowed`;
  }
  if (/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(label)) return 'holds a line break or a control character';
  if (/^live$/i.test(label)) return '"live" means the data as it is now';
  if (/^latest/i.test(label)) return 'begins with "latest", which means the newest snapshot';
  if (/^\d{8}T\d{6}Z/i.test(label)) return 'is shaped like the id of a snapshot';
  return undefined;
}

/** How many snapshots before the newest one; undefined where `text` is not of this form. */
function parseLatest(text: string): number | undefined {
  const match = /^latest(?:~(\d{1,9}))?$/.exec(text);
  return match === null ? undefined : Number(match[1] ?? 0);
}

function resolveLatest<T extends NamedSnapshot>(
  text: string,
  back: number,
  newestFirst: readonly T[],
): T {
  const counted = newestFirst.filter((one) => one.reason !== 'safety');
  const entry = counted[back];
  if (entry !== undefined) return entry;
  if (counted.length === 0) {
    throw new EngineError('SNAPSHOT_NOT_FOUND', 'no snapshot yet', { hint: 'savepoint snapshot' });
  }
  throw new EngineError('SNAPSHOT_NOT_FOUND', `no snapshot "${text}"`, {
    hint: `the oldest is latest~${counted.length - 1}; ${listHint}`,
  });
}

function fitter(text: string): (one: NamedSnapshot) => boolean {
  const label = text.normalize('NFC').trim();
  const part = text.length >= minPartLength ? text.toLowerCase() : undefined;
  return ({ id, label: own }) => {
    if (own !== null && own.normalize('NFC') === label) return true;
    if (part === undefined) return false;
    const lower = id.toLowerCase();
    return lower.startsWith(part) || lower.endsWith(part);
  };
}

function notFound(text: string, entries: readonly NamedSnapshot[]): EngineError {
  if (entries.length === 0) {
    return new EngineError('SNAPSHOT_NOT_FOUND', `no snapshot "${text}": there is none yet`, {
      hint: 'savepoint snapshot',
    });
  }
  const names = entries.flatMap(({ id, label }) => [
    shortSnapshotId(id),
    ...(label === null ? [] : [label]),
    id,
  ]);
  const near = text.startsWith('latest') ? 'latest or latest~N' : quoted(closest(text, names));
  return new EngineError('SNAPSHOT_NOT_FOUND', `no snapshot "${text}"`, {
    hint: near === undefined ? listHint : `did you mean ${near}? ${listHint}`,
  });
}

function ambiguous(text: string, fits: readonly NamedSnapshot[]): EngineError {
  const ids = fits.slice(0, maxIdsNamed).map(({ id }) => id);
  const more = fits.length - ids.length;
  return new EngineError('SNAPSHOT_AMBIGUOUS', `"${text}" fits ${fits.length} snapshots`, {
    hint: more === 0 ? ids.join(', ') : `${ids.join(', ')} and ${more} more; ${listHint}`,
  });
}

function quoted(name: string | undefined): string | undefined {
  return name === undefined || /^[0-9a-zTZ-]+$/.test(name) ? name : `"${name}"`;
}
