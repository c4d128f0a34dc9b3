import { deepStrictEqual, notStrictEqual, strictEqual } from 'node:assert';
import type { Mismatch } from '../../../src/core/documents/documents.ts';
import {
  diagnosisRow,
  hasMismatches,
  mismatchesRow,
  mismatchRow,
  moreMismatchesRow,
  newCount,
  ruleGroups,
  ruleRow,
  suggestedRules,
  suggestionRow,
  suggestionsRow,
} from '../../../src/core/views/mismatch-rows.ts';
import type { Row } from '../../../src/core/views/row.ts';
import { check, mismatch, rule } from './samples.ts';

const orphan: Partial<Mismatch> = {
  kind: 'orphan-file',
  severity: 'warning',
  key: null,
  table: null,
  database: null,
  path: 'data/projects/lost',
  detail: 'no row',
};
const texts = ({ icon, label, description }: Row): unknown => [icon, label, description];

describe('mismatchesRow', () => {
  const row = (facts: Parameters<typeof check>[0]): Row => mismatchesRow('live', check(facts));

  it('counts errors, warnings and what is excusable', () => {
    const mismatches = [
      mismatch(),
      mismatch({ key: { name: 'beta' } }),
      mismatch(orphan),
      mismatch({ severity: 'info' }),
    ];
    deepStrictEqual(texts(row({ mismatches })), [
      'warning',
      'Mismatches',
      '2 errors, 1 warning, 1 info',
    ]);
  });

  it('says how many are ignored, and aloud how many are new', () => {
    const { description, spoken } = row({ mismatches: [mismatch({ isNew: true })], ignored: 3 });
    strictEqual(description, '1 error · 3 ignored');
    strictEqual(spoken, 'Mismatches: 1 error, 1 new, 3 ignored');
  });

  it('counts a diagnosis as one, not as the flood that it stands for', () => {
    const diagnosis = {
      code: 'stale-layout',
      severity: 'warning',
      title: 'Stale layout',
      detail: '214 sites lie one level higher: no branch level',
      paths: ['data/projects/_default/alpha/gemini'],
    } as const;
    strictEqual(row({ diagnoses: [diagnosis] }).description, '1 warning');
    deepStrictEqual(texts(diagnosisRow('live', diagnosis)), [
      'warning',
      'Stale layout',
      '214 sites lie one level higher: no branch level',
    ]);
  });

  it('has nothing to show where all that does not match is expected', () => {
    strictEqual(hasMismatches(check({ ignored: 3 })), false);
    strictEqual(hasMismatches(check({ mismatches: [mismatch()] })), true);
  });
});

describe('ruleGroups', () => {
  it('puts rules with errors first, then sorts by title, errors first in each', () => {
    const rules = [
      rule({ id: 'b', title: 'B' }),
      rule({ id: 'a', title: 'A' }),
      rule({ id: 'quiet', title: 'Quiet' }),
      rule({ id: 'z', title: 'Z' }),
    ];
    const of = (id: string, severity: Mismatch['severity']): Mismatch =>
      mismatch({ rule: id, severity, key: { id: severity } });
    const mismatches = [of('b', 'warning'), of('a', 'info'), of('z', 'info'), of('z', 'error')];
    deepStrictEqual(
      ruleGroups(check({ rules, mismatches })).map(({ rule: { title }, mismatches: own }) => [
        title,
        own.map(({ severity }) => severity),
      ]),
      [
        ['Z', ['error', 'info']],
        ['B', ['warning']],
        ['A', ['info']],
      ],
    );
  });

  it('says how many, how many are ignored, and where there are several data directories', () => {
    const group = { rule: rule({ ignored: 3 }), mismatches: [mismatch(), mismatch(orphan)] };
    deepStrictEqual(texts(ruleRow('live', group, '')), [
      'references',
      'projects -> site',
      '2 · 3 ignored',
    ]);
    strictEqual(ruleRow('live', group, 'data').description, '2 · 3 ignored · data');
    strictEqual(
      ruleRow('live', group, 'data').spoken,
      'Rule projects -> site, 2 mismatches, 3 ignored, in data',
    );
  });

  it('leaves a long group closed', () => {
    const many = Array.from({ length: 101 }, (_, id) => mismatch({ key: { id } }));
    strictEqual(ruleRow('live', { rule: rule(), mismatches: many }, '').expand, 'collapsed');
    deepStrictEqual(texts(moreMismatchesRow('live', rule(), 100, 412)), [
      'ellipsis',
      'Show 100 more',
      '312 left',
    ]);
  });
});

