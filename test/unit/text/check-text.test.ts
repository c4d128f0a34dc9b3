import { deepStrictEqual, ok } from 'node:assert/strict';
import type { CheckDocument, CheckRule, Mismatch } from '../../../src/core/documents/documents.ts';
import { checkText } from '../../../src/core/text/check-text.ts';
import { plainText } from '../../../src/core/format/lines.ts';
import { displayWidth } from '../../../src/core/format/width.ts';

const clock = { nowMs: 0, offsetMinutes: () => 0 };

const rule: CheckRule = {
  id: 'r',
  title: 'projects -> site',
  dataDir: 'data',
  database: 'data/docsfy.db',
  table: 'projects',
  target: 'projects/{name}/site',
  where: null,
  covers: null,
  origin: 'layout',
  state: 'checked',
  evidence: null,
  problem: null,
  mismatches: 3,
  ignored: 0,
};

function missing(name: string, detail: string): Mismatch {
  return {
    kind: 'missing-file',
    severity: 'error',
    database: 'data/docsfy.db',
    table: 'projects',
    key: { name, branch: 'main', ai_provider: 'gemini', ai_model: 'pro', owner: '' },
    path: `data/projects/_default/${name}/main/gemini/pro/site`,
    rule: 'r',
    detail,
  };
}

const orphan: Mismatch = {
  kind: 'orphan-file',
  severity: 'warning',
  database: null,
  table: null,
  key: null,
  path: 'data/projects/_default/old/site',
  rule: 'r',
  detail: 'no row',
};

const document: CheckDocument = {
  side: 'live',
  mismatches: [],
  diagnoses: [],
  rules: [rule],
  ignored: 0,
  checkedRows: 230,
  checkedFiles: 1204,
  configProblems: [],
  durationMs: 100,
};

function check(changes: Partial<CheckDocument>, lines: readonly string[]): void {
  deepStrictEqual(checkText({ ...document, ...changes }, plainText(clock)), lines);
}

describe('checkText', () => {
  it('tells rows, paths and their sum', () => {
    check({ mismatches: [missing('alpha', 'no site/'), missing('beta', 'no plan.json'), orphan] }, [
      '✗ projects alpha · main · gemini · pro  no site/',
      '✗ projects beta · main · gemini · pro   no plan.json',
      '! data/projects/_default/old/site       no row',
      '2 errors, 1 warning in 230 rows and 1,204 files (0.1 s)',
      'Full paths: savepoint check --json',
    ]);
  });

  it('tells paths as diff and restore take them, and names the snapshot that was checked', () => {
    check({ mismatches: [orphan] }, [
      '! data/projects/_default/old/site  no row',
      '1 warning in 230 rows and 1,204 files (0.1 s)',
    ]);
    const side = '20261120T143205Z-k3f9';
    check({ side, mismatches: [missing('alpha', 'no site/')] }, [
      '✗ projects alpha · main · gemini · pro  no site/',
      '1 error in 230 rows and 1,204 files (0.1 s)',
      'Full paths: savepoint check k3f9 --json',
    ]);
  });

  it('says that all is well, and that nothing is checked', () => {
    check({}, ['✓ No mismatches in 230 rows and 1,204 files (0.1 s)']);
    check({ ignored: 3 }, ['✓ No mismatches, 3 ignored in 230 rows and 1,204 files (0.1 s)']);
    check({ rules: [] }, ['Nothing to check: no rule ties rows to files here']);
  });

  it('puts a diagnosis in the place of its flood, and suggestions in one line', () => {
    check(
      {
        diagnoses: [
          {
            code: 'stale-layout',
            severity: 'error',
            title: 'Stale layout',
            detail: '214 sites lie one level higher: no branch level',
            paths: [],
          },
        ],
        rules: [
          rule,
          {
            ...rule,
            title: 'uploads.path -> files/',
            state: 'suggested',
            evidence: { fits: 1198, of: 1204, examples: [], misfits: [] },
          },
        ],
      },
      [
        '✗ Stale layout: 214 sites lie one level higher: no branch level',
        '1 error in 230 rows and 1,204 files (0.1 s)',
        'Suggested: uploads.path -> files/ (1,198 of 1,204 fit): savepoint check --write-rules',
      ],
    );
  });

  it('keeps to the columns and to a hundred lines', () => {
    const many = Array.from({ length: 150 }, (_, i) =>
      missing(`${'long'.repeat(9)}${i}`, 'no site/'),
    );
    const lines = checkText({ ...document, mismatches: many }, plainText(clock));
    deepStrictEqual(lines.slice(-3), [
      '  ... 50 more: --json',
      '150 errors in 230 rows and 1,204 files (0.1 s)',
      'Full paths: savepoint check --json',
    ]);
    for (const line of lines) ok(displayWidth(line) <= 80, line);
  });
});
