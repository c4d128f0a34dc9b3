// The one place where two versions of a text differ: so that an editor changes, undoes and shows no
// more than that.

export interface TextChange {
  /** UTF-16 offsets in the text before. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The smallest change that makes `after` of `before`, never inside of a line break or a surrogate pair. */
export function textChange(before: string, after: string): TextChange {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  while (start > 0 && (isInside(before, start) || isInside(after, start))) start -= 1;
  let same = 0;
  while (same < most - start && before.at(-1 - same) === after.at(-1 - same)) same += 1;
  while (
    same > 0 &&
    (isInside(before, before.length - same) || isInside(after, after.length - same))
  )
    same -= 1;
  return {
    start,
    end: before.length - same,
    text: after.slice(start, after.length - same),
  };
}

/** True where `offset` lies between two units of one character or line break. */
function isInside(text: string, offset: number): boolean {
  return /^(?:\r\n|[\uD800-\uDBFF][\uDC00-\uDFFF])$/.test(text.slice(offset - 1, offset + 1));
}
