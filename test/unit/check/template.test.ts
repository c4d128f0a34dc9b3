import { deepStrictEqual, match, notStrictEqual, strictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { mismatchKey } from '../../../src/core/check/mismatch-key.ts';
import type { ColumnValue } from '../../../src/core/check/column-value.ts';
import { renderPaths } from '../../../src/core/check/render-template.ts';
import {
  insidePath,
  parseTemplate,
  templateFolder,
  type PathTemplate,
} from '../../../src/core/check/template.ts';
import { hashText } from '../../../src/engine/check/needed-paths.ts';

function template(text: string): PathTemplate {
  const { template, problem } = parseTemplate(text);
  if (template === undefined) throw new Error(problem);
  return template;
}

/** As text: `kind: 'paths'` with the path of each. */
function render(text: string, row: Readonly<Record<string, ColumnValue>>) {
  const valueOf = (column: string): ColumnValue => row[column] ?? null;
  const rendered = renderPaths(template(text), { valueOf, hashText });
  return rendered.kind === 'paths'
    ? { kind: rendered.kind, paths: rendered.paths.map(({ path }) => path) }
    : rendered;
}

/** The paths of each row, or why there are none. */
function check(
  cases: readonly (readonly [string, Readonly<Record<string, ColumnValue>>, readonly string[]])[],
): void {
  for (const [text, row, paths] of cases) {
    deepStrictEqual(render(text, row), { kind: 'paths', paths }, text);
  }
}

describe('renderPaths', () => {
  it('puts columns into a path', () => {
    check([
      ['files/{path}', { path: 'a/b.png' }, ['files/a/b.png']],
      ['{owner|_default}/{name}', { owner: '', name: 'alpha' }, ['_default/alpha']],
      ['{owner|_default}/{name}', { owner: null, name: 'alpha' }, ['_default/alpha']],
      ['thumbs/{id:07}.webp', { id: 42n }, ['thumbs/0000042.webp']],
      ['lfs/{o:0..2}/{o:2..4}/{o:4..}', { o: 'ab12cd' }, ['lfs/ab/12/cd']],
      ['{icon:url}', { icon: 'https://h/upload/logo%201.png?t=7' }, ['upload/logo 1.png']],
      ['{icon:url}', { icon: '/upload/logo%201.png#x' }, ['upload/logo 1.png']],
      ['public{url}', { url: '/uploads/a.png' }, ['public/uploads/a.png']],
      ['uploads/{path:base}', { path: '/app/data/uploads/x.txt' }, ['uploads/x.txt']],
      ['uploads/{path:base}', { path: String.raw`C:\data\x.txt` }, ['uploads/x.txt']],
      ['{name:stem}-thumb{name:ext}', { name: 'a.b.jpg' }, ['a.b-thumb.jpg']],
      ['{id:lower}', { id: 'AB' }, ['ab']],
      ['s/{uuid}/{data:json.id}', { uuid: 'u', data: '{"id":"x7"}' }, ['s/u/x7']],
      ['{"odd:name"}', { 'odd:name': 'x' }, ['x']],
      ['{{{a}}}', { a: 'x' }, ['{x}']],
      ['m/{name}', { name: 'opus[1m]*' }, ['m/opus[1m]*']],
      ['{id}', { id: 2n ** 60n }, ['1152921504606846976']],
      ['images/{n:md5:0..1}/{n:md5:0..2}/{n}', { n: 'Kitten.png' }, ['images/2/27/Kitten.png']],
      ['{u:sha1:0..4}', { u: 'abc' }, ['a999']],
      ['{u:lower:sha256:0..4}', { u: 'ABC' }, ['ba78']],
      ['f/{at:%Y/%m}/{n}', { at: '2026-12-31 23:59:59', n: 'a' }, ['f/2026/12/a']],
      ['f/{at:%Y-%m-%d}', { at: 1_798_761_599n }, ['f/2026-12-31']],
      ['f/{at:%y%m%d_%H}', { at: '2026-12-31T23:30:00-02:00' }, ['f/270101_01']],
      ['f/{p}', { p: Buffer.from('a/söng.flac') }, ['f/a/söng.flac']],
      ['f/{p}', { p: Buffer.from([0x61, 0xff]) }, ['f/a\udcff']],
      ['f/{p:from.music}', { p: Buffer.from('/srv/music/x.mp3') }, ['f/music/x.mp3']],
      ['f/{n:stem}{n:ext}', { n: 'a\nb.c' }, ['f/a\nb.c']],
    ]);
  });

  it('takes each element of a list, and keeps its fields together', () => {
    check([
      ['f/{a:each}', { a: '["x","y","x"]' }, ['f/x', 'f/y']],
      ['f/{a:each}', { a: '[]' }, []],
      ['f/{a:each}', { a: null }, []],
      ['f/{a:each}', { a: 'bare.png' }, ['f/bare.png']],
      [
        'up/{formats:each.hash}{formats:each.ext}',
        { formats: '{"s":{"hash":"s1","ext":".png"},"l":{"hash":"l1","ext":".jpg"},"n":{}}' },
        ['up/s1.png', 'up/l1.jpg'],
      ],
    ]);
  });

  it('takes what stands after a text, in JSON at any depth and in pages', () => {
    const data = '[{"a":"1"},"filesystem-v2:w/1 a.bin",{"b":["filesystem-v2:w/2","other:w/3"]}]';
    const page = 'see ![x](/up/a.png), <img src="/up/b.png?w=2"> and /up/c.png. No /x/up/d.png';
    check([
      ['st/{d:after."filesystem-v2:"}', { d: data }, ['st/w/1 a.bin', 'st/w/2']],
      ['up/{b:after./up/}', { b: page }, ['up/a.png', 'up/b.png', 'up/c.png']],
      ['up/{b:after./up/:stem}.webp', { b: '/up/a.png' }, ['up/a.webp']],
      ['up/{b:after./up/}', { b: 'nothing' }, []],
      ['up/{b:after./up/}', { b: null }, []],
      ['up/{b:after./up/:url}', { b: '/up/a%20b.png' }, ['up/a b.png']],
    ]);
  });

  it('names a file in any folder', () => {
    const below = (text: string, row: Readonly<Record<string, ColumnValue>>) => {
      const valueOf = (column: string): ColumnValue => row[column] ?? null;
      const rendered = renderPaths(template(text), { valueOf, hashText });
      return rendered.kind === 'paths' ? rendered.paths.map((path) => path.below) : rendered.kind;
    };
    deepStrictEqual(below('files/**/{n}', { n: 'x.bin' }), [{ folder: 'files', path: 'x.bin' }]);
    deepStrictEqual(below('**/{n}/cover.jpg', { n: 'x' }), [{ folder: '', path: 'x/cover.jpg' }]);
    deepStrictEqual(below('{o}/**/{n}', { o: 'a/b', n: '**/x' }), [
      { folder: 'a/b', path: '**/x' },
    ]);
    for (const row of [{ n: '../x' }, { n: 'a\0/b' }, { n: '/' }]) {
      strictEqual(below('files/**/{n}', row), 'unaddressable');
    }
    strictEqual(below('{o}/**/{n}', { o: '..', n: 'x' }), 'unaddressable');
    check([['files/**/{n}', { n: 'x' }, ['files/**/x']]]);
  });

  it('tells rows without a path from those whose path would lead out', () => {
    deepStrictEqual(render('f/{a}', { a: null }), { kind: 'none' });
    deepStrictEqual(render('f/{a}', { a: '' }), { kind: 'empty', column: 'a' });
    for (const value of ['../x', 'a/../../x', '..', 'a\0b']) {
      strictEqual(render('f/{a}', { a: value }).kind, 'unaddressable', value);
    }
    for (const value of ['/etc/passwd', String.raw`C:\x`, '..']) {
      strictEqual(render('{a}', { a: value }).kind, 'unaddressable', value);
    }
  });

  it('never leaves the folder, whatever the columns hold', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('..', '/', '../..', '.', '\0', 'a/..'));
    fc.assert(
      fc.property(piece, piece, (a, b) => {
        const rendered = render('{a}/x/{b}', { a, b });
        if (rendered.kind !== 'paths') return;
        for (const path of rendered.paths) {
          strictEqual(insidePath(path), path);
          strictEqual(path.split('/').includes('..'), false);
        }
      }),
    );
  });
});

