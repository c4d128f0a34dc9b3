// One command, words known: wrappers and delegations are followed, then the tables and the rules about
// paths are asked.

import { matchesSegment } from './data-paths.ts';
import type { ScriptLines } from './facts.ts';
import { matchFiles } from './file-commands.ts';
import { interpret, interpretRunner, type Interpreted } from './interpreters.ts';
import { asksOnly, matchTool } from './match-tool.ts';
import { delegationOf, type Delegation } from './package-managers.ts';
import { decidingPattern, type GuardPattern } from '../config/guard-patterns.ts';
import { asksScript, promisesDestruction, promisesVerb, scriptName } from './script-names.ts';
import { matchInlineCode, matchSqlClient, matchSqlite, matchSqliteUtils } from './sql-clients.ts';
import {
  destructive,
  harmless,
  placedPath,
  unknown,
  worst,
  type CommandPlace,
  type PlainCommand,
  type Verdict,
} from './verdict.ts';
import { unwrap } from './wrappers.ts';
import type { LineReader, ReadCommand } from './line-reader.ts';

export interface WordsContext {
  readonly place: CommandPlace;
  readonly patterns: readonly GuardPattern[];
  readonly reader: LineReader;
  readonly depth: number;
}

export function matchWords(command: ReadCommand, context: WordsContext): Verdict {
  const [first = '', ...args] = command.words;
  if (context.patterns.length > 0) {
    const pattern = decidingPattern(context.patterns, command.words);
    if (pattern !== undefined)
      return pattern.adds ? destructive(command, `savepoint.json: ${pattern.text}`) : harmless;
  }
  const program = programName(first);
  // It takes its own snapshot.
  if (program === 'savepoint' || benign.test(program)) return harmless;
  return (
    followed(program, args, command, context) ??
    matched({ ...command, program }, context) ??
    byName({ ...command, program }, context)
  );
}

