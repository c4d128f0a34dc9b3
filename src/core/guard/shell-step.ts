// A shell line as the matcher sees it: its simple commands in the order in which they stand, whatever
// of `&&`, pipes, subshells, loops and substitutions they stand in. The engine parses; this is its answer.

/** A piece of a word: text with quotes gone, a variable, or what only running it could tell. */
export type ShellPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string; readonly fallback: ShellWord | null }
  | { readonly kind: 'unknown' };

export type ShellWord = readonly ShellPiece[];

export interface Redirection {
  /** As it is written, e.g. `>`, `>>`, `<`, `<<<`. */
  readonly operator: string;
  readonly target: ShellWord;
}

export interface ShellCommand {
  readonly kind: 'command';
  /** The program and its arguments; none where there are assignments or redirections alone. */
  readonly words: readonly ShellWord[];
  readonly assignments: readonly { readonly name: string; readonly value: ShellWord }[];
  readonly redirections: readonly Redirection[];
  /** The text of a here-document or here-string. */
  readonly input: string | null;
  /** True where the command before it in a pipe feeds it. */
  readonly piped: boolean;
}

export type ShellStep =
  | ShellCommand
  /** A loop's variable and what it goes through. */
  | { readonly kind: 'loop'; readonly name: string; readonly words: readonly ShellWord[] }
  /** Between the two, changes of the current directory and of variables stay inside. */
  | { readonly kind: 'enter' }
  | { readonly kind: 'leave' };

function textWord(text: string): ShellWord {
  return [{ kind: 'text', text }];
}

/** Arguments that never were a shell's text, as one command. */
export function commandOfWords(words: readonly string[]): ShellCommand {
  return {
    kind: 'command',
    words: words.map(textWord),
    assignments: [],
    redirections: [],
    input: null,
    piped: false,
  };
}
