import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { decodeResult, encodeResult } from '../../../src/core/protocol.ts';

function overTheWire(result: unknown): unknown {
  return decodeResult(JSON.parse(JSON.stringify(encodeResult(result))));
}

describe('encodeResult', () => {
  it('brings bytes back as they were, also from the middle of a larger buffer', () => {
    const bytes = Buffer.from([9, 0, 255, 128, 9]).subarray(1, 4);
    const back = overTheWire(bytes);
    ok(Buffer.isBuffer(back));
    deepStrictEqual([...back], [0, 255, 128]);
    deepStrictEqual(overTheWire(new Uint8Array()), Buffer.alloc(0));
  });

  it('leaves documents alone, names that are not UTF-8 included', () => {
    const document = { path: 'caf\udce9', deep: [{ name: '\udc80' }], none: null };
    deepStrictEqual(overTheWire(document), document);
    strictEqual(JSON.stringify(document).includes('\\udce9'), true);
    strictEqual(overTheWire(undefined), null);
  });
});