/** Shell built-ins and programs that only look, speak or make folders. */
const benign =
  /^(echo|printf|true|false|:|test|\[|\[\[|exit|return|export|declare|local|readonly|typeset|unset|set|shopt|setopt|alias|unalias|cd|pushd|popd|pwd|ls|ll|cat|bat|head|tail|less|more|wc|grep|rg|ag|sort|uniq|cut|tr|awk|jq|yq|sleep|wait|mkdir|touch|which|type|whereis|man|hash|date|whoami|id|uname|df|du|ps|kill|jobs|fg|bg|clear|history|read|shift|break|continue|umask|ulimit|stat|file|diff|cmp|tree|open|xdg-open|code|vim|vi|nvim|nano|emacs|ssh|basename|dirname|realpath|readlink|seq|yes|eslint|prettier|tsc|vite|next|webpack|rollup|esbuild|jest|vitest|mocha|pytest|chmod|chown|ping|top|htop|kubectl|helm|gh)$/;

/** What the command leads to; undefined where it leads nowhere. */
function followed(
  program: string,
  args: readonly string[],
  command: ReadCommand,
  context: WordsContext,
): Verdict | undefined {
  const { reader, place, depth } = context;
  const text = shellText(program, args);
  if (text !== undefined) return worst(text.map((one) => reader.readText(one, place, depth + 1)));
  if (/^(source|\.)$/.test(program)) return scriptFile(args[0] ?? '', context) ?? unknown;
  const runs = interpretRunner(program, args);
  if (runs !== undefined) return interpretedVerdict(program, runs, command, context);
  const unwrapped = unwrap(program, args);
  if (unwrapped !== undefined) return unwrappedVerdict(unwrapped, command, context);
  const delegation = delegationOf(program, args);
  if (delegation !== undefined) return delegated(delegation, command, context);
  const interpreted = interpret(program, args);
  return interpreted && interpretedVerdict(program, interpreted, command, context);
}

function interpretedVerdict(
  program: string,
  interpreted: Interpreted,
  command: ReadCommand,
  context: WordsContext,
): Verdict {
  const { reader, place, depth } = context;
  if (interpreted.kind === 'text') return reader.readText(interpreted.text, place, depth + 1);
  if (interpreted.kind === 'words') return interpretedWords(interpreted.words, command, context);
  if (interpreted.kind === 'code')
    return matchInlineCode({ ...command, program }, interpreted.code, place);
  // A script that is fed to a shell: `sh <<EOF`.
  return fedCode(program, command, context);
}

function unwrappedVerdict(
  {
    words,
    texts,
    isContainer,
  }: {
    readonly words: readonly string[];
    readonly texts: readonly string[];
    readonly isContainer: boolean;
  },
  command: ReadCommand,
  { reader, place, depth }: WordsContext,
): Verdict {
  const inside = isContainer ? { ...place, isContainer } : place;
  const read =
    words.length === 0 ? [] : [reader.readWords({ ...command, words }, inside, depth + 1)];
  return worst([...texts.map((one) => reader.readText(one, inside, depth + 1)), ...read]);
}

/** Lines for a shell in the arguments of built-ins and of those that run several at once. */
function shellText(program: string, args: readonly string[]): readonly string[] | undefined {
  if (program === 'eval') return [args.join(' ')];
  if (program === 'trap') return args.slice(0, 1);
  if (program === 'concurrently')
    return args
      .filter((word) => !word.startsWith('-'))
      .map((word) => word.replace(/^(npm|pnpm|yarn|bun):/, '$1 run '));
  return undefined;
}

function fedCode(
  program: string,
  command: ReadCommand,
  { reader, place, depth }: WordsContext,
): Verdict {
  // `echo "rm -rf data" | sh`, `cat reset.sh | sh`
  const code = command.input ?? command.upstream.join(' ');
  if (code === '') return unknown;
  if (/^(sh|bash|dash|zsh|ksh)$/.test(program)) return reader.readText(code, place, depth + 1);
  return matchInlineCode({ ...command, program }, code, place);
}

function interpretedWords(
  words: readonly string[],
  command: ReadCommand,
  context: WordsContext,
): Verdict {
  const { reader, place, depth } = context;
  const [path = ''] = words;
  const script = scriptFile(path, context);
  if (script !== undefined && script.kind === 'destructive') return script;
  const known = reader.readWords({ ...command, words }, place, depth + 1);
  if (known.kind !== 'unknown') return known;
  return promised(path, words);
}

/** What a script promises by its name, or by what it is told to do, where nothing else tells. */
function promised(path: string, words: readonly string[]): Verdict {
  const args = words.slice(1).filter((word) => word !== 'eval');
  const verb = args.slice(0, /^(db|database)$/.test(args[0] ?? '') ? 2 : 1).join(' ');
  const name = scriptName(path);
  if (promisesDestruction(name) && !asksScript(args))
    return destructive({ words }, `a script named ${name}`);
  return promisesVerb(verb) && !asksScript(args.slice(1))
    ? destructive({ words }, `${name} ${verb}`)
    : unknown;
}

/** What a shell script runs; undefined where it is none that can be read. */
function scriptFile(path: string, { reader, place, depth }: WordsContext): Verdict | undefined {
  const text = place.isContainer ? null : place.facts.shellScript(placedPath(path, place));
  return text === null ? undefined : reader.readText(text, place, depth + 1);
}

function matched(command: PlainCommand, { place }: WordsContext): Verdict | undefined {
  if (/^sqlite3?$/.test(command.program)) return matchSqlite(command, place);
  if (command.program === 'sqlite-utils') return matchSqliteUtils(command, place);
  const tool = matchTool(command, place.facts.layouts);
  if (tool !== undefined) return tool;
  if (matchesHelp(command)) return harmless;
  return matchSqlClient(command) ?? matchFiles(command, place);
}

function matchesHelp({ words, program }: PlainCommand): boolean {
  const isPathCommand = /^(git|rsync|psql|mysql|mariadb)$/.test(program);
  return !isPathCommand && asksOnly(words.slice(1)) && words.at(-1) !== '-h';
}

/** A script by its path: what it runs, else what its name promises. */
function byName(command: PlainCommand, context: WordsContext): Verdict {
  const [first = ''] = command.words;
  const isPath = first.includes('/') || /\.(sh|bash|js|mjs|cjs|ts|py|rb|php|go)$/.test(first);
  if (!isPath) return unknown;
  const script = scriptFile(first, context);
  if (script?.kind === 'destructive') return script;
  if (script?.kind === 'harmless' || /(^|\/)node_modules\//.test(first)) return unknown;
  return promised(first, command.words);
}

function delegated(delegation: Delegation, command: ReadCommand, context: WordsContext): Verdict {
  const { place } = context;
  const folder = delegation.folder === null ? place.cwd : placedPath(delegation.folder, place);
  const there = { ...context, place: { ...place, cwd: folder } };
  if (delegation.kind === 'scripts') return packageScripts(delegation, command, there);
  const { runner, names, file } = delegation;
  return worst(
    names.map((name) => {
      const seen = new Set<string>();
      const find = (one: string | null) => place.facts.target(runner, { folder, file }, one);
      return targetVerdict(name, { find, seen, command, context: there });
    }),
  );
}

function packageScripts(
  { names, orWords }: Extract<Delegation, { readonly kind: 'scripts' }>,
  command: ReadCommand,
  context: WordsContext,
): Verdict {
  const all = context.place.facts.packageScripts(context.place.cwd) ?? {};
  const found = Object.keys(all).filter((name) => names.some((one) => matchesSegment(one, name)));
  const [asked = ''] = names;
  if (found.length > 0)
    return worst(found.map((name) => namedLines(name, scriptLines(name, all), command, context)));
  // Of `install` and its like nothing but the scripts counts.
  if (names.length > 1 && names.includes('postinstall')) return harmless;
  if (orWords.length > 0 && orWords[0] !== undefined && !promisesDestruction(asked))
    return context.reader.readWords(
      { ...command, words: orWords },
      context.place,
      context.depth + 1,
    );
  const known =
    orWords.length === 0
      ? unknown
      : context.reader.readWords({ ...command, words: orWords }, context.place, context.depth + 1);
  if (known.kind === 'destructive') return known;
  return promisesDestruction(asked) ? destructive(command, `a script named ${asked}`) : unknown;
}

function scriptLines(name: string, all: Readonly<Record<string, string>>): readonly string[] {
  return [`pre${name}`, name, `post${name}`].flatMap((one) => all[one] ?? []);
}

/** What the lines do; what its name promises where they do not tell. */
function namedLines(
  name: string,
  lines: readonly string[],
  command: ReadCommand,
  { reader, place, depth }: WordsContext,
): Verdict {
  const verdict = worst(lines.map((line) => reader.readText(line, place, depth + 1)));
  if (verdict.kind !== 'unknown') return verdict;
  return promisesDestruction(name) ? destructive(command, `a script named ${name}`) : unknown;
}

interface TargetContext {
  readonly find: (name: string | null) => ScriptLines | null;
  readonly seen: Set<string>;
  readonly command: ReadCommand;
  readonly context: WordsContext;
}

function targetVerdict(name: string | null, within: TargetContext): Verdict {
  const { find, seen, command, context } = within;
  if (name !== null && seen.has(name)) return harmless;
  if (name !== null) seen.add(name);
  const target = find(name);
  if (target === null) {
    const promises = name !== null && promisesDestruction(name);
    return promises ? destructive(command, `a target named ${name}`) : unknown;
  }
  const needed = worst(target.needs.map((one) => targetVerdict(one, within)));
  if (needed.kind === 'destructive') return needed;
  const own = namedLines(name ?? '', target.commands, command, context);
  return own.kind === 'destructive' ? own : worst([needed, own]);
}

/** Lower case, without path, version and what Windows adds. */
function programName(word: string): string {
  const module = /(?:^|\/)node_modules\/(?!\.bin\/)(@[^/]+\/[^/]+|[^/]+)\//.exec(word)?.[1];
  const plain = (module ?? word).replace(/^(npm|jsr):/, '').replace(/(?<=[^/@])@[^/]*$/, '');
  const known = packagePrograms[plain];
  if (known !== undefined) return known;
  // `go run github.com/pressly/goose/v3/cmd/goose`
  return lastSegment(plain)
    .toLowerCase()
    .replace(/\.(exe|cmd|bat|ps1)$/, '');
}

const packagePrograms: Readonly<Partial<Record<string, string>>> = {
  '@mikro-orm/cli': 'mikro-orm',
  '@adonisjs/core': 'ace',
  '@nestjs/cli': 'nest',
  'ace.js': 'ace',
};

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
