// One command, words known: wrappers and delegations are followed, then the tables and the rules about
// paths are asked. What none of them knows may reach the data.

import { matchCode } from './code/inline-code.ts';
import { decidingPattern, type GuardPattern } from '../config/guard-patterns.ts';
import { claims, judged } from './claims.ts';
import { matchDockerCopy, matchFiles } from './file-commands.ts';
import { interpret, interpretRunner, type Interpreted } from './interpreters.ts';
import type { LineReader, ReadCommand } from './line-reader.ts';
import { knownTextAt } from './line/files.ts';
import { namedCommands } from './line/piped-names.ts';
import { unknownArguments } from './line/scope.ts';
import { isUnknown, shownText } from './line/texts.ts';
import { asksOnly, matchTool } from './match-tool.ts';
import { delegationOf } from './package-managers.ts';
import { programName, scriptProgram } from './program-names.ts';
import { harmlessTool } from './rules/harmless-tools.ts';
import { isHarmlessProgram, outputsOf } from './rules/harmless-programs.ts';
import { delegated } from './script-lines.ts';
import { asksScript, promisesDestruction, promisesVerb, scriptName } from './script-names.ts';
import { matchSqlClient, matchSqlite, matchSqliteUtils } from './sql-clients.ts';
import {
  destructive,
  harmless,
  inFolder,
  mayReach,
  worst,
  type CommandPlace,
  type PlainCommand,
  type Verdict,
} from './verdict.ts';
import { unwrap } from './wrappers.ts';

export interface WordsContext {
  readonly place: CommandPlace;
  readonly patterns: readonly GuardPattern[];
  readonly reader: LineReader;
}

export function matchWords(command: ReadCommand, context: WordsContext): Verdict {
  const [first = ''] = command.words;
  if (context.patterns.length > 0) {
    const pattern = decidingPattern(context.patterns, command.words);
    if (pattern !== undefined) return pattern.adds ? destructive(command, pattern.rule) : harmless;
  }
  const program = programName(first);
  // It takes its own snapshot.
  if (program === 'savepoint') return harmless;
  if (isUnknown(program)) return mayReach(command, 'only running it tells which program it is');
  const plain = { ...command, program };
  if (isHarmlessProgram(program, first)) return outputs(plain, context);
  return (
    followed(plain, context) ??
    matched(plain, context) ??
    subcommand(plain, context) ??
    byName(plain, context) ??
    mayReach(command, `nobody knows what ${shownText(program)} does`)
  );
}

/** Of programs that only read: where an option has them write what they print. */
function outputs(command: PlainCommand, { place }: WordsContext): Verdict {
  const files = outputsOf(command.program, command.words.slice(1));
  return files.length === 0
    ? harmless
    : judged(command, `${command.program} into a file`, claims('overwrite', files), place);
}

/** What the command leads to; undefined where it leads nowhere. */
function followed(command: PlainCommand, context: WordsContext): Verdict | undefined {
  const { reader, place } = context;
  const { program } = command;
  const args = command.words.slice(1);
  if (program === 'concurrently')
    return worst(concurrentLines(args).map((one) => reader.readText(one, place)));
  const named = namedCommands(program, command, place);
  if (named !== undefined) return namedVerdict(named, command, context);
  const runs = interpretRunner(program, args);
  if (runs !== undefined) return interpreted(runs, command, context);
  const inner = unwrappedVerdict(command, context);
  if (inner !== undefined) return inner;
  const delegation = delegationOf(program, args);
  if (delegation !== undefined) {
    const verdict = delegated(delegation, { command, place, reader });
    if (verdict !== undefined) return verdict;
  }
  const code = interpret(program, args);
  return code && interpreted(code, command, context);
}

/** `concurrently "vite" "npm:db:reset"` */
function concurrentLines(args: readonly string[]): readonly string[] {
  return args
    .filter((word) => !word.startsWith('-'))
    .map((word) => word.replace(/^(npm|pnpm|yarn|bun):/, '$1 run '));
}

