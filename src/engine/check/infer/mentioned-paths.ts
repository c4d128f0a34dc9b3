// Paths in the middle of a text: in JSON of any shape, in pages and notes. What stands in front of
// them, always the same, is what a template finds them by again: `filesystem-v2:`, `/uploads/`.

export interface MentionedPath {
  /** `{column:after."START"}`. */
  readonly start: string;
  /** What stands behind it. */
  readonly value: string;
}

const maxMentions = 24;
/** Of pages and notes: many columns of a sample are prose. */
const maxPageLength = 4096;
/** A scheme of one's own, or the first folder of a path. URLs of other hosts are no paths. */
const pieces =
  /(?<=^|[\s"'`<>()[\]{}\\,;|=])(?<start>[A-Za-z][\w.-]{1,40}:(?!\/\/)|\.{0,2}\/(?:[\w.-]{1,60}\/)?)(?<value>[^\s"'`<>()[\]{}\\,;|?#]{3,512})/g;

/** Each once, the first few; none of a text that is a path as a whole. */
export function pathsInText(text: string): readonly MentionedPath[] {
  if (!/[\s"'<>()[\]{}]/.test(text)) return [];
  const found = new Map<string, MentionedPath>();
  const isJson = /^\s*[[{]/.test(text);
  for (const { groups } of (isJson ? text : text.slice(0, maxPageLength)).matchAll(pieces)) {
    const [start, value] = [
      groups?.['start'] ?? '',
      (groups?.['value'] ?? '').replace(/[.:!]+$/, ''),
    ];
    if (!/[/.]|^[\w-]{16,}$/.test(value)) continue;
    found.set(`${start}\0${value}`, { start, value });
    if (found.size === maxMentions) break;
  }
  return [...found.values()];
}