describe('parseTemplate', () => {
  it('says what is wrong', () => {
    const problems: readonly (readonly [string, RegExp])[] = [
      ['', /empty/],
      ['files/{a', /without its partner/],
      ['files/a}', /without its partner/],
      ['../{a}', /leads out/],
      ['/etc/{a}', /leads out/],
      ['f/{}', /names no column/],
      ['f/{a:upper}', /unknown "upper", known are/],
      ['{a:each}/{b:each}', /each of two columns/],
      ['{a:each}/{b:after.x}', /each of two columns/],
      ['**/{a}/**/{b}', /has \*\* twice/],
      ['files/**', /ends in \*\*/],
      ['files/**/', /ends in \*\*/],
      ['f/{a:after.}', /unknown "after\."/],
      ['f/{a:%Q}', /unknown "%Q"/],
      ['f/{a:md4}', /unknown "md4", known are .*:md5/],
    ];
    for (const [text, problem] of problems) match(parseTemplate(text).problem ?? '', problem);
  });
});

describe('templateFolder', () => {
  it('is the folder that every path lies in', () => {
    const cases = { 'a/b/{x}.png': 'a/b', 'a/b{x}': 'a', '{x}/a': '', 'a/b': 'a/b' };
    for (const [text, folder] of Object.entries(cases)) {
      strictEqual(templateFolder(template(text)), folder);
    }
  });
});

describe('mismatchKey', () => {
  const mismatch = {
    kind: 'missing-file',
    rule: 'r',
    database: 'a.db',
    table: 't',
    key: { id: 1 },
    path: 'files/1',
  } as const;

  it('is short, and the same for the same thing', () => {
    match(mismatchKey(mismatch), /^[0-9a-f]{16}$/);
    strictEqual(mismatchKey(mismatch), mismatchKey({ ...mismatch }));
  });

  it('differs for another row, path, rule or kind', () => {
    const others = [
      { ...mismatch, key: { id: 2 } },
      { ...mismatch, path: 'files/2' },
      { ...mismatch, rule: 's' },
      { ...mismatch, kind: 'changed-file' as const },
    ];
    const keys = new Set([mismatch, ...others].map(mismatchKey));
    strictEqual(keys.size, 5);
  });

  it('is the same for a file without a row, whichever rule tells it', () => {
    const orphan = { ...mismatch, kind: 'orphan-file', database: null, table: null } as const;
    const others = [
      { ...orphan, rule: 's' },
      { ...orphan, database: 'b.db', table: 'u', key: null },
    ];
    for (const other of others) strictEqual(mismatchKey(other), mismatchKey(orphan));
    notStrictEqual(mismatchKey({ ...orphan, path: 'files/2' }), mismatchKey(orphan));
  });

  it('tells 100,000 apart', () => {
    const keys = new Set<string>();
    for (let i = 0; i < 100_000; i += 1) keys.add(mismatchKey({ ...mismatch, path: `f/${i}` }));
    strictEqual(keys.size, 100_000);
  });
});
