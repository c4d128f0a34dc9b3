// The case table: every line of cases.txt through the matcher, with the real parser and the real
// readers of scripts, in a project on disk.
import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GuardMatch } from '../../../src/core/documents/guard.ts';
import { maybePattern } from '../../../src/core/guard/maybe-pattern.ts';
import { shellHook } from '../../../src/core/guard/shells/shell-hook.ts';
import { matchLine, type MatchContext } from '../../../src/core/guard/match-line.ts';
import { heldNames } from '../../../src/engine/guard/held-names.ts';
import { parseShell } from '../../../src/engine/guard/parse-shell.ts';
import { scriptFacts } from '../../../src/engine/guard/script-facts.ts';
import { needs } from '../../support/needs.ts';
import { tree } from '../../support/tree.ts';

const inText = { cwd: '/', encoding: 'utf8' } as const;

type Expected = 'yes' | 'may' | 'no';

interface Case {
  readonly expected: Expected;
  readonly line: string;
}

const cases: readonly Case[] = readFileSync(join(import.meta.dirname, 'cases.txt'), 'utf8')
  .split('\n')
  .flatMap((text) => {
    const [, expected, line = ''] = /^(yes|may|no) {1,2} ?(.*)$/.exec(text) ?? [];
    if (expected === undefined) return [];
    const typed = line.replaceAll(String.raw`\n`, '\n');
    return [{ expected: expected as Expected, line: typed }];
  });

const isSaved = ({ expected }: Case): boolean => expected !== 'no';

const packageJson = {
  scripts: {
    'db:reset': 'prisma migrate reset --force',
    'db:types': 'prisma generate',
    'db:studio': 'prisma studio',
    'db:wipe': 'tsx tools/x.ts',
    build: 'vite build',
    nested: 'npm run build && npm run db:reset',
    dev: 'prisma migrate deploy && next dev',
    seed: 'tsx tools/fill.ts',
    'clean:all': 'rm -rf dist data',
    after: 'echo done',
    postafter: 'rm -rf data',
    postinstall: 'knex migrate:latest',
    guarded: 'savepoint run -- prisma migrate reset',
    loop: 'npm run loop',
    echo: 'echo db:reset',
  },
};

const makefile = `
DATA = data
.PHONY: reset build
default: reset
reset: stop
\t@rm -rf $(DATA)/*.db
stop:
\t-docker compose down
clean-data: ; rm -rf $(DATA)
all: build reset
drop:
\tsqlite3 data/app.db "drop table x"
build:
\tgo build ./...
\t@echo rm -rf data
lint:
\teslint .
`;

const justfile = `
db := "data/app.db"

reset: stop
    rm -f {{db}}

stop:
    docker compose down

fresh: (reset)
    echo done

build target="all":
    cargo build
`;

const taskfile = `
version: '3'
tasks:
  default:
    deps: [build]
    cmds:
      - task: reset
  reset:
    cmds:
      - cmd: rm -rf data
  build: go build ./...
`;

function answerOf({ destructive, certain }: GuardMatch): Expected {
  if (!destructive) return 'no';
  return certain ? 'yes' : 'may';
}