/** `xargs rm`, and what `find` itself does beside running commands. */
function namedVerdict(
  { commands, isText }: NonNullable<ReturnType<typeof namedCommands>>,
  command: PlainCommand,
  { reader, place }: WordsContext,
): Verdict {
  const all = commands.map((words) =>
    isText
      ? reader.readText(words.join(' '), place)
      : reader.readWords({ words, stdin: command.stdin }, place),
  );
  return worst([...all, matchFiles(command, place) ?? harmless]);
}

function interpreted(code: Interpreted, command: PlainCommand, context: WordsContext): Verdict {
  const { reader, place } = context;
  switch (code.kind) {
    case 'text': {
      const [program = '', ...rest] = code.args;
      return reader.readText(code.text, place, { program, rest, isShifted: false });
    }
    case 'code':
      return codeVerdict(command, code.code, context);
    case 'module':
      return moduleWords(code.words, command, context);
    case 'file':
      return fileWords(code.words, command, context);
    case 'input':
      return fedCode(command, context);
    case 'nothing':
      return harmless;
  }
}

/** perl and ruby take files to change by an option. */
function codeVerdict(command: PlainCommand, code: string, context: WordsContext): Verdict {
  const { place, reader } = context;
  const args = command.words.slice(1);
  const options = args.filter((word) => /^-[a-zA-Z0-9.]+$/.test(word));
  const inPlace =
    /^(perl|ruby)/.test(command.program) && options.some((word) => /^-[a-zA-Z0]*i/.test(word));
  const modules = args.some(
    (word) => /^-(M|m|r)/.test(word) && /^(perl|ruby)/.test(command.program),
  );
  const files = inPlace ? args.filter((word) => !word.startsWith('-') && word !== code) : [];
  return worst([
    judged(command, `${command.program} -i`, claims('change', files), place),
    matchCode(command, code, place, reader),
    modules ? mayReach(command, 'it is code that takes modules') : harmless,
  ]);
}

/** What is fed to a shell or an interpreter; without it somebody types there, later. */
function fedCode(command: PlainCommand, context: WordsContext): Verdict {
  const { stdin, program } = command;
  if (!stdin.isFed) return harmless;
  const code = stdin.text();
  if (isShell(program)) return context.reader.readText(code, context.place);
  return matchCode(command, code, context.place, context.reader);
}

function isShell(program: string): boolean {
  return /^(sh|bash|dash|zsh|ksh|mksh|ash|fish|rbash|pwsh|powershell)$/.test(program);
}

function moduleWords(
  words: readonly string[],
  command: PlainCommand,
  context: WordsContext,
): Verdict {
  const { reader, place } = context;
  const known = reader.readWords({ ...command, words }, place);
  return known.kind === 'may' ? (promised(words[0] ?? '', words) ?? known) : known;
}

/** A file that an interpreter runs: a tool by its name, else what is in it, else what it promises. */
function fileWords(
  words: readonly string[],
  command: PlainCommand,
  context: WordsContext,
): Verdict {
  const [path = '', ...args] = words;
  if (path.includes('/') && isHarmlessProgram(programName(path), path)) return harmless;
  const tool = { ...command, words, program: programName(path) };
  const runs = interpretRunner(tool.program, args);
  const known =
    (runs && interpreted(runs, tool, context)) ??
    matchTool(tool, context.place) ??
    harmlessTool(tool.program, args);
  if (known !== undefined) return known;
  const script = scriptFile(path, args, command.program, context);
  if (script?.kind === 'destructive' || (script !== undefined && isShell(command.program)))
    return script;
  // An empty `seed.js` may not be what will run.
  return promised(path, words) ?? script ?? mayReach(command, 'what it runs is not read here');
}

