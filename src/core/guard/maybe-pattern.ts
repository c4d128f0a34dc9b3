// The cheap question that a shell asks itself before it starts anything: may this line be destructive? It
// knows what is surely harmless, and asks about everything else. Words for bash and zsh, which look them
// up faster than they read a long expression; for fish and .NET one regular expression.

import { quietGitVerbs } from './git-commands.ts';
import { mayDestroy } from './match-tool.ts';
import { harmlessAtOnce } from './rules/harmless-programs.ts';
import { harmlessPairs } from './rules/harmless-tools.ts';

/** Tools of which so many words are typed that asking each time would be felt. */
const pairedTools = [
  'docker',
  'podman',
  'cargo',
  'go',
  'dotnet',
  'swift',
  'uv',
  'poetry',
  'bundle',
];

/** Editors: harmless unless options tell them what to do. */
const editors = [
  ['vi', 'eEsScW'],
  ['vim', 'eEsScW'],
  ['nvim', 'eEsScWh'],
  ['emacs', 'beslfQ'],
] as const;

/** Keywords behind which a command begins. */
const opening = [
  'if',
  'then',
  'elif',
  'else',
  'do',
  'while',
  'until',
  'time',
  'not',
  'and',
  'or',
  '!',
];
const closing = ['fi', 'done', 'esac', 'for', 'case', 'select', 'function', 'in', '[{]', '[}]'];

/**
 * Each harmless program, or two words of a tool, with what needs a second look nevertheless: letters of
 * options, or `0` for any word that is no option.
 */
export function harmlessWords(): ReadonlyMap<string, string> {
  const pairs = [
    ...quietGitVerbs.map((verb) => `git ${verb}`),
    ...harmlessPairs(pairedTools, mayDestroy),
  ];
  return new Map([...harmlessAtOnce(), ...editors, ...pairs.map((pair) => [pair, ''] as const)]);
}

/** Fits where something is not surely harmless. */
export function maybePattern(): string {
  const words = [...harmlessWords()].map(([name, unless]) => harmlessExpression(name, unless));
  const known = [...words, ...opening, ...closing].join('|');
  const start = `(?:^|[;&|()\\n]|(?:^|[\\s;&|(])(?:${opening.join('|')}|[{])\\s)\\s*`;
  const assignments = '(?:[A-Za-z_][A-Za-z0-9_]*=[^\\s;&|()]*\\s+)*';
  return `[>\`]|${start}${assignments}(?=[^\\s;&|()])(?!(?:${known})(?=[\\s;&|()]|$)|[A-Za-z_][A-Za-z0-9_]*=)`;
}

function harmlessExpression(name: string, unless: string): string {
  const plain = name
    .replaceAll(/[.[\]+:]/g, '[$&]')
    .replaceAll('[[]', '\\[')
    .replace(' ', '\\s+');
  if (unless === '') return plain;
  const option = unless === '0' ? '[^-\\s;&|()]' : `(?:-[^\\s;&|()]*[${unless}]|[+])`;
  return `${plain}(?![^;&|()\\n]*\\s${option})`;
}
