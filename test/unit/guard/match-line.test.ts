import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import type { GuardFacts } from '../../../src/core/guard/facts.ts';
import {
  matchArguments,
  matchLine,
  type MatchContext,
} from '../../../src/core/guard/match-line.ts';
import { parseGuardPattern, type GuardPattern } from '../../../src/core/config/guard-patterns.ts';
import { parseShell } from '../../../src/engine/guard/parse-shell.ts';

const facts: GuardFacts = {
  parse: parseShell,
  home: '/home/me',
  variable: () => undefined,
  dataRoots: ['/home/me/app/data'],
  databases: ['/home/me/app/data/app.db'],
  layouts: ['generic'],
  holds: () => 'no',
  exists: () => true,
  isFolder: (path) => !path.includes('.'),
  workTree: () => '/home/me/app',
  mayBeTracked: () => false,
  readsProject: true,
  packageFile: () => null,
  workspaces: () => [],
  target: () => null,
  text: () => null,
};

function contextOf(...patterns: readonly string[]): MatchContext {
  const parsed = patterns
    .map(parseGuardPattern)
    .filter((one): one is GuardPattern => one !== undefined);
  return { facts, cwd: '/home/me/app', patterns: parsed };
}

function isDestructive(line: string, ...patterns: readonly string[]): boolean {
  return matchLine(line, contextOf(...patterns)).destructive;
}

describe('matchLine', () => {
  it('tells the rule, the command without what wraps it, and the paths', () => {
    deepStrictEqual(matchLine('sudo rm -rf ./data dist', contextOf()), {
      destructive: true,
      certain: true,
      rule: 'rm',
      command: 'rm -rf ./data dist',
      paths: ['./data'],
      outside: [{ path: '/home/me/app/dist', takes: 'all' }],
      moreOutside: false,
      databases: null,
    });
  });

  it('counts what savepoint.json adds, however it is wrapped', () => {
    strictEqual(isDestructive('npm run fill'), false);
    strictEqual(isDestructive('env A=1 npm run fill --fast', 'npm run fill *'), true);
    strictEqual(isDestructive('npm run fill', 'npm run fill *'), true);
    strictEqual(isDestructive('npm run filler', 'npm run fill *'), false);
    strictEqual(isDestructive('./tools/x a+b', './tools/* a+b'), true);
  });

  it('leaves alone what savepoint.json takes out, and the last line that fits decides', () => {
    strictEqual(isDestructive('prisma migrate dev', '!prisma migrate dev'), false);
    strictEqual(isDestructive('prisma migrate reset', '!prisma migrate dev'), true);
    strictEqual(isDestructive('prisma migrate dev', '!prisma *', 'prisma migrate *'), true);
  });

  it('takes no pattern that would fit everything or nothing', () => {
    deepStrictEqual(['', '!', '*', '! *'].map(parseGuardPattern), Array(4).fill(undefined));
  });

  it('leaves to git what git does not keep', () => {
    strictEqual(isDestructive('git reset --hard'), false);
    strictEqual(isDestructive('git clean -fdx'), true);
  });

  it('takes arguments of a process as they are', () => {
    strictEqual(matchArguments(['rm', '-rf', 'data'], contextOf()).destructive, true);
    strictEqual(matchArguments(['echo', 'a; rm -rf data'], contextOf()).destructive, false);
    strictEqual(matchArguments(['sh', '-c', 'a; rm -rf data'], contextOf()).destructive, true);
  });

  it('ends on lines that lead to themselves', () => {
    const scripts = { a: 'npm run b && npm run b', b: 'npm run a && npm run a' };
    const file = { name: 'app', folder: '/home/me/app', scripts, variables: {} };
    const looped = { ...contextOf(), facts: { ...facts, packageFile: () => file } };
    strictEqual(matchLine('npm run a', looped).destructive, false);
  });

  it('misses nothing that stands behind more than can be read', () => {
    const lines = [
      `echo ${'a '.repeat(50_000)}; rm -rf data`,
      `${'echo a; '.repeat(8_000)}rm -rf data`,
      `${'echo a; '.repeat(15_000)}rm -rf data`,
      `A=aaaaaaaaaa;${'A=$A$A$A$A;'.repeat(30)} rm -rf $A`,
    ];
    for (const line of lines)
      strictEqual(matchLine(line, contextOf()).destructive, true, line.slice(0, 20));
  });

  it('ends however many words and names a pattern may stand for', () => {
    // Word by word, or character by character, none of these would end within a lifetime.
    const long = { ...facts, dataRoots: [`/home/me/app/${'a'.repeat(200)}`] };
    const patterns = [
      '{a,b}'.repeat(40),
      '{a,'.repeat(2_000),
      `${'*'.repeat(60)}b`,
      `${'*a'.repeat(40)}b`,
    ];
    const isDestructiveThere = (line: string) =>
      matchLine(line, { ...contextOf(), facts: long }).destructive;
    deepStrictEqual(
      patterns.map((pattern) => isDestructiveThere(`rm -r ${pattern}`)),
      // What would be too many names counts as what it may be; a pattern is compared whatever it is.
      [true, false, false, false],
    );
    deepStrictEqual(
      patterns.map((pattern) => isDestructiveThere(`rm -r /elsewhere/${pattern}`)),
      [false, false, false, false],
    );
    strictEqual(matchLine(`rm ${'{a,b}'.repeat(40)} data/app.db`, contextOf()).destructive, true);
  });

  it('reads lines that end as on Windows', () => {
    strictEqual(matchLine('echo a\r\nrm -rf data\r\n', contextOf()).destructive, true);
  });

  it('finds rm behind any nesting of quotes', () => {
    const wraps = [
      (line: string) => `sh -c ${quoted(line)}`,
      (line: string) => `bash -lc ${quoted(line)}`,
      (line: string) => `( ${line} )`,
      (line: string) => `true && ${line}`,
      (line: string) => `env A=b sh -c ${quoted(line)}`,
      (line: string) => `eval ${quoted(line)}`,
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...wraps), { maxLength: 5 }), (chosen) => {
        const wrap = (command: string): string => chosen.reduce((line, one) => one(line), command);
        strictEqual(isDestructive(wrap("rm -rf 'data'")), true);
        strictEqual(isDestructive(wrap("rm -rf 'other data'")), false);
      }),
    );
  });

  it('answers something for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (line) => {
        matchLine(line, contextOf());
      }),
    );
    const pieces = [
      'rm ',
      '"',
      "'",
      '$(',
      ')',
      '`',
      '{',
      '}',
      '<<E\n',
      '|',
      '&&',
      ' data',
      '\\',
      '#',
      '${',
      'sudo ',
      'npx ',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 30 }), (parts) => {
        matchLine(parts.join(''), contextOf());
      }),
    );
  });
});

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
