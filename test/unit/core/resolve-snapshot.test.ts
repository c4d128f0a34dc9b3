import { deepStrictEqual, strictEqual, throws } from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Reason } from '../../../src/core/documents/documents.ts';
import { closest, editDistance } from '../../../src/core/edit-distance.ts';
import { EngineError } from '../../../src/core/errors.ts';
import { checkLabel, resolveSnapshot } from '../../../src/core/snapshots/resolve-snapshot.ts';

function snapshot(id: string, label: string | null, reason: Reason = 'manual') {
  return { id, label, reason };
}

const list = [
  snapshot('20261120T144001Z-t8wn', null, 'safety'),
  snapshot('20261120T143205Z-k3f9', 'Before migration'),
  snapshot('20261120T133101Z-p7qa', null, 'guard'),
  snapshot('20261119T152000Z-m2xd', 'seed'),
  snapshot('20261118T152000Z-seed', 'Twice'),
  snapshot('20261117T152000Z-b5cz', 'Twice'),
];

/** `CODE message: hint`, or the short id that was found. */
function resolved(text: string, all = list): string {
  try {
    return resolveSnapshot(text, all).id.slice(17);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return `${error.code} ${error.message}: ${error.hint}`;
  }
}

function check(cases: Readonly<Record<string, string>>, all = list): void {
  const found = Object.keys(cases).map((text) => [text, resolved(text, all)]);
  deepStrictEqual(Object.fromEntries(found), cases);
}

describe('resolveSnapshot', () => {
  it('takes a whole id, a beginning or an end of one, in any case', () => {
    check({
      '20261120T143205Z-k3f9': 'k3f9',
      '20261120t143205z-K3F9': 'k3f9',
      k3f9: 'k3f9',
      K3F9: 'k3f9',
      '05Z-k3f9': 'k3f9',
      '20261119': 'm2xd',
      '20261119T15': 'm2xd',
    });
  });

  it('takes a label as it was given', () => {
    check({
      'Before migration': 'k3f9',
      ' Before migration ': 'k3f9',
      'before migration':
        'SNAPSHOT_NOT_FOUND no snapshot "before migration": did you mean "Before migration"? savepoint list',
    });
    const composed = [snapshot('20261120T143205Z-k3f9', 'caf\u00e9')];
    check({ 'cafe\u0301': 'k3f9' }, composed);
  });

  it('counts latest~N by order of taking and never counts a safety snapshot', () => {
    check({
      latest: 'k3f9',
      'latest~0': 'k3f9',
      'latest~1': 'p7qa',
      'latest~4': 'b5cz',
      'latest~5':
        'SNAPSHOT_NOT_FOUND no snapshot "latest~5": the oldest is latest~4; savepoint list',
      'latest-1':
        'SNAPSHOT_NOT_FOUND no snapshot "latest-1": did you mean latest or latest~N? savepoint list',
    });
    check({ latest: 'SNAPSHOT_NOT_FOUND no snapshot yet: savepoint snapshot' }, list.slice(0, 1));
  });

  it('refuses what fits several, with their whole ids', () => {
    check({
      Twice:
        'SNAPSHOT_AMBIGUOUS "Twice" fits 2 snapshots: 20261118T152000Z-seed, 20261117T152000Z-b5cz',
      seed: 'SNAPSHOT_AMBIGUOUS "seed" fits 2 snapshots: 20261119T152000Z-m2xd, 20261118T152000Z-seed',
      '20261120':
        'SNAPSHOT_AMBIGUOUS "20261120" fits 3 snapshots: 20261120T144001Z-t8wn, 20261120T143205Z-k3f9, 20261120T133101Z-p7qa',
    });
  });

  it('suggests the nearest name, and never takes a position or three characters', () => {
    check({
      k3g9: 'SNAPSHOT_NOT_FOUND no snapshot "k3g9": did you mean k3f9? savepoint list',
      k3f: 'SNAPSHOT_NOT_FOUND no snapshot "k3f": did you mean k3f9? savepoint list',
      '1': 'SNAPSHOT_NOT_FOUND no snapshot "1": savepoint list',
      '': 'SNAPSHOT_NOT_FOUND no snapshot "": savepoint list',
      '20261120T143205Z-k3f8':
        'SNAPSHOT_NOT_FOUND no snapshot "20261120T143205Z-k3f8": did you mean 20261120T143205Z-k3f9? savepoint list',
      live: 'SNAPSHOT_NOT_FOUND "live" is the data as it is now, not a snapshot: savepoint list',
    });
    check(
      { k3f9: 'SNAPSHOT_NOT_FOUND no snapshot "k3f9": there is none yet: savepoint snapshot' },
      [],
    );
  });
});

describe('checkLabel', () => {
  it('keeps a label in Unicode form NFC without white space around it', () => {
    strictEqual(checkLabel('  cafe\u0301 "x" \u{1f600} '), 'caf\u00e9 "x" \u{1f600}');
    strictEqual(checkLabel('   '), null);
    strictEqual(checkLabel('x'.repeat(120))?.length, 120);
    strictEqual(checkLabel('\u{1f600}'.repeat(120))?.length, 240);
    strictEqual(checkLabel('alive and latest'), 'alive and latest');
  });

  it('refuses what SNAPSHOT would read otherwise, what is too long, and control characters', () => {
    const taken = ['live', 'LIVE', ' live ', 'latest', 'latest~2', 'Latest seed'];
    const idShaped = ['20261120T143205Z-k3f9', '20261120T143205Z'];
    const control = ['two\nlines', '\u001b[31m', 'a\u2028b', '\udce9'];
    const bad = [...taken, ...idShaped, ...control, 'x'.repeat(121)];
    for (const label of bad) {
      throws(() => checkLabel(label), { name: 'EngineError', code: 'LABEL_INVALID' }, label);
    }
  });

  it('accepts only labels that then name their snapshot', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 130 }), (text) => {
        let label: string | null;
        try {
          label = checkLabel(text);
        } catch {
          return;
        }
        if (label === null) return;
        strictEqual(checkLabel(label), label);
        const only = [snapshot('20261120T143205Z-k3f9', label)];
        strictEqual(resolveSnapshot(label, only), only[0]);
      }),
    );
  });
});

describe('editDistance', () => {
  it('counts insertions, deletions, replacements and swaps', () => {
    deepStrictEqual(
      ['', 'k3f9', 'k3g9', '3kf9', 'k3f', 'xk3f9', 'f9k3'].map((b) => editDistance('k3f9', b)),
      [4, 0, 1, 1, 1, 1, 4],
    );
  });

  it('is a metric in what matters: zero for equals only, the same both ways', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        strictEqual(editDistance(a, b), editDistance(b, a));
        strictEqual(editDistance(a, b) === 0, a === b);
      }),
    );
  });

  it('suggests nothing for what is too far', () => {
    strictEqual(closest('abcd', ['wxyz', 'abyz']), undefined);
    strictEqual(closest('snapshto', ['list', 'snapshot']), 'snapshot');
  });
});
