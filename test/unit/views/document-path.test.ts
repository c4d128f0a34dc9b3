import { deepStrictEqual, strictEqual } from 'node:assert';
import fc from 'fast-check';
import { nameFromBytes } from '../../../src/core/names.ts';
import {
  decodeSegment,
  documentPath,
  encodeSegment,
  namesOfDocumentPath,
  tableRowsSegment,
  tableOfRowsName,
} from '../../../src/core/views/document-path.ts';
import { tableRowsText } from '../../../src/core/views/table-rows-text.ts';
import { escapeMarkdown } from '../../../src/core/views/markdown.ts';

const nameBytes = fc
  .uint8Array({ minLength: 1, maxLength: 12 })
  .filter((bytes) => !bytes.includes(0) && !bytes.includes(0x2f));

describe('documentPath', () => {
  it('writes ordinary names as they are', () => {
    strictEqual(documentPath('data/größe 50%/a#b?.txt'), '/data/größe 50%/a#b?.txt');
  });

  it('writes bytes that are not UTF-8 so that an address can hold them', () => {
    strictEqual(documentPath('data/\udcff%FF'), '/data/%FF%25FF');
  });

  it('gives every name of bytes back, in valid Unicode on the way', () => {
    fc.assert(
      fc.property(fc.array(nameBytes, { minLength: 1, maxLength: 4 }), (parts) => {
        const names = parts.map((bytes) => nameFromBytes(bytes));
        const path = documentPath(names.join('/'));
        strictEqual(path.isWellFormed(), true);
        deepStrictEqual(namesOfDocumentPath(path), names);
      }),
    );
  });

  it('is undone by reading, for texts full of signs', () => {
    const text = fc.string({ unit: fc.constantFrom('%', '2', '5', 'F', '/', 'a', '\udc80', '😀') });
    fc.assert(
      fc.property(text, (name) => {
        strictEqual(decodeSegment(encodeSegment(name)), name);
        strictEqual(encodeSegment(name).includes('/'), false);
      }),
    );
  });
});

describe('tableRowsSegment', () => {
  it('keeps a table whose name has a slash one document', () => {
    const [name = ''] = namesOfDocumentPath(`/${tableRowsSegment('a/b.jsonl')}`);
    deepStrictEqual(
      [name, tableOfRowsName(name), tableOfRowsName('schema.sql')],
      ['a/b.jsonl.jsonl', 'a/b.jsonl', undefined],
    );
  });
});

describe('tableRowsText', () => {
  it('is one row a line and says how many it leaves out', () => {
    strictEqual(
      tableRowsText(
        [
          { a: 1, b: 'x\ny' },
          { a: null, b: { int: '9007199254740993' } },
        ],
        204_802,
      ),
      '{"a":1,"b":"x\\ny"}\n{"a":null,"b":{"int":"9007199254740993"}}\n{"...":"204,800 more rows"}\n',
    );
    strictEqual(tableRowsText([], 0), '');
  });
});

describe('escapeMarkdown', () => {
  it('leaves no link, image, icon, tag or emphasis', () => {
    strictEqual(
      escapeMarkdown('![x](y) $(zap) <b> *a* `c` & | ~'),
      String.raw`\!\[x\]\(y\) \$\(zap\) &lt;b\> \*a\* \`c\` &amp; \| \~`,
    );
  });
});
