// A name against a pattern of the shell, in time that grows with their lengths alone: a pattern is what
// somebody typed, and must not be able to make a hook slow.

import { unknownText } from './line/texts.ts';

type Token =
  | { readonly kind: 'any' }
  | { readonly kind: 'one'; readonly fits: (character: string) => boolean };

/** `*`, `?` and `[…]`; letters' case makes no difference. An unknown part of the pattern is any text. */
export function matchesSegment(pattern: string, name: string): boolean {
  if (!special.test(pattern)) return pattern.toLowerCase() === name.toLowerCase();
  // No name is so long; what such a pattern means is left open.
  if (pattern.length > maxLength) return true;
  const tokens = tokensOf(pattern.toLowerCase());
  const text = name.toLowerCase();
  let at = 0;
  let token = 0;
  let star = -1;
  let starAt = 0;
  while (at < text.length) {
    const current = tokens[token];
    if (current?.kind === 'any') {
      star = token;
      starAt = at;
      token += 1;
    } else if (current?.fits(text.charAt(at)) === true) {
      token += 1;
      at += 1;
    } else if (star >= 0) {
      // The last `*` takes one more: going back to those before it never finds more.
      starAt += 1;
      at = starAt;
      token = star + 1;
    } else return false;
  }
  return tokens.slice(token).every(({ kind }) => kind === 'any');
}

const maxLength = 1024;
const special = new RegExp(`[*?[${unknownText}]`);

function tokensOf(pattern: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < pattern.length) {
    const character = pattern.charAt(at);
    const set = character === '[' ? setAt(pattern, at) : undefined;
    if (character === '*' || character === unknownText) {
      if (tokens.at(-1)?.kind !== 'any') tokens.push({ kind: 'any' });
    } else if (character === '?') tokens.push({ kind: 'one', fits: () => true });
    else tokens.push({ kind: 'one', fits: set?.fits ?? ((other) => other === character) });
    at = set?.end ?? at + 1;
  }
  return tokens;
}

/** `[a-z]` and `[!a-z]`; undefined where it is not closed: then it is a text. */
function setAt(
  pattern: string,
  start: number,
): { readonly fits: (character: string) => boolean; readonly end: number } | undefined {
  const isNegated = /[!^]/.test(pattern.charAt(start + 1));
  const from = start + (isNegated ? 2 : 1);
  const close = pattern.indexOf(']', from + 1);
  if (close < 0) return undefined;
  const set = pattern.slice(from, close);
  return { fits: (character) => isInSet(set, character) !== isNegated, end: close + 1 };
}

function isInSet(set: string, character: string): boolean {
  for (let at = 0; at < set.length; at += 1) {
    const first = set.charAt(at);
    const isRange = set.charAt(at + 1) === '-' && at + 2 < set.length;
    if (isRange ? character >= first && character <= set.charAt(at + 2) : character === first)
      return true;
    if (isRange) at += 2;
  }
  return false;
}
