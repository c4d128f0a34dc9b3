// The case table: every line of cases.txt through the matcher, with the real parser and the real
// readers of scripts, in a project on disk.
import { deepStrictEqual, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { maybePattern } from '../../../src/core/guard/maybe-pattern.ts';
import { shellHook } from '../../../src/core/guard/shells/shell-hook.ts';
import { matchLine, type MatchContext } from '../../../src/core/guard/match-line.ts';
import { parseShell } from '../../../src/engine/guard/parse-shell.ts';
import { scriptFacts } from '../../../src/engine/guard/script-facts.ts';
import { needs } from '../../support/needs.ts';
import { tree } from '../../support/tree.ts';

const inText = { cwd: '/', encoding: 'utf8' } as const;

interface Case {
  readonly expected: boolean;
  readonly line: string;
}

const cases: readonly Case[] = readFileSync(join(import.meta.dirname, 'cases.txt'), 'utf8')
  .split('\n')
  .flatMap((text) => {
    const [, expected, line = ''] = /^(yes|no) {1,2} ?(.*)$/.exec(text) ?? [];
    if (expected === undefined) return [];
    return [{ expected: expected === 'yes', line: line.replaceAll(String.raw`\n`, '\n') }];
  });

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

describe('the case table of the guard', () => {
  let context: MatchContext;
  let project: string;

  before(async () => {
    const home = await tree({
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
        exists: existsSync,
        mayBeTracked: () => true,
        ...scriptFacts(),
      },
    };
  });

  needs('zsh');

  it('has at least 180 lines, in both directions', () => {
    ok(cases.length >= 180);
    ok(cases.filter(({ expected }) => expected).length >= 90);
    ok(cases.filter(({ expected }) => !expected).length >= 80);
  });

  it('is right in every line', () => {
    const wrong = cases.flatMap(({ expected, line }) => {
      const found = matchLine(line.replaceAll('/home/me/app', project), context);
      return found.destructive === expected ? [] : [{ line, rule: found.rule, paths: found.paths }];
    });
    deepStrictEqual(wrong, []);
  });

  it('is never asked too late: what is destructive passes the cheap question of the shells', () => {
    // .NET compares without case, and only PowerShell has commands with capitals.
    const pattern = new RegExp(maybePattern(), 'i');
    const missed = cases.filter(({ expected, line }) => expected && !pattern.test(line));
    deepStrictEqual(
      missed.map(({ line }) => line),
      [],
    );
  });

  it('is asked by bash in the same lines as by the pattern', () => {
    const hook = shellHook('bash', ['savepoint'], false) ?? '';
    const body = hook.slice(hook.indexOf('declare -gA'), hook.indexOf('_savepoint_check()'));
    const lines = cases
      .filter(({ expected, line }) => expected && !line.startsWith('Remove-Item'))
      .map(({ line }) => line);
    const script = `${body}\nfor line; do _savepoint_maybe "$line" || printf '%s\\n' "$line"; done`;
    const ran = spawnSync('bash', ['--norc', '-c', script, 'bash', ...lines], {
      cwd: '/',
      encoding: 'utf8',
    });
    deepStrictEqual([ran.stdout, ran.stderr], ['', '']);
  });

  it('is asked by bash and zsh of any line that is longer than anybody types, unread', () => {
    for (const [shell, ran] of [
      ['bash', (script: string) => spawnSync('bash', ['--norc', '-c', script], inText)],
      ['zsh', (script: string) => spawnSync('zsh', ['-f', '-c', script], inText)],
    ] as const) {
      const hook = shellHook(shell, ['savepoint'], false) ?? '';
      const from = hook.indexOf('_savepoint_maybe() {');
      const body = hook.slice(from, hook.indexOf('\n}\n', from) + 3);
      const asked = (line: string) => {
        const { stdout, stderr } = ran(`${body}\n_savepoint_maybe '${line}' && echo maybe`);
        return [stdout, stderr];
      };
      deepStrictEqual(asked(`echo ${'a '.repeat(50_000)}; rm -rf data`), ['maybe\n', '']);
      // Nothing in it is destructive, as one would see who looked through it.
      deepStrictEqual(asked(`echo ${'a '.repeat(50_000)}`), ['maybe\n', '']);
      deepStrictEqual(asked('echo a'), ['', '']);
    }
  });
});
