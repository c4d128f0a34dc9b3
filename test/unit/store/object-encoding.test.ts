import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  decodeObject,
  encodeDelta,
  encodeObject,
  hashOf,
  memberName,
  parseMemberName,
  proveDictionaries,
} from '../../../src/engine/store/object-encoding.ts';
import { parseTarHeader, tarHeaders } from '../../../src/engine/store/tar.ts';

describe('encodeObject', () => {
  it('compresses where that saves at least a tenth and keeps the rest as it is', () => {
    const text = Buffer.from('{"page": "about savepoint"}\n'.repeat(200));
    const noise = randomBytes(4000);
    assert.equal(encodeObject(text, hashOf(text)).encoding, 'zstd');
    assert.equal(encodeObject(noise, hashOf(noise)).encoding, 'raw');
    assert.equal(encodeObject(Buffer.from('short'), hashOf(Buffer.from('short'))).encoding, 'raw');
  });
});

describe('encodeDelta', () => {
  const base = randomBytes(65_536);
  const changed = Buffer.from(base);
  changed.write('something else', 4096);

  it('stores a chunk with a few changed bytes in a few hundred, and brings it back exactly', () => {
    const delta = encodeDelta(changed, hashOf(changed), { hash: hashOf(base), bytes: base });
    assert.ok(delta !== undefined && delta.bytes.length < 500);
    assert.deepStrictEqual(decodeObject(delta.bytes, 'delta', base), changed);
  });

  it('is not used where it would be larger than half of the content', () => {
    const other = randomBytes(65_536);
    assert.equal(encodeDelta(other, hashOf(other), { hash: hashOf(base), bytes: base }), undefined);
  });

  it('is not used with a base that zstd would take for a trained dictionary', () => {
    const magic = Buffer.from(base);
    magic.writeUInt32LE(0xec30a437, 0);
    assert.equal(
      encodeDelta(changed, hashOf(changed), { hash: hashOf(magic), bytes: magic }),
      undefined,
    );
  });
});

describe('memberName', () => {
  it('fits an ordinary tar header in every encoding and is read back', () => {
    const hash = 'a'.repeat(64);
    for (const object of [
      { hash, encoding: 'raw', base: null },
      { hash, encoding: 'zstd', base: null },
      { hash, encoding: 'delta', base: 'b'.repeat(64) },
    ] as const) {
      const member = parseTarHeader(tarHeaders(0)(memberName(object), 10));
      assert.deepStrictEqual(parseMemberName(member?.name ?? ''), object);
    }
    assert.equal(parseMemberName('snapshots/20261120T143205Z-k3f9.json'), undefined);
  });
});

describe('proveDictionaries', () => {
  it('passes on the Node that runs here', () => {
    assert.doesNotThrow(proveDictionaries);
  });
});
