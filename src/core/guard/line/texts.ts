// Texts of which a part is not known. Every value of a line is one: what a variable holds, what a
// command prints, a path. A hole stands for any text, and so nothing is lost by not knowing.

/** The hole: what only running the command could tell. */
export const unknownText = '\0';

/** Longer values are not followed. */
const maxLength = 64 * 1024;
/** So many texts a word may stand for at most. */
const maxTexts = 256;

/** Every combination of one text of each part; where they would be too many, a part is a hole. */
export function combined(parts: readonly (readonly string[])[]): readonly string[] {
  return parts.reduce<readonly string[]>(
    (texts, part) => {
      const values = texts.length * part.length > maxTexts ? [unknownText] : part;
      return texts.flatMap((text) => values.map((value) => bounded(text + value)));
    },
    [''],
  );
}

export function bounded(text: string): string {
  return text.length > maxLength ? unknownText : text;
}

export function isUnknown(text: string): boolean {
  return text.includes(unknownText);
}

/** Without doubles; where they are too many, a hole stands for the rest. */
export function distinct(texts: readonly string[]): readonly string[] {
  const all = [...new Set(texts)];
  return all.length > maxTexts ? [...all.slice(0, maxTexts), unknownText] : all;
}

/** Lines of what was printed; a hole may be several. */
export function linesOf(text: string): readonly string[] {
  return distinct(text.split('\n').filter((line) => line !== ''));
}

/** Words as a shell splits what has no quotes. */
export function splitWords(text: string): readonly string[] {
  return distinct(text.split(/\s+/).filter((word) => word !== ''));
}

/** What is printed where nobody knows which of them runs. */
export function oneOf(outputs: readonly string[]): string {
  const given = new Set(outputs.filter((text) => text !== ''));
  return given.size > 1 ? unknownText : ([...given][0] ?? '');
}

/** Made once, and only if somebody asks. */
export function lazily(make: () => string): () => string {
  let text: string | undefined;
  return () => (text ??= bounded(make()));
}

/** What a person is shown of it. */
export function shownText(text: string): string {
  return text.replaceAll(unknownText, '…');
}
