// A command line cut into its words as a shell has them, quotes and all, without knowing any shell
// whole: it must never fail and never take long, for what it is given may be anything.

export interface LineWord {
  readonly kind: 'word';
  /** As it was written. */
  readonly text: string;
}

export interface LineGap {
  /** `end` divides commands; a `pipe` feeds the next one. */
  readonly kind: 'space' | 'pipe' | 'end';
  readonly text: string;
}

export type LinePiece = LineWord | LineGap;

/** All of the line, in order. */
export function splitWords(line: string): readonly LinePiece[] {
  const pieces: LinePiece[] = [];
  const closings = new Closings(line);
  for (let at = 0; at < line.length;) {
    const end = isGap(line[at] ?? '') ? gapEnd(line, at) : wordEnd(line, at, closings);
    const text = line.slice(at, end);
    pieces.push({ kind: isGap(line[at] ?? '') ? kindOf(text) : 'word', text });
    at = end;
  }
  return pieces;
}

/** What stands in quotes as a whole, and its quotes; undefined for any other word. */
export function insideQuotes(
  word: string,
): { readonly quote: string; readonly inside: string } | undefined {
  const [quote = ''] = word;
  if (!`"'\``.includes(quote) || word.length < 2 || !word.endsWith(quote)) return undefined;
  const inside = word.slice(1, -1);
  const bare = quote === "'" ? inside : inside.replaceAll(/\\./gs, '');
  return bare.includes(quote) ? undefined : { quote, inside };
}

function isGap(char: string): boolean {
  return char === '' || ' \t\r\n;|&()<>'.includes(char);
}

function gapEnd(line: string, from: number): number {
  let at = from;
  while (at < line.length && isGap(line[at] ?? '')) at += 1;
  return at;
}

function kindOf(gap: string): LineGap['kind'] {
  const marks = gap.replaceAll(/[ \t]/g, '');
  if (marks === '|' || marks === '|&') return 'pipe';
  return /[;|&()\r\n]/.test(marks) ? 'end' : 'space';
}

function wordEnd(line: string, from: number, closings: Closings): number {
  let at = from;
  while (at < line.length) {
    const char = line[at] ?? '';
    if (isGap(char)) return at;
    if (char === '\\') at += 2;
    else if (`"'\``.includes(char)) at = (closings.after(at) ?? at) + 1;
    else at += 1;
  }
  return Math.min(at, line.length);
}

/** Where quotes end. One without its partner, as in "it's", is a character like any other. */
class Closings {
  readonly #line: string;
  readonly #never = new Set<string>();

  constructor(line: string) {
    this.#line = line;
  }

  after(start: number): number | undefined {
    const quote = this.#line[start] ?? '';
    if (this.#never.has(quote)) return undefined;
    for (let at = start + 1; at < this.#line.length; at += 1) {
      const char = this.#line[at];
      if (char === quote) return at;
      if (char === '\\' && quote !== "'") at += 1;
    }
    // None further on either: a long line is not gone through again for each.
    this.#never.add(quote);
    return undefined;
  }
}