describe('mismatchRow', () => {
  it('is called by the row for a row and by the path for a path', () => {
    const kinds: [Partial<Mismatch>, string, string, string][] = [
      [{}, 'error', 'alpha · main · gemini · pro', 'no site/'],
      [{ isNew: true }, 'error', 'alpha · main · gemini · pro', 'no site/ · new'],
      [orphan, 'warning', 'projects/lost', 'no row'],
      [
        { kind: 'changed-file', severity: 'warning', detail: '4.1 KB, row says 3.9 KB' },
        'warning',
        'projects/_default/alpha/main/gemini/pro/site',
        '4.1 KB, row says 3.9 KB',
      ],
      [
        {
          kind: 'missing-row',
          table: 'chunks',
          key: { id: 8812 },
          path: null,
          detail: 'not in chroma.sqlite3',
        },
        'error',
        'chunks 8812',
        'not in chroma.sqlite3',
      ],
      [
        { kind: 'unreadable', severity: 'info', key: null, detail: 'permission denied' },
        'info',
        'projects/_default/alpha/main/gemini/pro/site',
        'permission denied',
      ],
    ];
    for (const [facts, ...expected] of kinds)
      deepStrictEqual(texts(mismatchRow('live', mismatch(facts), 'data')), expected);
  });

  it('shows names of any kind on one line', () => {
    const odd = mismatchRow('live', mismatch({ ...orphan, path: 'data/a\n\u202eb\udcff' }), 'data');
    strictEqual(odd.label, String.raw`a\n\u202eb\xff`);
  });

  it('tells menus what there is to open, and that a file without a row is nothing to restore', () => {
    strictEqual(
      mismatchRow('live', mismatch(), 'data').context,
      'mismatch missingFile error withRow withPath restorable',
    );
    strictEqual(
      mismatchRow('live', mismatch(orphan), 'data').context,
      'mismatch orphanFile warning withPath',
    );
  });

  it('is the same row when it is new no more, and another for another row of its table', () => {
    const id = (facts: Partial<Mismatch>): string =>
      mismatchRow('live', mismatch(facts), 'data').id;
    strictEqual(id({ isNew: true }), id({ detail: 'no plan.json' }));
    notStrictEqual(id({}), id({ key: { name: 'beta' } }));
  });

  it('is spoken with its severity', () => {
    strictEqual(
      mismatchRow('live', mismatch({ isNew: true }), 'data').spoken,
      'alpha · main · gemini · pro, error, no site/, new',
    );
  });

  it('counts those that are new', () => {
    const mismatches = [mismatch({ isNew: true }), mismatch({ isNew: false }), mismatch(orphan)];
    strictEqual(newCount(check({ mismatches })), 1);
  });
});

describe('suggestionRow', () => {
  const suggested = rule({
    id: 'uploads',
    title: 'uploads.path -> files/',
    state: 'suggested',
    origin: 'inferred',
    evidence: { fits: 1198, of: 1204, examples: [], misfits: [] },
  });

  it('says how many rows fit', () => {
    deepStrictEqual(texts(suggestionRow(suggested, '')), [
      'lightbulb',
      'uploads.path -> files/',
      '1,198 of 1,204 fit',
    ]);
    deepStrictEqual(texts(suggestionsRow(1)), ['lightbulb', 'Suggested rules', '1']);
  });

  it('is made of suggested rules alone', () => {
    const rules = [rule(), suggested, rule({ id: 'x', state: 'broken' })];
    deepStrictEqual(suggestedRules(check({ rules })), [suggested]);
  });
});
