import { deepStrictEqual, match, ok, strictEqual } from 'node:assert';
import picomatch from 'picomatch';
import {
  evidenceReport,
  ignoreChoices,
  likePath,
  mismatchesTooltip,
  mismatchTooltip,
  ruleTooltip,
} from '../../../src/core/views/mismatch-texts.ts';
import { clock } from '../../support/documents.ts';
import { check, entry, mismatch, rule } from './samples.ts';

const suggested = rule({
  title: 'uploads.path -> files/',
  table: 'uploads',
  target: 'files/{path}',
  where: null,
  origin: 'inferred',
  state: 'suggested',
  evidence: {
    fits: 1198,
    of: 1204,
    examples: ['files/a.jpg'],
    misfits: ['files/b.jpg', 'files/c'],
  },
});

describe('mismatchTooltip', () => {
  it('names rule, table, row, path, and since when it is so', () => {
    const since = entry({ label: 'Before migration' });
    const text = mismatchTooltip(mismatch(), rule(), since, clock).replaceAll('\\', '');
    deepStrictEqual(text.split('  \n'), [
      '**no site/** · error',
      'Rule: projects in data/docsfy.db -&gt; projects/{owner}/{name}/{branch}/site/'.replace(
        '&gt;',
        '>',
      ),
      'Table: data/docsfy.db: projects',
      'Row: alpha · main · gemini · pro · ""',
      'Path: data/projects/_default/alpha/main/gemini/pro/site',
      'In the snapshots since Before migration, 12 min ago',
    ]);
  });

  it('says that it is new', () => {
    match(
      mismatchTooltip(mismatch({ isNew: true }), undefined, undefined, clock),
      /New: the newest snapshot does not have it$/,
    );
  });

  it('lets no name become Markdown', () => {
    const text = mismatchTooltip(
      mismatch({ path: 'data/[x](command:evil) <b>' }),
      rule(),
      undefined,
      clock,
    );
    ok(!text.includes('[x](command'));
    ok(!text.includes('<b>'));
  });
});

describe('mismatchesTooltip', () => {
  it('says what was checked, what is ignored, and which rules could not run', () => {
    const rules = [rule({ state: 'broken', problem: 'no table "projects"' })];
    const text = mismatchesTooltip(check({ mismatches: [mismatch()], ignored: 3, rules }));
    deepStrictEqual(text.replaceAll('\\', '').split('  \n'), [
      '**Mismatches** · 230 rows against 1,204 files',
      '3 ignored, as savepoint.json says',
      'Not checked: projects -> site: no table "projects"',
      'Nothing is deleted because of a mismatch',
    ]);
  });
});

describe('ruleTooltip', () => {
  it('says what the rule demands and where it comes from', () => {
    const text = ruleTooltip(suggested).replaceAll('\\', '');
    deepStrictEqual(text.split('  \n'), [
      '**uploads.path -> files/**',
      'uploads in data/docsfy.db -> files/{path}',
      '1,198 of 1,204 fit',
      'Found in the data by itself',
    ]);
  });
});

describe('evidenceReport', () => {
  it('lists paths that fit and all that do not', () => {
    strictEqual(
      evidenceReport(suggested),
      [
        'Suggested rule: uploads in data/docsfy.db -> files/{path}',
        '',
        '1,198 of 1,204 fit, for example:',
        '  files/a.jpg',
        '',
        'Not there:',
        '  files/b.jpg',
        '  files/c',
        '  and 4 more',
        '',
        'Accept in the Data view writes the rule into savepoint.json; from then on what does not fit is a mismatch.',
        '',
      ].join('\n'),
    );
  });
});

describe('ignoreChoices', () => {
  it('offers this one, its like and the rule', () => {
    const choices = ignoreChoices(mismatch({ path: 'data/projects/alpha.deleting-17/' }), 'data');
    deepStrictEqual(choices, [
      { label: 'Ignore this one', path: 'projects/alpha.deleting-17' },
      {
        label: 'Ignore every path like projects/*.deleting-*',
        path: 'projects/*.deleting-*',
      },
      { label: 'Ignore this rule', path: undefined },
    ]);
  });

  it('offers only the rule where no path is meant', () => {
    deepStrictEqual(
      ignoreChoices(mismatch({ kind: 'missing-row', path: null }), 'data').map(
        ({ label }) => label,
      ),
      ['Ignore this rule'],
    );
  });

  it('makes globs that fit the path, whatever is in its name', () => {
    for (const name of [
      'a [1] (b).jpg',
      '{x,y}*.txt',
      '!odd',
      '@(a|b)',
      'plain',
      'a.b.c-12',
      '.x',
    ]) {
      for (const { path } of ignoreChoices(mismatch({ path: `data/up/${name}` }), 'data'))
        if (path !== undefined)
          ok(picomatch(path, { dot: true })(`up/${name}`), `${path} | ${name}`);
    }
  });
});

describe('likePath', () => {
  it('keeps what a kind of file has in common', () => {
    const cases: [string, string][] = [
      ['projects/alpha.deleting-1763', 'projects/*.deleting-*'],
      ['covers/9.jpg', 'covers/*.jpg'],
      ['music/song.mp3', 'music/*.mp3'],
      ['projects/alpha', 'projects/*'],
      ['a/b/upload.part.3f2a9', 'a/b/*.part.*'],
      ['top.txt', '*.txt'],
    ];
    for (const [path, glob] of cases) strictEqual(likePath(path), glob);
  });
});
