import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { TreeEntry } from '../../../src/engine/store/store.ts';
import {
  decodeTree,
  encodeTree,
  escapeName,
  unescapeName,
} from '../../../src/engine/store/tree-format.ts';
import { nameFromBytes } from '../../../src/core/names.ts';

const path = fc
  .uint8Array({ minLength: 1, maxLength: 255 })
  .filter((bytes) => !bytes.includes(0))
  .map(nameFromBytes);
/** What a file can be named. */
const name = path.filter((text) => !text.includes('/') && text !== '.' && text !== '..');
const hash = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));
const facts = {
  name,
  mode: fc.integer({ min: 0, max: 0o7777 }),
  uid: fc.nat(),
  gid: fc.nat(),
  mtimeNs: fc.bigInt({ min: -4_000_000_000_000_000_000n, max: 4_000_000_000_000_000_000n }),
};
const entry: fc.Arbitrary<TreeEntry> = fc.oneof(
  fc.record(
    { kind: fc.constant('directory' as const), ...facts, content: hash },
    { noNullPrototype: true },
  ),
  fc.record(
    { kind: fc.constant('symlink' as const), ...facts, target: path },
    { noNullPrototype: true },
  ),
  fc.record(
    {
      kind: fc.constantFrom('file' as const, 'database' as const),
      ...facts,
      size: fc.nat(),
      content: hash,
      chunked: fc.boolean(),
      hardlink: fc.oneof(fc.constant(''), path),
    },
    { noNullPrototype: true },
  ),
);

describe('encodeTree', () => {
  it('is undone by decodeTree for every kind of entry and every name', () => {
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        assert.deepStrictEqual(decodeTree(encodeTree(entries)), entries);
      }),
    );
  });

  it('writes one line of plain ASCII an entry, whatever the names are', () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1 }), (entries) => {
        assert.match(encodeTree(entries).toString('latin1'), /^([!-~]+( [!-~]+)*\n)+$/);
      }),
    );
  });

  it('refuses a line that is cut short', () => {
    assert.throws(() => decodeTree(Buffer.from('f 644 1.000000000 0 0\n')), {
      code: 'STORE_DAMAGED',
    });
  });

  it('refuses names that no file can have, and that would lead a restore elsewhere', () => {
    for (const bad of ['', '.', '..', '../x', 'a/b', '/etc', 'a\0b']) {
      const line = `f 644 1.000000000 0 0 1 ${'0'.repeat(64)} ${escapeName(bad)}\n`;
      assert.throws(() => decodeTree(Buffer.from(line)), { code: 'STORE_DAMAGED' }, bad);
    }
    const outside = `d 755 1.000000000 0 0 - ${'0'.repeat(64)} /\n`;
    assert.equal(decodeTree(Buffer.from(outside))[0]?.name, '/');
  });
});

describe('escapeName', () => {
  it('leaves plain names as they are and writes the rest in octal', () => {
    const check = (text: string, escaped: string): void => {
      assert.equal(escapeName(text), escaped);
      assert.equal(unescapeName(escaped), text);
    };
    check('plan.json', 'plan.json');
    check('a b', 'a\\0040b');
    check('line\nbreak', 'line\\0012break');
    check('back\\0040slash', 'back\\01340040slash');
    check('\udcff', '\\0377');
    check('é', '\\0303\\0251');
  });
});
