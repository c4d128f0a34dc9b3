import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { escapeGlob, exclusionMatcher } from '../../../src/engine/detect/exclusion-matcher.ts';
import { generic } from '../../../src/core/layouts/generic.ts';

const rules = (
  exclude: string[] = [],
  include: string[] = [],
  exclusions = generic.exclusions,
) => ({
  exclude,
  include,
  exclusions,
});

const mine = 'left out by savepoint.json';

describe('exclusionMatcher', () => {
  const cases: [
    what: string,
    rules: ReturnType<typeof rules>,
    path: string,
    isDirectory: boolean,
    reason: string | undefined,
  ][] = [
    ['keeps what nothing names', rules(), 'a/b', false, undefined],
    ['leaves out a temporary folder', rules(), 'tmp', true, 'temporary files'],
    ['leaves out what lies in it', rules(), 'tmp/a/b', false, 'temporary files'],
    ['keeps a file of that name', rules(), 'tmp', false, undefined],
    ['keeps a folder of that name further down', rules(), 'projects/tmp/x', false, undefined],
    [
      'leaves out backups of the application',
      rules(),
      'backups',
      true,
      'backups that the application makes itself',
    ],
    ['leaves out by a glob', rules(['**/*.log']), 'a/b/x.log', false, mine],
    ['leaves out hidden names too', rules(['cache/**']), 'cache/.x/y', false, mine],
    ['takes a folder with all that its pattern matches', rules(['cache/**']), 'cache', true, mine],
    ['takes a star for one level', rules(['*.log']), 'a/x.log', false, undefined],
    ['takes a leading dot and slash for nothing', rules(['./a', '/b']), 'b', false, mine],
    ['takes an exclamation mark for nothing', rules(['!keep']), 'other', false, undefined],
    ['takes an empty pattern for nothing', rules(['']), 'a', false, undefined],
    ['forgives names that were not escaped', rules(['m[1m]/**']), 'm[1m]/x', false, mine],
    [
      'matches names with such characters by escaping',
      rules(['m\\[1m\\]/**']),
      'm[1m]/x',
      false,
      mine,
    ],
    ['lets include overrule a default', rules([], ['tmp/**']), 'tmp/x', false, undefined],
    [
      'lets include overrule a pattern',
      rules(['**/*.log'], ['a/keep.log']),
      'a/keep.log',
      false,
      undefined,
    ],
    [
      'takes in all that lies in what is included',
      rules([], ['tmp/keep']),
      'tmp/keep/a/b',
      false,
      undefined,
    ],
    [
      'keeps out what lies beside it',
      rules([], ['tmp/keep/**']),
      'tmp/other',
      false,
      'temporary files',
    ],
    ['goes into a folder on the way to it', rules([], ['tmp/keep/**']), 'tmp', true, undefined],
    [
      'does not go where nothing is included',
      rules([], ['tmp/keep/**']),
      'tmp/other',
      true,
      'temporary files',
    ],
  ];
  for (const [what, given, path, isDirectory, reason] of cases) {
    it(what, () => {
      strictEqual(exclusionMatcher(given)(path, isDirectory), reason);
    });
  }

  const name = fc.string({
    unit: fc.constantFrom(...'ab.*?[]{}()!+@|^$\\~ -#'.split('')),
    minLength: 1,
    maxLength: 6,
  });
  const path = fc
    .array(
      name.filter((one) => one !== '.' && one !== '..'),
      { minLength: 1, maxLength: 4 },
    )
    .map((parts) => parts.join('/'));

  it('matches exactly the path that was escaped, whatever is in its name', () => {
    fc.assert(
      fc.property(path, path, (one, other) => {
        const match = exclusionMatcher(rules([escapeGlob(one)], [], []));
        strictEqual(match(one, false), mine);
        const isBelow = other === one || other.startsWith(`${one}/`);
        strictEqual(match(other, false), isBelow ? mine : undefined);
      }),
      { numRuns: 500 },
    );
  });

  it('answers the same in whatever order it is asked', () => {
    fc.assert(
      fc.property(
        fc.array(path, { maxLength: 8 }),
        fc.array(path, { maxLength: 3 }),
        (paths, out) => {
          const given = rules(out.map(escapeGlob), [], generic.exclusions);
          const match = exclusionMatcher(given);
          deepStrictEqual(
            paths.map((one) => match(one, false)),
            paths.map((one) => exclusionMatcher(given)(one, false)),
          );
        },
      ),
    );
  });
});
