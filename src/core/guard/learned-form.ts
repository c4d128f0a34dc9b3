// What all calls of a command have in common: the program and what it is told to do, without what is
// different each time. `pnpm test a.spec.ts` and `pnpm test --watch` are both `pnpm test`.

import { redactCommand, type RedactionFacts } from './redact/redact-command.ts';
import { interpret } from './interpreters.ts';
import type { LineReader } from './line-reader.ts';
import type { ShellStep, ShellWord } from './line/shell-step.ts';
import { isUnknown } from './line/texts.ts';
import { splitArguments } from './options.ts';
import { managerOptions } from './package-managers.ts';
import { isInstalled, programName } from './program-names.ts';
import { neverChangesData } from './rules/harmless-programs.ts';
import { optionsOfTool } from './rules/harmless-tools.ts';
import { unwrap } from './wrappers.ts';

/**
 * The forms of the commands of a line that could have changed data; each once, in their order. What a
 * line only works out while it runs has none.
 */
export function learnedForms(
  command: string | readonly string[],
  parse: LineReader['parse'],
  redaction: RedactionFacts,
): readonly string[] {
  const commands = typeof command === 'string' ? parse(command).flatMap(commandsOf) : [command];
  const forms = commands
    .map(unwrapped)
    .flatMap((words) =>
      textsIn(words).flatMap(parse).flatMap(commandsOf).map(unwrapped).concat([words]),
    )
    .flatMap((words) => learnedForm(words, redaction) ?? []);
  return [...new Set(forms)].slice(0, maxForms);
}

/** A line of more is a script, and whoever guesses which of them it was is wrong. */
const maxForms = 4;
const maxWrappers = 8;
const maxLength = 200;

/** Undefined for what changes no data, or cannot be told from others. */
export function learnedForm(
  words: readonly string[],
  redaction: RedactionFacts,
): string | undefined {
  const plain = plainForm(words);
  if (plain === undefined || plain.length > maxLength) return undefined;
  return redactCommand(plain, redaction);
}

function plainForm([first = '', ...args]: readonly string[]): string | undefined {
  const program = programName(first);
  if (first === '' || /\s/.test(first) || isUnknown(first)) return undefined;
  if (isInstalled(first) && (program === 'savepoint' || neverChangesData(program)))
    return undefined;
  const told = toldTo(program, args);
  if (told === undefined || told.some((word) => isUnknown(word) || /\s/.test(word)))
    return undefined;
  return [isInstalled(first) ? program : first, ...told].join(' ');
}

/** Undefined where it is told by code that nobody types twice. */
function toldTo(program: string, args: readonly string[]): readonly string[] | undefined {
  if (/^(npm|pnpm|yarn|yarnpkg|bun|berry|deno)$/.test(program)) {
    const { positional } = splitArguments(args, managerOptions);
    const [verb, name] = positional;
    if (verb === undefined) return [];
    return /^(run|run-script|rum|task|exec|x|dlx)$/.test(verb) && name !== undefined
      ? [verb, name]
      : [verb];
  }
  const code = interpret(program, args);
  if (code !== undefined) {
    if (code.kind === 'module') return withVerb(['-m'], code.words);
    return code.kind === 'file' ? withVerb([], code.words) : undefined;
  }
  const options = /^(make|gmake|just|task|go-task)$/.test(program)
    ? ['-C', '-f', '--file', '--directory', '-j']
    : optionsOfTool(program);
  if (options === undefined) return [];
  const { positional } = splitArguments(args, options);
  return positional.slice(0, positional[0] === 'compose' ? 2 : 1);
}

/** `manage.py test`, of which the second word says what is done; `import.js users` is one script. */
function withVerb(before: readonly string[], words: readonly string[]): readonly string[] {
  const [file = '', ...args] = words;
  const options = optionsOfTool(programName(file));
  const verbs = options === undefined ? [] : splitArguments(args, options).positional.slice(0, 1);
  return [...before, file, ...verbs];
}

/** `sh -c TEXT`, as agents send each command. */
function textsIn([first = '', ...args]: readonly string[]): readonly string[] {
  const code = interpret(programName(first), args);
  return code?.kind === 'text' && !isUnknown(code.text) ? [code.text] : [];
}

function unwrapped(words: readonly string[]): readonly string[] {
  let command = words;
  for (let left = maxWrappers; left > 0; left -= 1) {
    const [first = '', ...args] = command;
    const inner = unwrap(programName(first), args);
    if (inner === undefined || inner.words.length === 0) return command;
    command = inner.words;
  }
  return command;
}

/** Words of the commands in a step; one that is only known when it runs is a hole. */
function commandsOf(step: ShellStep): readonly (readonly string[])[] {
  switch (step.kind) {
    case 'command':
      return [step.words.map(textOf)];
    case 'pipe':
      return step.parts.flat().flatMap(commandsOf);
    case 'and':
    case 'or':
      return [...step.left, ...step.right].flatMap(commandsOf);
    case 'choice':
      return step.branches.flat().flatMap(commandsOf);
    case 'scope':
    case 'loop':
    case 'redirected':
      return step.steps.flatMap(commandsOf);
    // It runs where it is called, if at all.
    case 'function':
    case 'unread':
      return [];
  }
}

function textOf(word: ShellWord): string {
  return word.map((piece) => (piece.kind === 'text' ? piece.text : '\0')).join('');
}

/** Servers and watchers: what changes while one runs is mostly done by somebody else. */
export function staysRunning(form: string): boolean {
  const [program = '', ...told] = form.split(' ');
  return (
    /^(vite|next|nuxi|astro|storybook|serve|http-server|live-server|browser-sync|uvicorn|gunicorn|hypercorn|daphne|nodemon|watchexec|entr)$/.test(
      programName(program),
    ) || told.some((word) => /^(dev|start|serve|server|runserver|watch|preview|up)(:|$)/.test(word))
  );
}