describe('the case table of the guard', () => {
  let context: MatchContext;
  let project: string;

  before(async () => {
    const home = await tree({
      tmp: {},
      app: {
        'package.json': JSON.stringify(packageJson),
        Makefile: makefile,
        justfile,
        'Taskfile.yml': taskfile,
        data: { 'app.db': 'x', 'docs.db': 'x', uploads: { 'index.json': '{}', 'log.txt': '' } },
        'local.sqlite': 'x',
        scripts: {
          'reset-everything.sh': '#!/bin/sh\nset -e\nrm -rf data\n',
          'harmless.sh': '#!/bin/sh\necho hello\n',
          'seed.js': '',
          'server.js': '',
        },
      },
    });
    project = join(home, 'app');
    const data = join(project, 'data');
    const local = join(project, 'local.sqlite');
    context = {
      cwd: project,
      patterns: [],
      facts: {
        parse: parseShell,
        home,
        variable: () => undefined,
        dataRoots: [data, local],
        databases: [join(data, 'app.db'), join(data, 'docs.db'), local],
        layouts: ['generic'],
        holds: heldNames(),
        exists: existsSync,
        isFolder: (path) => existsSync(path) && statSync(path).isDirectory(),
        workTree: (folder) => (folder.startsWith(project) ? project : null),
        mayBeTracked: () => true,
        ...scriptFacts(),
      },
    };
  });

  /** The places of the table as they are here: the temporary folder is not above the project. */
  function placed(line: string): string {
    const home = dirname(project);
    return line
      .replaceAll(/(?<![\w./])\/tmp\b/g, `${home}/tmp`)
      .replaceAll('/home/me/app', project);
  }

  needs('zsh');

  it('has at least 180 lines, in both directions', () => {
    ok(cases.length >= 180);
    ok(cases.filter(({ expected }) => expected === 'yes').length >= 90);
    ok(cases.filter(({ expected }) => expected === 'no').length >= 80);
  });

  it('is right in every line', () => {
    const wrong = cases.flatMap(({ expected, line }) => {
      const found = matchLine(placed(line), context);
      const { rule, paths } = found;
      return answerOf(found) === expected ? [] : [{ line, answer: answerOf(found), rule, paths }];
    });
    deepStrictEqual(wrong, []);
  });

  it('is never asked too late: what is destructive passes the cheap question of the shells', () => {
    // .NET compares without case, and only PowerShell has commands with capitals.
    const pattern = new RegExp(maybePattern(), 'i');
    const missed = cases.filter((one) => isSaved(one) && !pattern.test(one.line));
    deepStrictEqual(
      missed.map(({ line }) => line),
      [],
    );
  });

  it('is asked by bash and zsh of every line that may be destructive, as by the pattern', () => {
    const lines = cases.filter((one) => isSaved(one) && !one.line.startsWith('Remove-Item'));
    for (const shell of shells)
      deepStrictEqual(
        [
          shell.name,
          notAsked(
            shell,
            lines.map(({ line }) => line),
          ),
        ],
        [shell.name, []],
      );
  });

  it('is not asked of what is typed all day', () => {
    const pattern = new RegExp(maybePattern(), 'i');
    const asked = allDay.filter((line) => pattern.test(line));
    deepStrictEqual(asked, []);
    for (const shell of shells)
      deepStrictEqual([shell.name, notAsked(shell, allDay)], [shell.name, allDay]);
  });

  it('is asked by bash and zsh of any line that is longer than anybody types, unread', () => {
    for (const shell of shells) {
      const lines = [
        `echo ${'a '.repeat(50_000)}; rm -rf data`,
        // Nothing in it is destructive, as one would see who looked through it.
        `echo ${'a '.repeat(50_000)}`,
        'echo a',
      ];
      deepStrictEqual([shell.name, notAsked(shell, lines)], [shell.name, ['echo a']]);
    }
  });
});

const shells = [
  { name: 'bash', args: ['--norc'] },
  { name: 'zsh', args: ['-f'] },
] as const;

/** Lines of which the shell itself says that they are harmless. */
function notAsked(
  { name, args }: (typeof shells)[number],
  lines: readonly string[],
): readonly string[] {
  const hook = shellHook(name, ['savepoint'], false) ?? '';
  const from = hook.indexOf('_savepoint_maybe() {');
  const words = hook.slice(hook.search(/^(declare|typeset) -gA/m), from);
  const maybe = hook.slice(from, hook.indexOf('\n}\n', from) + 3);
  // Each ends in a character that no line has.
  const ask = String.raw`_savepoint_maybe "$line" || printf '%s\1' "$line"`;
  const script = `${words}\n${maybe}\nwhile IFS= read -r -d $'\\1' line; do ${ask}; done`;
  const input = lines.map((line) => `${line}\u0001`).join('');
  const all = [...args, '-c', script];
  const options = { ...inText, input };
  const ran = name === 'zsh' ? spawnSync('zsh', all, options) : spawnSync('bash', all, options);
  strictEqual(ran.stderr, '');
  return ran.stdout.split('\u0001').slice(0, -1);
}

/** Each is harmless, and nobody should wait for that to be found out. */
const allDay = [
  'ls',
  'ls -la data',
  'll',
  'cd src',
  'cd ..',
  'pwd',
  'git status',
  'git diff HEAD~1 -- src',
  'git log --oneline | head -20',
  'git add . && git commit -m wip && git push',
  'git commit -m "rm -rf data"',
  'git branch -a | grep feature',
  'cat package.json',
  'cat a.txt | sort | uniq -c | sort -rn | head',
  'grep -rn "DROP TABLE" src | wc -l',
  'rg foo src',
  'echo $PATH',
  'echo $(date)',
  'which node',
  'man rm',
  'code src/index.ts',
  'code .',
  'ps aux | grep node',
  'kill 1234',
  'docker ps',
  'docker images',
  'docker logs -f web',
  'kubectl delete pod x',
  'gh pr list',
  'cargo build --release',
  'cargo test',
  'go test ./...',
  'tsc --noEmit',
  'eslint src && prettier --check .',
  'vite build',
  'pytest -q',
  'mkdir -p a/b && touch a/b/c',
  'for f in a b c; do echo $f; done',
  'if [ -f x ]; then cat x; fi',
  'FOO=bar ls',
  'ssh host uptime',
  'clear',
  'history | tail',
];
