// Text that people or programs chose, inside Markdown that we chose.

/** `text` as it is, whatever it holds: no link, image, icon, HTML or emphasis comes out of it. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_{}[\]()#+\-!~|$>]/g, String.raw`\$&`)
    .replaceAll(/\s+/g, ' ');
}

/** Paragraphs whose lines stay lines. */
export function markdownLines(lines: readonly (string | null | undefined | false)[]): string {
  return lines.filter((line) => line !== '' && Boolean(line)).join('  \n');
}
