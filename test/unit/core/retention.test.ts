import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Reason } from '../../../src/core/documents/documents.ts';
import {
  defaultRetention,
  parseSize,
  planPrune,
  protectedSafetySnapshots,
  retentionRules,
  type PrunableSnapshot,
  type RetentionRules,
} from '../../../src/core/snapshots/retention.ts';

const rules = (keep: number, maxBytes: number | null = null): RetentionRules => ({
  keepLast: { manual: keep, guard: keep, safety: keep, schedule: keep, import: keep },
  maxBytes,
});

/** `m5 g4 !m3 s2`: reason by letter, `!` for pinned, newest first. */
function snapshots(text: string): readonly PrunableSnapshot[] {
  const reasons: Record<string, Reason> = {
    m: 'manual',
    g: 'guard',
    s: 'safety',
    t: 'schedule',
    i: 'import',
  };
  return text.split(' ').map((word) => {
    const id = word.replace('!', '');
    return { id, reason: reasons[id.charAt(0)] ?? 'manual', pinned: word.startsWith('!') };
  });
}

function prune(text: string, keep: number, maxBytes: number | null = null, bytesEach = 10) {
  const newestFirst = snapshots(text);
  const bytesWithout = (ids: readonly string[]): number =>
    (newestFirst.length - ids.length) * bytesEach;
  return planPrune({ newestFirst, rules: rules(keep, maxBytes), bytesWithout });
}

describe('planPrune', () => {
  it('keeps the newest of each reason, and says why', () => {
    deepStrictEqual(prune('m9 g8 m7 g6 !m5 m4 g3 t2 i1', 2), {
      deleted: [
        { id: 'g3', why: 'not among the last 2 of its kind' },
        { id: 'm4', why: 'not among the last 2 of its kind' },
      ],
      kept: [
        { id: 'm9', why: 'newest' },
        { id: 'g8', why: 'by the guard (last 2)' },
        { id: 'm7', why: 'by hand (last 2)' },
        { id: 'g6', why: 'by the guard (last 2)' },
        { id: 'm5', why: 'pinned' },
        { id: 't2', why: 'scheduled (last 2)' },
        { id: 'i1', why: 'imported (last 2)' },
      ],
    });
  });

  it('keeps the newest one and the newest safety snapshots whatever the rules say', () => {
    const { deleted, kept } = prune('m7 s6 s5 s4 s3 m2', 0, 1);
    deepStrictEqual(
      [deleted.map(({ id }) => id), kept.map(({ id }) => id)],
      [
        ['m2', 's3'],
        ['m7', 's6', 's5', 's4'],
      ],
    );
  });

  it('takes the oldest above the size cap, no more than needed', () => {
    const { deleted, kept } = prune('m6 m5 m4 !m3 m2 m1', 10, 40);
    deepStrictEqual(deleted, [
      { id: 'm1', why: 'over 40 B, oldest first' },
      { id: 'm2', why: 'over 40 B, oldest first' },
    ]);
    strictEqual(kept.length, 4);
  });

  it('takes nothing that would not help where the cap cannot be met', () => {
    const newestFirst = snapshots('m4 !m3 m2 m1');
    // Only m1 has bytes of its own; the pinned one has all the others.
    const bytesWithout = (ids: readonly string[]): number => (ids.includes('m1') ? 100 : 110);
    const plan = planPrune({ newestFirst, rules: rules(10, 50), bytesWithout });
    deepStrictEqual(
      plan.deleted.map(({ id }) => id),
      ['m1'],
    );
  });

  it('never asks for the size where there is no cap', () => {
    const bytesWithout = (): number => {
      throw new Error('asked');
    };
    planPrune({ newestFirst: snapshots('m2 m1'), rules: rules(1), bytesWithout });
  });

  it('answers an empty plan for an empty project', () => {
    deepStrictEqual(
      planPrune({ newestFirst: [], rules: defaultRetention, bytesWithout: () => 0 }),
      { deleted: [], kept: [] },
    );
  });

  const anySnapshot = fc.record({
    reason: fc.constantFrom<Reason>('manual', 'guard', 'safety', 'schedule', 'import'),
    pinned: fc.boolean(),
    /** Objects that the snapshot needs: shared ones are freed only with the last that needs them. */
    objects: fc.uniqueArray(fc.nat(12), { maxLength: 5 }),
  });
  const anyStore = fc
    .array(anySnapshot, { maxLength: 25 })
    .map((all) => all.map((one, index) => ({ ...one, id: `${all.length - index}` })));

  const anyRules = fc.record({
    keepLast: fc.record({
      manual: fc.nat(6),
      guard: fc.nat(6),
      safety: fc.nat(6),
      schedule: fc.nat(6),
      import: fc.nat(6),
    }),
    maxBytes: fc.option(fc.nat(130)),
  });

  it('never drops what is pinned, the newest, or the newest safety snapshots; and is idempotent', () => {
    fc.assert(
      fc.property(anyStore, anyRules, (all, rules) => {
        const plan = (rest: typeof all) => {
          const bytesWithout = (ids: readonly string[]): number =>
            10 * new Set(rest.flatMap(({ id, objects }) => (ids.includes(id) ? [] : objects))).size;
          return planPrune({ newestFirst: rest, rules, bytesWithout });
        };
        const { deleted, kept } = plan(all);
        const gone = new Set(deleted.map(({ id }) => id));
        deepStrictEqual(
          [...gone, ...kept.map(({ id }) => id)].toSorted(),
          all.map(({ id }) => id).toSorted(),
        );
        ok(deleted.every(({ why }) => why !== '') && kept.every(({ why }) => why !== ''));
        const safety = all.filter(({ reason }) => reason === 'safety');
        const untouchable = [
          ...all.filter(({ pinned }) => pinned),
          ...all.slice(0, 1),
          ...safety.slice(0, protectedSafetySnapshots),
        ];
        ok(untouchable.every(({ id }) => !gone.has(id)));
        const again = plan(all.filter(({ id }) => !gone.has(id)));
        deepStrictEqual(again.deleted, []);
      }),
    );
  });
});

describe('retentionRules', () => {
  it('takes counts and a cap where they are given, and its defaults elsewhere', () => {
    const nothing = { keepLast: {}, maxBytes: undefined };
    deepStrictEqual(retentionRules(nothing), defaultRetention);
    deepStrictEqual(retentionRules({ keepLast: { guard: 0 }, maxBytes: 1024 }), {
      keepLast: { ...defaultRetention.keepLast, guard: 0 },
      maxBytes: 1024,
    });
    strictEqual(retentionRules({ ...nothing, maxBytes: 'none' }).maxBytes, null);
  });
});

describe('parseSize', () => {
  it('reads sizes with and without unit', () => {
    const cases = {
      '5GB': 5 * 1024 ** 3,
      '1.5 GiB': 1.5 * 1024 ** 3,
      '512 mb': 512 * 1024 ** 2,
      '800k': 800 * 1024,
      ' 12 ': 12,
      '12 b': 12,
      '2T': 2 * 1024 ** 4,
      '': undefined,
      GB: undefined,
      '-1': undefined,
      '5 GBB': undefined,
      '1e3': undefined,
      '99999999T': undefined,
    };
    const parsed = Object.keys(cases).map((text) => [text, parseSize(text)]);
    deepStrictEqual(Object.fromEntries(parsed), cases);
    strictEqual(parseSize(4096), 4096);
  });
});
