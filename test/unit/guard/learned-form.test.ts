// What all calls of a command have in common, and what of a line could have changed data at all.

import { deepStrictEqual, equal } from 'node:assert/strict';
import { parseGuardPattern } from '../../../src/core/config/guard-patterns.ts';
import { learnedForms, staysRunning } from '../../../src/core/guard/learned-form.ts';
import { learnedPatterns } from '../../../src/core/guard/learned-pattern.ts';
import { decidingPattern } from '../../../src/core/config/guard-patterns.ts';
import { parseShell } from '../../../src/engine/guard/parse-shell.ts';

const nothingSecret = { env: {}, secrets: [] };

describe('learnedForms', () => {
  const check = (line: string, ...expected: readonly string[]): void =>
    deepStrictEqual(learnedForms(line, parseShell, nothingSecret), expected, line);

  it('keep the program and what it is told to do, not what is different each time', () => {
    check('pnpm test a.spec.ts', 'pnpm test');
    check('pnpm --filter web test -- --watch', 'pnpm test');
    check('npm run test:int -- -t users', 'npm run test:int');
    check('jest --runInBand src/a.test.ts', 'jest');
    check('./node_modules/.bin/vitest run', 'vitest');
    check('python manage.py test shop.tests', 'python manage.py test');
    check('python -m pytest -k users', 'python -m pytest');
    check('node scripts/load.js users 12', 'node scripts/load.js');
    check('cargo test --release parser', 'cargo test');
    check('docker compose up -d db', 'docker compose up');
    check('make -j 4 check FILTER=a', 'make check');
    check('scripts/check.sh a', 'scripts/check.sh');
  });

  it('are those of what a wrapper runs, of each command of a line, once', () => {
    check('NODE_ENV=test time npx jest a', 'jest');
    check('cd app && pnpm test | tee log; pnpm test b', 'pnpm test', 'tee');
    check("bash -lc 'cd app && pnpm test a'", 'pnpm test');
    check('if true; then for n in 1 2; do pytest $n; done; fi', 'pytest');
  });

  it('are none of what only looks, speaks or edits, or is typed in full each time', () => {
    check('ls data; git status && vim data/a.txt');
    check('echo jest');
    check(`node -e 'console.log(1)'`);
    check('$RUNNER test');
    check('savepoint snapshot');
  });

  it('have secrets as stars, so that the same command is known again', () => {
    const redaction = { env: { DEPLOY_TOKEN: 's3cr3t-value' }, secrets: [] };
    const forms = (line: string) => learnedForms(line, parseShell, redaction);
    deepStrictEqual(forms('pnpm run s3cr3t-value'), ['pnpm run ***']);
    const words = ['pnpm', 'run', 's3cr3t-value', 'more'];
    equal(decidingPattern(learnedPatterns(['pnpm run ***'], redaction), words)?.adds, true);
  });
});

describe('a learned command', () => {
  it('is a pattern over which those of savepoint.json decide', () => {
    const learned = learnedPatterns(['pnpm test'], nothingSecret);
    const own = parseGuardPattern('!pnpm test *');
    const words = ['pnpm', 'test', 'a.spec.ts'];
    equal(decidingPattern(learned, words)?.rule, 'it changed data before');
    equal(decidingPattern([...learned, ...(own ? [own] : [])], words)?.adds, false);
    equal(decidingPattern(learned, ['pnpm', 'lint']), undefined);
  });

  it('may be a server, which stays while others write', () => {
    const lines = ['npm run dev', 'vite', 'pnpm start', 'docker compose up', 'npm run watch:css'];
    deepStrictEqual(lines.map(staysRunning), [true, true, true, true, true]);
    deepStrictEqual(['npm test', 'npm run develop', 'jest'].map(staysRunning), [
      false,
      false,
      false,
    ]);
  });
});
