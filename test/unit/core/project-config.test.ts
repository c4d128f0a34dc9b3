import { deepStrictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { checkProjectConfig, emptyProjectConfig } from '../../../src/core/config/project-config.ts';

const check = (value: unknown) => checkProjectConfig(value, ['docsfy', 'generic']);
const messages = (value: unknown) =>
  check(value).findings.map(({ at, message }) => `${at.join('.')}: ${message}`);

describe('checkProjectConfig', () => {
  it('reads every key that the documentation shows', () => {
    const { config, findings } = check({
      dataDirs: [
        {
          path: './data/',
          layout: 'docsfy',
          exclude: ['tmp/**'],
          include: ['tmp/keep'],
          ignore: [{ path: 'projects/*.deleting-*', why: 'on its way out' }],
          references: [
            {
              database: 'docsfy.db',
              table: 'projects',
              where: "status = 'ready'",
              path: 'projects/{owner|_default}/{name}/{ai_provider}/{ai_model}/site',
              covers: 'projects/*/*/*/*',
            },
          ],
        },
      ],
      guard: { commands: ['prisma migrate *', 'npm run db:*'], onFailure: 'ask' },
      retention: { keepLast: 10, maxBytes: '5GB' },
      secrets: ['ENCRYPTION_KEY'],
    });
    deepStrictEqual(findings, []);
    deepStrictEqual(config, {
      dataDirs: [
        {
          path: 'data',
          layout: 'docsfy',
          exclude: ['tmp/**'],
          include: ['tmp/keep'],
          ignore: [
            {
              path: 'projects/*.deleting-*',
              why: 'on its way out',
              at: ['dataDirs', 0, 'ignore', 0],
            },
          ],
          references: [
            {
              database: 'docsfy.db',
              table: 'projects',
              path: 'projects/{owner|_default}/{name}/{ai_provider}/{ai_model}/site',
              where: "status = 'ready'",
              covers: 'projects/*/*/*/*',
              at: ['dataDirs', 0, 'references', 0],
            },
          ],
        },
      ],
      references: [],
      ignore: [],
      guard: { commands: ['prisma migrate *', 'npm run db:*'], onFailure: 'ask' },
      retention: {
        keepLast: { manual: 10, guard: 10, safety: 10, schedule: 10, import: 10 },
        maxBytes: 5 * 1024 ** 3,
      },
      secrets: ['ENCRYPTION_KEY'],
    });
  });

  it('takes an empty file for no file', () => {
    deepStrictEqual(check({}), { config: emptyProjectConfig, findings: [] });
    deepStrictEqual(check(undefined), { config: emptyProjectConfig, findings: [] });
  });

  it('tells an empty list of data directories from none', () => {
    deepStrictEqual(check({ dataDirs: [] }).config.dataDirs, []);
    deepStrictEqual(check({}).config.dataDirs, undefined);
  });

  it('reads rules and expected mismatches, in a data directory and at the top', () => {
    const rule = {
      database: 'app.db',
      table: 'uploads',
      path: 'files/{path}',
      covers: 'files/**',
      tombstones: ['files/*.tmp'],
      holds: ['index.html'],
      size: 'bytes',
      hash: 'sha256',
      json: 'meta',
      severity: 'warning',
      grace: { column: 'created_at', for: '24h' },
    };
    const read = { ...rule, grace: { column: 'created_at', ms: 86_400_000 }, where: undefined };
    const rows = {
      database: '.',
      table: 'chunks',
      to: 'chroma/chroma.sqlite3:embeddings.embedding_id',
      value: ['{id}'],
      except: ['admin'],
    };
    const { config, findings } = check({
      dataDirs: [{ path: 'data', references: [rule, rows], ignore: [{ rule: 'a -> b' }] }],
      references: [{ ...rule, dataDir: './data/' }],
      ignore: [{ dataDir: 'data', path: 'old/*', rule: 'a -> b', why: 'imported' }],
    });
    deepStrictEqual(findings, []);
    deepStrictEqual(config.dataDirs?.[0]?.references, [
      { ...read, at: ['dataDirs', 0, 'references', 0] },
      {
        ...rows,
        path: '',
        where: undefined,
        covers: undefined,
        at: ['dataDirs', 0, 'references', 1],
      },
    ]);
    deepStrictEqual(config.dataDirs?.[0]?.ignore, [
      { path: '', rule: 'a -> b', why: undefined, at: ['dataDirs', 0, 'ignore', 0] },
    ]);
    deepStrictEqual(config.references, [{ ...read, at: ['references', 0], dataDir: 'data' }]);
    deepStrictEqual(config.ignore, [
      { path: 'old/*', rule: 'a -> b', why: 'imported', at: ['ignore', 0], dataDir: 'data' },
    ]);
  });

  it('takes counts per reason', () => {
    deepStrictEqual(
      check({ retention: { keepLast: { guard: 5, manual: 0 } } }).config.retention.keepLast,
      {
        manual: 0,
        guard: 5,
      },
    );
  });

  const cases: [what: string, value: unknown, findings: string[]][] = [
    ['no object', [1], [': savepoint.json has to be an object']],
    [
      'an unknown key',
      { dataDir: [] },
      [
        'dataDir: unknown key "dataDir": known are dataDirs, references, ignore, guard, retention, schedule, secrets, hooks',
      ],
    ],
    ['a list that is none', { dataDirs: 'data' }, ['dataDirs: "dataDirs" has to be a list']],
    [
      'an entry that is none',
      { dataDirs: ['data'] },
      ['dataDirs.0: an entry of "dataDirs" has to be an object'],
    ],
    ['an entry without a path', { dataDirs: [{}] }, ['dataDirs.0: "path" is missing']],
    [
      'the project folder itself',
      { dataDirs: [{ path: './' }] },
      [
        'dataDirs.0.path: "path" has to name a folder or a database inside the project folder, not itself',
      ],
    ],
    [
      'an unknown layout',
      { dataDirs: [{ path: 'a', layout: 'x' }] },
      ['dataDirs.0.layout: unknown "layout" "x": known are docsfy, generic'],
    ],
    [
      'an empty pattern',
      { dataDirs: [{ path: 'a', exclude: [''] }] },
      ['dataDirs.0.exclude.0: an entry of "exclude" has to be a text that is not empty'],
    ],
    [
      'a reference without a table',
      { dataDirs: [{ path: 'a', references: [{ database: 'a', path: 'b' }] }] },
      ['dataDirs.0.references.0: "table" is missing'],
    ],
    [
      'a count that is none',
      { schedule: 'hourly', hooks: { beforeSnapshot: 'a' }, retention: { weekly: 4 } },
      [
        'schedule: "schedule" has no effect in this version',
        'hooks: "hooks" has no effect in this version',
        'retention.weekly: "weekly" has no effect in this version',
      ],
    ],
    [
      'a size that is none',
      { retention: { maxBytes: 'big' } },
      ['retention.maxBytes: "maxBytes" has to be a size such as "5GB", or "none"'],
    ],
    [
      'a choice that is none',
      { guard: { onFailure: 'retry' } },
      ['guard.onFailure: unknown "onFailure" "retry": known are ask, run, stop'],
    ],
    [
      'a rule that has a path and a row to need',
      { references: [{ database: 'a', table: 't', path: 'x', to: 'b:t.c' }] },
      ['references.0.to: a rule has "path" or "to", not both'],
    ],
    [
      'a rule that lacks what it needs',
      { references: [{ path: 'x' }] },
      ['references.0: "database" is missing', 'references.0: "table" is missing'],
    ],
    [
      'a rule without a target',
      { references: [{ database: 'a', table: 't' }] },
      ['references.0: "path" is missing'],
    ],
    [
      'a template that leads out of the data directory',
      { references: [{ database: 'a', table: 't', path: '../{name}' }] },
      ['references.0.path: "../{name}" leads out of the data directory'],
    ],
    [
      'a glob that leads out of the data directory',
      { references: [{ database: '/a', table: 't', path: 'x', covers: 'a/../../*' }] },
      [
        'references.0.database: "/a" leads out of the data directory',
        'references.0.covers: "a/../../*" leads out of the data directory',
      ],
    ],
    [
      'a target row that is none',
      { references: [{ database: 'a', table: 't', to: 'b.t.c' }] },
      ['references.0.to: "to" has to be DATABASE:TABLE.COLUMN, not "b.t.c"'],
    ],
    [
      'a time that is none',
      { references: [{ database: 'a', table: 't', path: 'x', grace: { column: 'c', for: '1y' } }] },
      ['references.0.grace.for: "for" has to be a time such as "30m", "24h" or "7d"'],
    ],
    [
      'an expected mismatch without path and rule',
      { ignore: [{ why: 'so' }] },
      ['ignore.0: "path" is missing'],
    ],
  ];
  for (const [what, value, findings] of cases) {
    it(`tells ${what} and holds the rest`, () => {
      deepStrictEqual(messages(value), findings);
    });
  }

  it('keeps the sound entries of a list beside unsound ones', () => {
    const { config } = check({
      dataDirs: [{ path: 'a' }, 5, { path: 'b', exclude: ['x', 7, 'y'] }],
      secrets: 1,
    });
    deepStrictEqual(
      config.dataDirs?.map(({ path, exclude }) => [path, exclude]),
      [
        ['a', []],
        ['b', ['x', 'y']],
      ],
    );
  });

  it('never throws, whatever the file holds', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('dataDirs', 'guard', 'retention', 'hooks', 'secrets'),
        (value, key) => {
          check(value);
          check({ [key]: value });
          check({ dataDirs: [{ path: value, exclude: value, references: [value] }] });
        },
      ),
    );
  });
});
