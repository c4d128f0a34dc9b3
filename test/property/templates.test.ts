// Templates: what is printed is read back, hashes are those that everybody has, and nothing that a
// column holds leads out of the folder.

import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { printTemplate } from '../../src/core/check/print-template.ts';
import { renderPaths } from '../../src/core/check/render-template.ts';
import type { Step } from '../../src/core/check/template-steps.ts';
import { insidePath, parseTemplate, type TemplatePart } from '../../src/core/check/template.ts';
import { hashText } from '../../src/engine/check/needed-paths.ts';

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,8}$/);
const algorithm = fc.constantFrom('md5' as const, 'sha1' as const, 'sha256' as const);

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ op: fc.constant('pad' as const), width: fc.integer({ min: 1, max: 40 }) }),
  fc
    .tuple(fc.nat(60), fc.option(fc.nat(60), { nil: undefined }))
    .map(([from, to]) => ({ op: 'slice' as const, from, to })),
  fc.constantFrom('url', 'base', 'stem', 'ext', 'lower').map((op) => ({ op })),
  fc.record({ op: fc.constant('hash' as const), algorithm }),
  fc.constantFrom('%Y', '%Y/%m', '%y%m%d', '%Y-%m_%H').map((format) => ({ op: 'date', format })),
  fc.record({ op: fc.constant('from' as const), name }),
  fc.record({ op: fc.constant('json' as const), path: fc.array(name, { minLength: 1 }) }),
) as fc.Arbitrary<Step>;

const listing: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ op: fc.constant('each' as const), path: fc.array(name) }),
  fc.record({
    op: fc.constant('after' as const),
    start: fc.string({ minLength: 1 }).filter((text) => !/[{}|]/.test(text)),
  }),
);

const column: fc.Arbitrary<TemplatePart> = fc.record({
  kind: fc.constant('column' as const),
  column: fc.oneof(
    name,
    fc.string({ minLength: 1 }).filter((text) => text.trim() === text),
  ),
  steps: fc.array(step, { maxLength: 3 }),
  fallback: fc.option(
    fc.string().filter((text) => !/[{}"\n]/.test(text)),
    { nil: undefined },
  ),
});

/** Parts as parsing makes them: no two texts side by side. */
const parts = fc
  .tuple(
    fc.option(column, { nil: undefined }),
    fc.array(fc.tuple(fc.string({ minLength: 1 }), column), { maxLength: 4 }),
    fc.boolean(),
    listing,
  )
  .map(([first, rest, isBelow, list]): TemplatePart[] => {
    const known = rest.flatMap(([text, field]): TemplatePart[] => [{ kind: 'text', text }, field]);
    const start: TemplatePart[] = first === undefined ? [] : [first];
    const last: TemplatePart = { kind: 'column', column: 'z', steps: [list], fallback: undefined };
    const below: TemplatePart[] = isBelow
      ? [{ kind: 'text', text: 'x/' }, { kind: 'below' }, { ...last, steps: [] }]
      : [];
    return [...below, ...start, ...known, { kind: 'text', text: 'q/' }, last];
  });

describe('templates', () => {
  it('are read back as they were printed', () => {
    fc.assert(
      fc.property(parts, (given) => {
        const text = printTemplate(given);
        const { template, problem } = parseTemplate(text);
        // Random texts may lead out of the folder, or have a ** of their own.
        if (template === undefined) ok(/leads out|\*\*/.test(problem), problem);
        else if (!given.some((part) => part.kind === 'text' && part.text.includes('**'))) {
          // fast-check makes some of its objects without a prototype.
          deepStrictEqual(structuredClone(template.parts), structuredClone(given));
          strictEqual(printTemplate(template.parts), text);
        }
      }),
    );
  });

  it('cut hashes as everybody computes them', () => {
    fc.assert(
      fc.property(algorithm, fc.string(), fc.nat(40), fc.nat(40), (hash, value, from, length) => {
        const { template } = parseTemplate(`x{a:${hash}:${from}..${from + length}}`);
        ok(template);
        const rendered = renderPaths(template, { valueOf: () => value, hashText });
        const digits = createHash(hash).update(value, 'utf8').digest('hex');
        const cut = digits.slice(from, from + length);
        if (cut === '') strictEqual(rendered.kind, 'empty');
        else
          deepStrictEqual(rendered, {
            kind: 'paths',
            paths: [{ path: `x${cut}`, below: undefined }],
          });
      }),
    );
  });

  it('never lead out of the folder, whatever steps and values do', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('..', '/', '../..', '.', '\0', '**', 'a/..'),
    );
    const value = fc.oneof(
      fc.array(piece).map((all) => all.join('/')),
      fc.array(piece).map((all) => JSON.stringify(all)),
      fc.uint8Array(),
      fc.bigInt(),
      fc.constant(null),
    );
    fc.assert(
      fc.property(parts, value, (given, one) => {
        const { template } = parseTemplate(printTemplate(given));
        if (template === undefined) return;
        const rendered = renderPaths(template, { valueOf: () => one, hashText });
        if (rendered.kind !== 'paths') return;
        for (const { path, below } of rendered.paths) {
          for (const inside of below === undefined ? [path] : [below.path]) {
            strictEqual(insidePath(inside), inside);
            ok(!inside.split('/').includes('..'));
          }
          ok(
            below === undefined || below.folder === '' || insidePath(below.folder) === below.folder,
          );
        }
      }),
    );
  });
});
