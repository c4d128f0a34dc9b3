// Secrets that show by themselves, wherever they stand: tokens with the mark of who gave them out, and
// words that no person would have made up.

const marked: readonly RegExp[] = [
  /\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?/g,
  /\b(?:gh[a-z]|npm|pypi|shp(?:at|ca|pa|ss)|dop_v1|hf|glpat|glptt|sq0[a-z]{3}|rk|pk|whsec|dapi|lin_api|figd|ATATT|tskey|nvapi|sntrys|pscale_\w{2,6}|r8|fo1|SG|dckr_pat|github_pat|sk)[_.-][\w.-]{12,}/g,
  /\b(?:AKIA|ASIA|AGPA|AROA|AIza|ya29\.|xox[a-z]-|xapp-|AGE-SECRET-KEY-)[\w.+/=-]{8,}/g,
  /\b\d{8,10}:[\w-]{35}\b/g,
];

/** Of a whole text, for they are on many lines. */
export function hideKeyBlocks(text: string, hidden: string): string {
  return text.replaceAll(
    /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]{0,40}-----|$)/g,
    hidden,
  );
}

export function hideShapes(text: string, hidden: string): string {
  const plain = marked.reduce((line, pattern) => line.replaceAll(pattern, hidden), text);
  return plain
    .replaceAll(/(?<![\w+/=-])[A-Za-z0-9+/]{40}(?![\w+/=-])/g, (word) =>
      isMixed(word) ? hidden : word,
    )
    .replaceAll(/(?<![A-Za-z0-9])[A-Za-z0-9]{12,}(?![A-Za-z0-9])/g, (word) =>
      isMadeByChance(word) ? hidden : word,
    );
}

function isMixed(word: string): boolean {
  return /[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word) && changes(word) >= 6;
}

/** Ids and hashes in hexadecimal are names of files and commits as long as they are not longer. */
function isMadeByChance(word: string): boolean {
  if (/^[0-9a-f]+$/i.test(word)) return word.length > 64 || (word.length >= 48 && word.length < 64);
  if (!/\d/.test(word) || !/[A-Za-z]/.test(word)) return false;
  const isBoth = /[a-z]/.test(word) && /[A-Z]/.test(word);
  return isBoth ? changes(word) >= 4 : word.length >= 20 && changes(word) >= 6;
}

/** How often it goes from letters to digits and back, or from a small letter to a capital. */
function changes(word: string): number {
  return word.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])|[a-z](?=[A-Z])/g)?.length ?? 0;
}
