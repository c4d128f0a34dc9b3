// Shell text into the steps that the matcher reads. The parser is unbash: it accepts what sh, bash and
// (nearly always) zsh accept, and answers a partial tree for what it cannot read. Nothing is executed.

import { forEachChild, parse, type SyntaxNode } from 'unbash';
import {
  textWord,
  type Redirection,
  type ShellAssignment,
  type ShellCommand,
  type ShellPiece,
  type ShellStep,
  type ShellWord,
} from '../../core/guard/line/shell-step.ts';

type NodeOf<T extends SyntaxNode['type']> = Extract<SyntaxNode, { readonly type: T }>;
type Script = NodeOf<'Script'>;

export function parseShell(text: string): readonly ShellStep[] {
  // Files of Windows end their lines with both.
  return stepsOfScript(parse(text.replaceAll(/\r(?=\n|$)/g, '')), text);
}

function stepsOfScript(script: Script, text: string): readonly ShellStep[] {
  const errors = script.errors ?? [];
  const open = errors.find(({ message }) => /^unterminated (single|double) quote$/.test(message));
  // No shell runs a line with an open quote; where others read quotes in another way it is not known.
  if (open !== undefined && errors.length === 1 && !/[\\`]/.test(text))
    return script.commands.filter(({ end }) => end <= open.pos).flatMap(stepsOf);
  const steps = script.commands.flatMap(stepsOf);
  if (errors.length === 0) return steps;
  return [...steps, { kind: 'unread', why: 'it is not written as sh and bash read it' }];
}

type Readers = {
  readonly [T in SyntaxNode['type']]?: (node: NodeOf<T>) => readonly ShellStep[];
};

const readers: Readers = {
  Command: commandSteps,
  Script: (node) => stepsOfScript(node, '\\'),
  Statement: ({ background, command }) =>
    background === true ? [{ kind: 'scope', steps: stepsOf(command) }] : stepsOf(command),
  CompoundList: ({ commands }) => commands.flatMap(stepsOf),
  AndOr: andOrSteps,
  Pipeline({ commands }) {
    const parts = commands.map(stepsOf);
    return parts.length === 1 ? (parts[0] ?? []) : [{ kind: 'pipe', parts }];
  },
  Subshell: ({ body }) => [{ kind: 'scope', steps: stepsOf(body) }],
  Coproc: ({ body }) => [{ kind: 'scope', steps: stepsOf(body) }],
  BraceGroup: ({ body }) => stepsOf(body),
  Redirected: ({ command, redirects }) => [
    { kind: 'redirected', steps: stepsOf(command), ...streamsOf(redirects) },
  ],
  Function: ({ name, body }) => [{ kind: 'function', name: name.value, steps: stepsOf(body) }],
  If: ifSteps,
  Case: ({ word, items }) => [
    ...[word, ...items.flatMap(({ pattern }) => pattern)].flatMap(nestedSteps),
    { kind: 'choice', branches: items.map(({ body }) => stepsOf(body)) },
  ],
  For: loopSteps,
  Select: loopSteps,
  While: ({ clause, body }) => [
    { kind: 'loop', name: null, words: [], steps: [...stepsOf(clause), ...stepsOf(body)] },
  ],
  ArithmeticFor: ({ initialize, test, update, body }) => [
    ...[initialize, test, update].flatMap((one) => (one === undefined ? [] : nestedSteps(one))),
    { kind: 'loop', name: null, words: [], steps: stepsOf(body) },
  ],
};

/** Where there is no reader only what is substituted within counts. */
function stepsOf(node: SyntaxNode): readonly ShellStep[] {
  const read = readers[node.type] as ((node: SyntaxNode) => readonly ShellStep[]) | undefined;
  return read?.(node) ?? nestedSteps(node);
}

function ifSteps(node: NodeOf<'If'>): readonly ShellStep[] {
  const others = node.elif
    .toReversed()
    .reduce<readonly ShellStep[]>(
      (rest, { clause, then }) => [
        ...stepsOf(clause),
        { kind: 'choice', branches: [stepsOf(then), rest] },
      ],
      node.else === undefined ? [] : stepsOf(node.else),
    );
  return [...stepsOf(node.clause), { kind: 'choice', branches: [stepsOf(node.then), others] }];
}

function loopSteps({
  name,
  wordlist,
  body,
}: NodeOf<'For'> | NodeOf<'Select'>): readonly ShellStep[] {
  const words = wordlist?.flatMap(toWords) ?? [allArguments];
  return [{ kind: 'loop', name: name.value, words, steps: stepsOf(body) }];
}

const allArguments: ShellWord = [
  { kind: 'variable', name: '@', fallback: null, part: 'whole', isList: true, isSplit: false },
];

/** `a && b || c`: from the left. */
function andOrSteps({ commands, operators }: NodeOf<'AndOr'>): readonly ShellStep[] {
  const [first, ...others] = commands;
  return others.reduce<readonly ShellStep[]>(
    (left, command, index) => [
      { kind: operators[index] === '&&' ? 'and' : 'or', left, right: stepsOf(command) },
    ],
    first === undefined ? [] : stepsOf(first),
  );
}

/** What is substituted within a node, wherever; where only its commands count. */
function nestedSteps(node: SyntaxNode): readonly ShellStep[] {
  if (node.type === 'CommandExpansion' || node.type === 'ProcessSubstitution')
    return [{ kind: 'scope', steps: scriptSteps(node.script) }];
  if (node.type === 'ArithmeticCommandExpansion')
    return [{ kind: 'scope', steps: scriptSteps(node.script) }];
  const steps: ShellStep[] = [];
  forEachChild(node, (child) => {
    steps.push(...nestedSteps(child));
  });
  return steps;
}

function scriptSteps(script: Script | undefined): readonly ShellStep[] {
  return script === undefined ? [] : stepsOf(script);
}

function commandSteps(node: NodeOf<'Command'>): readonly ShellStep[] {
  const words = node.name === undefined ? [] : [...toWords(node.name)];
  const assigned = node.prefix.filter((item) => item.type === 'Assignment');
  const before: ShellStep[] = [];
  for (const arg of node.args) {
    if (arg.type !== 'Assignment') words.push(...toWords(arg));
    // `export A=b` and `rm A=b` look alike to the parser; as a word it is what was typed.
    else if (arg.value.type === 'Word' && arg.index === undefined)
      words.push([
        ...textWord(`${arg.name}${arg.append === true ? '+' : ''}=`),
        ...toWord(arg.value),
      ]);
    else before.push({ ...emptyCommand, assignments: [toAssignment(arg)] });
  }
  const command = {
    ...emptyCommand,
    words,
    assignments: assigned.map(toAssignment),
    ...streamsOf(node.redirects),
  };
  return [...before, command];
}

const emptyCommand: ShellCommand = {
  kind: 'command',
  words: [],
  assignments: [],
  redirections: [],
  input: null,
};

function toAssignment({ name, value, append, index }: NodeOf<'Assignment'>): ShellAssignment {
  const values = value.type === 'Word' ? [toWord(value)] : value.elements.flatMap(toWords);
  return { name, values, isAdded: append === true || index !== undefined };
}

type Redirects = NodeOf<'Command'>['redirects'];

function streamsOf(redirects: Redirects): Pick<ShellCommand, 'redirections' | 'input'> {
  return { redirections: redirects.flatMap(toRedirection), input: inputOf(redirects) };
}

function toRedirection(redirect: Redirects[number]): readonly Redirection[] {
  if (redirect.type !== 'Redirect' || redirect.target === undefined) return [];
  const { operator, descriptor, target } = redirect;
  const number = descriptor?.type === 'FileDescriptor' ? descriptor.value : null;
  return [{ operator, descriptor: number, target: toWord(target) }];
}

function inputOf(redirects: Redirects): ShellWord | null {
  const input = redirects.findLast(({ type }) => type !== 'Redirect');
  if (input?.type === 'HereString')
    return input.target === undefined ? textWord('') : unsplit(toWord(input.target));
  if (input?.type !== 'HereDoc') return null;
  const { text, parts } = input.body;
  return parts === undefined ? textWord(text) : unsplit(parts.flatMap(toPieces));
}

/** As between quotes: no part of it is split into words. */
function unsplit(word: ShellWord): ShellWord {
  return word.map((piece) => ('isSplit' in piece ? { ...piece, isSplit: false } : piece));
}

type Word = NodeOf<'Word'>;
type Part = NonNullable<Word['parts']>[number];

function toWord(word: Word): ShellWord {
  return word.parts === undefined ? textWord(word.value) : word.parts.flatMap(toPieces);
}

/** A list in braces stands for several words: `cp app.db{.bak,}` has a source and a target. */
function toWords(word: Word): readonly ShellWord[] {
  const parts = word.parts ?? [];
  const lists = parts.filter(isPlainList).map(choicesOf);
  const count = lists.reduce((product, { length }) => product * length, 1);
  if (count <= 1 || count > maxListed) return [toWord(word)];
  return parts.reduce<readonly ShellWord[]>(
    (words, part) => {
      const choices = isPlainList(part) ? choicesOf(part).map(textWord) : [toPieces(part)];
      return words.flatMap((one) => choices.map((pieces) => [...one, ...pieces]));
    },
    [[]],
  );
}

function choicesOf({
  text,
}: Extract<Part, { readonly type: 'BraceExpansion' }>): readonly string[] {
  return text.slice(1, -1).split(',');
}

/** Words that lists in braces may become; where they would be more they stay patterns. */
const maxListed = 64;

/** Ranges, and lists in lists, stay patterns too. */
function isPlainList(part: Part): part is Extract<Part, { readonly type: 'BraceExpansion' }> {
  return part.type === 'BraceExpansion' && /^\{[^{}'"$`\\]*,[^{}'"$`\\]*\}$/.test(part.text);
}

function toPieces(part: Part): readonly ShellPiece[] {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
    case 'Glob':
      return textWord(part.value);
    case 'DoubleQuoted':
    case 'LocaleString':
      return unsplit(part.parts.flatMap(toPieces));
    case 'BraceExpansion':
      return textWord(part.text);
    case 'ExtendedGlob':
      return textWord('*');
    case 'SimpleExpansion':
      return [variable(part.text.slice(1))];
    case 'ParameterExpansion':
      return [toVariable(part)];
    case 'CommandExpansion':
      return [{ kind: 'output', steps: scriptSteps(part.script), isSplit: true }];
    case 'ProcessSubstitution':
      return [{ kind: 'stream', steps: scriptSteps(part.script) }];
    case 'ArithmeticExpansion':
      return [{ kind: 'unknown', steps: nestedSteps(part) }];
  }
}

type VariablePiece = Extract<ShellPiece, { readonly kind: 'variable' }>;

function variable(name: string, more: Partial<VariablePiece> = {}): VariablePiece {
  return {
    kind: 'variable',
    name,
    fallback: null,
    part: 'whole',
    isList: /^[@*]$/.test(name),
    isSplit: true,
    ...more,
  };
}

/** Only what the text alone tells; whatever else is made of the variable's value is not known. */
function toVariable(expansion: Extract<Part, { readonly type: 'ParameterExpansion' }>): ShellPiece {
  const { parameter, prefix, index, operation } = expansion;
  const unknown: ShellPiece = { kind: 'unknown', steps: nestedSteps(expansion) };
  if (prefix !== undefined) return unknown;
  const isList = index === undefined ? /^[@*]$/.test(parameter) : /^[@*]$/.test(index.value);
  if (operation === undefined) return variable(parameter, { isList });
  if (operation.type === 'Default' && /[-=]/.test(operation.operator))
    return variable(parameter, { isList, fallback: toWord(operation.operand) });
  if (operation.type === 'Default' && operation.operator.includes('?'))
    return variable(parameter, { isList });
  if (operation.type !== 'Remove') return unknown;
  const removed = `${operation.operator}${operation.operand.text}`;
  if (removed === '%/*') return variable(parameter, { part: 'folder' });
  return removed === '##*/' ? variable(parameter, { part: 'name' }) : unknown;
}
