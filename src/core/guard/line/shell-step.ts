// A shell line as the matcher sees it: what runs, in its order, with what decides over it. The engine
// parses; this is its answer. Nothing of it was run.

/** A piece of a word: text with quotes gone, or what stands for one. */
export type ShellPiece =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly fallback: ShellWord | null;
      /** `${x%/*}` is the folder of its value, `${x##*\/}` the name. */
      readonly part: 'whole' | 'folder' | 'name';
      /** `${x[@]}`: all that it holds, one after the other. */
      readonly isList: boolean;
      /** Without quotes: what it holds is split into words. */
      readonly isSplit: boolean;
    }
  /** `$(…)`: what its steps print. */
  | { readonly kind: 'output'; readonly steps: readonly ShellStep[]; readonly isSplit: boolean }
  /** `<(…)` and `>(…)`: a file that stands for what the steps print or read. */
  | { readonly kind: 'stream'; readonly steps: readonly ShellStep[] }
  /** What only running it could tell, and what runs for it. */
  | { readonly kind: 'unknown'; readonly steps: readonly ShellStep[] };

export type ShellWord = readonly ShellPiece[];

export interface Redirection {
  /** As it is written, e.g. `>`, `>>`, `<`. */
  readonly operator: string;
  /** The descriptor before it; null where there is none. */
  readonly descriptor: number | null;
  readonly target: ShellWord;
}

export interface ShellAssignment {
  readonly name: string;
  /** Several for an array. */
  readonly values: readonly ShellWord[];
  /** True where what it held before stays. */
  readonly isAdded: boolean;
}

export interface ShellCommand {
  readonly kind: 'command';
  /** The program and its arguments; none where there are assignments or redirections alone. */
  readonly words: readonly ShellWord[];
  readonly assignments: readonly ShellAssignment[];
  readonly redirections: readonly Redirection[];
  /** A here-document or here-string. */
  readonly input: ShellWord | null;
}

export type ShellStep =
  | ShellCommand
  /** What each prints is what the next reads. */
  | { readonly kind: 'pipe'; readonly parts: readonly (readonly ShellStep[])[] }
  /** Changes of the folder and of variables stay inside. */
  | { readonly kind: 'scope'; readonly steps: readonly ShellStep[] }
  /** `&&` and `||`. */
  | {
      readonly kind: 'and' | 'or';
      readonly left: readonly ShellStep[];
      readonly right: readonly ShellStep[];
    }
  /** One of them runs, or none. */
  | { readonly kind: 'choice'; readonly branches: readonly (readonly ShellStep[])[] }
  /** The variable of `for` goes through the words; null for `while`. */
  | {
      readonly kind: 'loop';
      readonly name: string | null;
      readonly words: readonly ShellWord[];
      readonly steps: readonly ShellStep[];
    }
  | { readonly kind: 'function'; readonly name: string; readonly steps: readonly ShellStep[] }
  /** `{ …; } > file` */
  | {
      readonly kind: 'redirected';
      readonly steps: readonly ShellStep[];
      readonly redirections: readonly Redirection[];
      readonly input: ShellWord | null;
    }
  /** What was not read: a shell runs it nevertheless. */
  | { readonly kind: 'unread'; readonly why: string };

export function textWord(text: string): ShellWord {
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
  };
}
