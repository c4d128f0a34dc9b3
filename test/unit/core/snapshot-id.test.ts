import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { makeSnapshotId, parseSnapshotId, shortSnapshotId } from '../../../src/core/snapshot-id.ts';

const nowMs = Date.parse('2026-11-20T14:32:05.987Z');
const zeros = (n: number): Uint8Array => new Uint8Array(n);
const letters = (n: number): Uint8Array => new Uint8Array(n).fill(10);

describe('makeSnapshotId', () => {
  it('is the UTC stamp, a dash, and four letters and digits', () => {
    match(makeSnapshotId(nowMs, randomBytes), /^20261120T143205Z-[0-9a-z]{4}$/);
    strictEqual(makeSnapshotId(nowMs, letters), '20261120T143205Z-aaaa');
  });

  it('never ends in digits alone, which could begin a date', () => {
    let draw = 0;
    const id = makeSnapshotId(nowMs, (n) => (draw++ === 0 ? zeros(n) : letters(n)));
    strictEqual(id, '20261120T143205Z-aaaa');
  });

  it('draws again for a suffix that another snapshot has, and a longer one where too many are taken', () => {
    const id = makeSnapshotId(nowMs, letters, (suffix) => suffix.length < 6);
    strictEqual(id, '20261120T143205Z-aaaaaa');
  });

  it('makes ids that parse', () => {
    const anyTime = fc.date({
      min: new Date('1970-01-01'),
      max: new Date('9999-12-31'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(anyTime, fc.infiniteStream(fc.nat(255)), (date, bytes) => {
        const id = makeSnapshotId(date.getTime(), (n) => Uint8Array.from(bytes.take(n)));
        strictEqual(parseSnapshotId(id), id);
        strictEqual(parseSnapshotId(id.toLowerCase()), id);
        strictEqual(id, `${id.slice(0, 17)}${shortSnapshotId(id)}`);
      }),
    );
  });
});

describe('parseSnapshotId', () => {
  it('takes whole ids in any case, nothing else', () => {
    const cases = {
      '20261120T143205Z-k3f9': '20261120T143205Z-k3f9',
      '20261120t143205z-K3F9': '20261120T143205Z-k3f9',
      '20261120T143205Z-k3f9zz': '20261120T143205Z-k3f9zz',
      '20261120T143205Z-k3f': undefined,
      '20261120T143205Z': undefined,
      k3f9: undefined,
      '20260231T143205Z-k3f9': undefined,
      '20261120T243205Z-k3f9': undefined,
      '20261120T143205Z-k3_9': undefined,
      '20261120T143205Z-k3f9\n': undefined,
    };
    const parsed = Object.keys(cases).map((text) => [text, parseSnapshotId(text)]);
    deepStrictEqual(Object.fromEntries(parsed), cases);
  });
});