/** What a script promises by its name, or by what it is told to do, where nothing else tells. */
function promised(path: string, words: readonly string[]): Verdict | undefined {
  const args = words.slice(1).filter((word) => word !== 'eval');
  const verb = args.slice(0, /^(db|database)$/.test(args[0] ?? '') ? 2 : 1).join(' ');
  const name = scriptName(path);
  if (promisesDestruction(name) && !asksScript(args))
    return destructive({ words }, `a script named ${name}`);
  if (asksScript(args)) return harmless;
  if (!promisesVerb(verb)) return undefined;
  return asksScript(args.slice(1)) ? harmless : destructive({ words }, `${name} ${verb}`);
}

/** What is in a script; undefined where it cannot be read. */
function scriptFile(
  path: string,
  rest: readonly string[],
  interpreter: string | undefined,
  { reader, place }: WordsContext,
): Verdict | undefined {
  const text = knownTextAt(path, place);
  if (text === null || isUnknown(path)) return undefined;
  const program = interpreter ?? scriptProgram(path, text);
  if (program === undefined) return undefined;
  if (isShell(program))
    return reader.readText(text, place, { program: path, rest, isShifted: false });
  return matchCode(
    { program, words: [path, ...rest], stdin: place.scope.stdin },
    text,
    place,
    reader,
  );
}

function unwrappedVerdict(
  command: PlainCommand,
  { reader, place }: WordsContext,
): Verdict | undefined {
  const { program } = command;
  const args = command.words.slice(1);
  const found = unwrap(program, args);
  if (found === undefined) return undefined;
  const { words, texts, folders, isContainer } = found;
  const at = folders.reduce(inFolder, place);
  const inside = isContainer ? { ...at, isContainer } : at;
  const read = words.length === 0 ? [] : [reader.readWords({ ...command, words }, inside)];
  // The image's own command, with folders of this machine in it.
  const isMounted =
    isContainer &&
    words.length === 0 &&
    args.some((word) => /^(-v|--volumes?(-from)?|--mount)(=|$)/.test(word));
  return worst([
    ...texts.map((one) => reader.readText(one, inside, unknownArguments)),
    ...read,
    isMounted ? mayReach(command, 'it may write what is mounted') : harmless,
  ]);
}

function matched(command: PlainCommand, { place }: WordsContext): Verdict | undefined {
  const args = command.words.slice(1);
  if (/^sqlite3?$/.test(command.program)) return matchSqlite(command, place);
  if (command.program === 'sqlite-utils') return matchSqliteUtils(command, place);
  const tool = matchTool(command, place);
  if (tool !== undefined) return tool;
  if (asksForHelp(command)) return harmless;
  if (/^(docker|podman|nerdctl)$/.test(command.program) && args[0] === 'cp')
    return matchDockerCopy(command, place);
  return (
    matchSqlClient(command, place) ??
    matchFiles(command, place) ??
    harmlessTool(command.program, args)
  );
}

/** `cargo sqlx migrate run`: a program of its own behind another one's name. */
function subcommand(command: PlainCommand, { reader, place }: WordsContext): Verdict | undefined {
  if (command.program !== 'cargo') return undefined;
  const words = command.words.slice(1).filter((word) => !word.startsWith('+'));
  return words.length === 0 ? harmless : reader.readWords({ ...command, words }, place);
}

function asksForHelp({ words, program }: PlainCommand): boolean {
  const isPathCommand = /^(git|rsync|psql|mysql|mariadb)$/.test(program);
  return !isPathCommand && asksOnly(words.slice(1)) && words.at(-1) !== '-h';
}

/** A script by its path: what it runs, else what its name promises. */
function byName(command: PlainCommand, context: WordsContext): Verdict | undefined {
  const [first = '', ...rest] = command.words;
  const isPath = first.includes('/') || /\.(sh|bash|js|mjs|cjs|ts|py|rb|php|go)$/.test(first);
  if (!isPath) return undefined;
  const script = scriptFile(first, rest, undefined, context);
  if (script !== undefined && script.kind !== 'may') return script;
  if (/(^|\/)node_modules\//.test(first)) return script;
  return promised(first, command.words) ?? script;
}
