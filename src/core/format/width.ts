// How wide text is in a terminal, and how it is cut and padded to fit. Names may hold anything: what
// would move the cursor, break the line or turn its direction is written as an escape first.

const printableAscii = /^[\x20-\x7e]*$/;
const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]+$/u;
const wide =
  /^(?:(?![\uff61-\uffdc])[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\u2ff0-\u303e\u3041-\u33ff\u4dc0-\u4dff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|\p{Emoji}\ufe0f|\p{Regional_Indicator}{2})/u;
const mustEscape = /[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const mustEscapeAll = new RegExp(`${mustEscape.source}|\\\\`, 'gu');
const ellipsis = '...';

/** Columns that `text` takes. Wide and combining characters and emoji count as a terminal shows them. */
export function displayWidth(text: string): number {
  if (printableAscii.test(text)) return text.length;
  let width = 0;
  for (const segment of graphemes(text)) width += graphemeWidth(segment);
  return width;
}

/** `text` in at most `width` columns; what is cut ends in `...`. */
export function cut(text: string, width: number): string {
  if (fits(text, width)) return text;
  return `${head(text, Math.max(0, width - ellipsis.length)).trimEnd()}${ellipsis}`.slice(0, width);
}

/** Like `cut`, but what is left out is in the middle: both ends of a path tell most. */
export function cutMiddle(text: string, width: number): string {
  if (fits(text, width)) return text;
  const room = Math.max(0, width - ellipsis.length);
  const end = tail(text, Math.ceil(room * 0.6));
  return `${head(text, room - displayWidth(end))}${ellipsis}${end}`.slice(-Math.max(0, width));
}

/** `text` with spaces behind it to `width` columns; longer text stays as it is. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/**
 * A name or label on one line: control characters, line breaks, characters that turn the writing
 * direction, and bytes that are not UTF-8 become escapes such as `\n` and `\xff`. A name that needs
 * none stays as it is.
 */
export function visible(name: string): string {
  return mustEscape.test(name) ? name.replaceAll(mustEscapeAll, escapeOf) : name;
}

/** `cut(visible(text), width)`; of a text of megabytes only the beginning is gone through. */
export function cutVisible(text: string, width: number): string {
  const beginning = visible(text.slice(0, 64 * width));
  // What takes no room may be any number of characters.
  return cut(fits(beginning, width) ? visible(text) : beginning, width);
}

/** Words of `text` in lines of at most `width` columns; a longer word stands alone. */
export function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && displayWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

let segmenter: Intl.Segmenter | undefined;

/** The characters that a person sees. Most names are ASCII, and Intl takes a while to begin with. */
function* graphemes(text: string): Iterable<string> {
  if (printableAscii.test(text)) {
    yield* text;
    return;
  }
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  for (const { segment } of segmenter.segment(text)) yield segment;
}

/** True where `text` takes no more columns; what is beyond is not gone through. */
function fits(text: string, width: number): boolean {
  if (printableAscii.test(text)) return text.length <= width;
  let used = 0;
  for (const segment of graphemes(text)) {
    used += graphemeWidth(segment);
    if (used > width) return false;
  }
  return true;
}

function graphemeWidth(segment: string): number {
  if (zeroWidth.test(segment)) return 0;
  return wide.test(segment) ? 2 : 1;
}

function head(text: string, width: number): string {
  let [out, used] = ['', 0];
  for (const segment of graphemes(text)) {
    used += graphemeWidth(segment);
    if (used > width) break;
    out += segment;
  }
  return out;
}

function tail(text: string, width: number): string {
  let [out, used] = ['', 0];
  for (const segment of Array.from(graphemes(text)).toReversed()) {
    used += graphemeWidth(segment);
    if (used > width) break;
    out = segment + out;
  }
  return out;
}

const namedEscapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function escapeOf(char: string): string {
  const named = namedEscapes[char];
  if (named !== undefined) return named;
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${hex(code, 2)}`;
  // A byte that is not UTF-8: see names.ts.
  return code >= 0xdc80 && code <= 0xdcff ? `\\x${hex(code - 0xdc00, 2)}` : `\\u${hex(code, 4)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
