// Which snapshots may go, and why. Every reason keeps its own newest ones, and above the size cap the
// oldest go first.

import type { Reason } from '../documents/documents.ts';
import { formatBytes } from '../format/numbers.ts';
import { reasonWords } from './snapshot-words.ts';

export interface RetentionRules {
  /** How many of the newest of each reason stay; pinned ones do not count. */
  readonly keepLast: Readonly<Record<Reason, number>>;
  /** Bytes that the store may have; null for no cap. */
  readonly maxBytes: number | null;
}

/**
 * What holds where savepoint.json says nothing: by hand 100, guard 50, before a restore 10,
 * scheduled 50, imported 100, and 5 GB for all of them.
 */
export const defaultRetention: RetentionRules = {
  keepLast: { manual: 100, guard: 50, safety: 10, schedule: 50, import: 100 },
  maxBytes: 5 * 1024 ** 3,
};

/** As many of the newest safety snapshots stay whatever the rules say: an undo of the undo needs them. */
export const protectedSafetySnapshots = 3;

/** `retention` of savepoint.json. */
export interface RetentionConfig {
  /** Snapshots kept per reason; one number in the file goes for all of them. */
  readonly keepLast: Readonly<Partial<Record<Reason, number>>>;
  /** Bytes; `none` for no cap. */
  readonly maxBytes: number | 'none' | undefined;
}

export interface PrunableSnapshot {
  readonly id: string;
  readonly reason: Reason;
  readonly pinned: boolean;
}

export interface PruneInput {
  /** All snapshots of the project in the order of taking, newest first. */
  readonly newestFirst: readonly PrunableSnapshot[];
  readonly rules: RetentionRules;
  /**
   * Bytes of the store without the named snapshots; never more for more of them. Called a few times
   * (it is searched by halves), and not at all where there is no cap.
   */
  readonly bytesWithout: (ids: readonly string[]) => number;
}

export interface PruneDecision {
  readonly id: string;
  /** In words that follow a count, e.g. `by hand (last 10)`, or stand behind a snapshot. */
  readonly why: string;
}

export interface PrunePlan {
  /** Oldest first. */
  readonly deleted: readonly PruneDecision[];
  /** Newest first. */
  readonly kept: readonly PruneDecision[];
}

/**
 * Decides for every snapshot whether it stays. Never deletes a pinned one, the newest one or the newest
 * safety snapshots. Above the cap it takes no more than helps: where the rest cannot be brought under
 * it, what would free nothing stays. Planning again after the plan was carried out deletes nothing.
 */
export function planPrune({ newestFirst, rules, bytesWithout }: PruneInput): PrunePlan {
  const why = new Map<string, { words: string; firm: boolean }>();
  for (const keep of keepers(rules)) {
    for (const [id, words] of keep.pick(newestFirst)) {
      if (!why.has(id)) why.set(id, { words, firm: keep.firm });
    }
  }
  const oldestFirst = newestFirst.toReversed();
  const deleted: PruneDecision[] = oldestFirst
    .filter(({ id }) => !why.has(id))
    .map(({ id, reason }) => ({
      id,
      why: `not among the last ${rules.keepLast[reason]} of its kind`,
    }));
  if (rules.maxBytes !== null) {
    const loose = oldestFirst.filter(({ id }) => why.get(id)?.firm === false).map(({ id }) => id);
    const gone = deleted.map(({ id }) => id);
    const count = fewestUnderCap(rules.maxBytes, loose, (ids) => bytesWithout([...gone, ...ids]));
    const words = `over ${formatBytes(rules.maxBytes)}, oldest first`;
    deleted.push(...loose.slice(0, count).map((id) => ({ id, why: words })));
  }
  const isDeleted = new Set(deleted.map(({ id }) => id));
  const order = new Map(oldestFirst.map(({ id }, index) => [id, index]));
  return {
    deleted: deleted.toSorted((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0)),
    kept: newestFirst
      .filter(({ id }) => !isDeleted.has(id))
      .map(({ id }) => ({ id, why: why.get(id)?.words ?? '' })),
  };
}

/** A rule that keeps some of the snapshots; a firm one holds above the size cap, too. */
interface Keeper {
  readonly firm: boolean;
  readonly pick: (newestFirst: readonly PrunableSnapshot[]) => Iterable<readonly [string, string]>;
}

/** In the order in which they give the reason for keeping. A calendar tier is one more entry. */
function keepers(rules: RetentionRules): readonly Keeper[] {
  const newestSafety = (all: readonly PrunableSnapshot[]) =>
    all.filter(({ reason }) => reason === 'safety').slice(0, protectedSafetySnapshots);
  return [
    {
      firm: true,
      pick: (all) => all.filter(({ pinned }) => pinned).map(({ id }) => [id, 'pinned']),
    },
    { firm: true, pick: (all) => newestSafety(all).map(({ id }) => [id, 'newest safety']) },
    { firm: true, pick: (all) => all.slice(0, 1).map(({ id }) => [id, 'newest']) },
    ...reasons.map((own) => ({
      firm: false,
      pick: (all: readonly PrunableSnapshot[]) =>
        all
          .filter(({ reason, pinned }) => reason === own && !pinned)
          .slice(0, rules.keepLast[own])
          .map(({ id }) => [id, `${reasonWords[own]} (last ${rules.keepLast[own]})`] as const),
    })),
  ];
}

const reasons = Object.keys(reasonWords) as readonly Reason[];

/** How many of `loose`, oldest first, must go until the store is under the cap, or until more would not help. */
function fewestUnderCap(
  capBytes: number,
  loose: readonly string[],
  bytesWithout: (ids: readonly string[]) => number,
): number {
  const target = Math.max(capBytes, bytesWithout(loose));
  let [low, high] = [0, loose.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bytesWithout(loose.slice(0, middle)) <= target) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The rules that savepoint.json asks for, defaults where it is silent. */
export function retentionRules({
  keepLast,
  maxBytes,
}: Pick<RetentionConfig, 'keepLast' | 'maxBytes'>): RetentionRules {
  return {
    keepLast: { ...defaultRetention.keepLast, ...keepLast },
    maxBytes: maxBytes === 'none' ? null : (maxBytes ?? defaultRetention.maxBytes),
  };
}

const unitBytes: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
};

/** Bytes of `"5GB"`, `"1.5 GiB"`, `"512 MB"`, `"800k"` or a number; 1 KB is 1,024 bytes. Undefined where it is no size. */
export function parseSize(value: string | number): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(?:([kmgt])(?:i?b)?|b)?\s*$/i.exec(String(value));
  if (match === null) return undefined;
  const bytes = Number(match[1]) * (unitBytes[(match[2] ?? '').toLowerCase()] ?? 1);
  return Number.isSafeInteger(Math.round(bytes)) ? Math.round(bytes) : undefined;
}
