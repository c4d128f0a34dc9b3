// Shell text into the steps that the matcher reads. The parser is unbash: it accepts what sh, bash and
// (nearly always) zsh accept, and answers a partial tree for what it cannot read. Nothing is executed.

import { forEachChild, parse, type SyntaxNode } from 'unbash';
import type { Redirection, ShellPiece, ShellStep, ShellWord } from '../../core/guard/shell-step.ts';

type NodeOf<T extends SyntaxNode['type']> = Extract<SyntaxNode, { readonly type: T }>;

export function parseShell(text: string): readonly ShellStep[] {
  const steps: ShellStep[] = [];
  // Files of Windows end their lines with both.
  walk(parse(text.replaceAll(/\r(?=\n|$)/g, '')), steps, false);
  return steps;
}

function walk(node: SyntaxNode, steps: ShellStep[], piped: boolean): void {
  if (node.type === 'Command') return walkCommand(node, steps, piped);
  if (node.type === 'Pipeline') {
    node.commands.forEach((command, index) => walk(command, steps, piped || index > 0));
    return;
  }
  const isScoped = node.type === 'Subshell' || node.type === 'CommandExpansion';
  if (isScoped) steps.push({ kind: 'enter' });
  if ((node.type === 'For' || node.type === 'Select') && node.wordlist !== undefined)
    steps.push({ kind: 'loop', name: node.name.value, words: node.wordlist.map(toWord) });
  forEachChild(node, (child) => walk(child, steps, piped));
  if (node.type === 'Redirected') walkRedirected(node, steps);
  if (isScoped) steps.push({ kind: 'leave' });
}

function walkCommand(node: NodeOf<'Command'>, steps: ShellStep[], piped: boolean): void {
  // What is substituted runs before the command itself.
  forEachChild(node, (child) => walk(child, steps, false));
  const words = node.name === undefined ? [] : [toWord(node.name)];
  const assigned = node.prefix.filter((item) => item.type === 'Assignment');
  for (const arg of node.args) {
    // `export A=b` and `rm A=b` look alike to the parser; as a word it is what was typed.
    if (arg.type === 'Assignment') words.push([{ kind: 'text', text: arg.text }]);
    else words.push(...toWords(arg));
  }
  const declared = /^(export|declare|local|readonly|typeset)$/.test(node.name?.value ?? '')
    ? node.args.filter((item) => item.type === 'Assignment')
    : [];
  steps.push({
    kind: 'command',
    words,
    assignments: [...assigned, ...declared].flatMap(({ name, value }) =>
      value.type === 'Word' ? [{ name, value: toWord(value) }] : [],
    ),
    redirections: node.redirects.flatMap(toRedirection),
    input: inputOf(node.redirects),
    piped,
  });
}

/** `{ …; } > file`: the redirection belongs to no command of its own. */
function walkRedirected(node: NodeOf<'Redirected'>, steps: ShellStep[]): void {
  steps.push({
    kind: 'command',
    words: [],
    assignments: [],
    redirections: node.redirects.flatMap(toRedirection),
    input: inputOf(node.redirects),
    piped: false,
  });
}

type Redirects = NodeOf<'Command'>['redirects'];

function toRedirection(redirect: Redirects[number]): readonly Redirection[] {
  if (redirect.type === 'HereDoc' || redirect.target === undefined) return [];
  return [{ operator: redirect.operator, target: toWord(redirect.target) }];
}

function inputOf(redirects: Redirects): string | null {
  for (const redirect of redirects) {
    if (redirect.type === 'HereDoc') return redirect.body.text;
    if (redirect.type === 'HereString') return redirect.target?.value ?? '';
  }
  return null;
}

type Word = NodeOf<'Word'>;
type Part = NonNullable<Word['parts']>[number];

function toWord(word: Word): ShellWord {
  return word.parts === undefined
    ? [{ kind: 'text', text: word.value }]
    : word.parts.flatMap(toPieces);
}

/** A list in braces stands for several words: `cp app.db{.bak,}` has a source and a target. */
function toWords(word: Word): readonly ShellWord[] {
  const choices = (word.parts ?? []).map((part) =>
    isPlainList(part)
      ? part.text
          .slice(1, -1)
          .split(',')
          .map((text) => [{ kind: 'text', text } as const])
      : [toPieces(part)],
  );
  const count = choices.reduce((product, { length }) => product * length, 1);
  if (count <= 1 || count > maxListed) return [toWord(word)];
  return choices.reduce<readonly ShellWord[]>(
    (words, texts) => words.flatMap((one) => texts.map((pieces) => [...one, ...pieces])),
    [[]],
  );
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
      return [{ kind: 'text', text: part.value }];
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.flatMap(toPieces);
    case 'BraceExpansion':
      return [{ kind: 'text', text: part.text }];
    case 'ExtendedGlob':
      return [{ kind: 'text', text: '*' }];
    case 'SimpleExpansion':
      return [{ kind: 'variable', name: part.text.slice(1), fallback: null }];
    case 'ParameterExpansion':
      return [toVariable(part)];
    case 'CommandExpansion':
      return [toSubstituted(part.text)];
    case 'ArithmeticExpansion':
    case 'ProcessSubstitution':
      return [{ kind: 'unknown' }];
  }
}

function toVariable(part: Extract<Part, { readonly type: 'ParameterExpansion' }>): ShellPiece {
  const { parameter, prefix, index, operation } = part;
  if (prefix !== undefined || index !== undefined) return { kind: 'unknown' };
  if (operation === undefined) return { kind: 'variable', name: parameter, fallback: null };
  // Only the defaults can be told from the text alone; `+` needs nothing of the variable's value.
  if (operation.type !== 'Default' || !/[-=?]/.test(operation.operator)) return { kind: 'unknown' };
  const fallback = operation.operator.includes('?') ? null : toWord(operation.operand);
  return { kind: 'variable', name: parameter, fallback };
}

/** `$(pwd)` is the one substitution whose answer is known. */
function toSubstituted(text: string): ShellPiece {
  return /^(\$\(\s*pwd( -[LP])?\s*\)|`\s*pwd\s*`)$/.test(text)
    ? { kind: 'variable', name: 'PWD', fallback: null }
    : { kind: 'unknown' };
}
