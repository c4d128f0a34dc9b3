// `guard.commands` of savepoint.json: `prisma migrate *` adds, `!npm run db:types` takes out. As in
// .gitignore the last one that fits decides.

export interface GuardPattern {
  readonly text: string;
  readonly adds: boolean;
  /** What a person is told, and the words are destructive by. */
  readonly rule: string;
  readonly fits: (command: string, words: readonly string[]) => boolean;
}

/** Undefined where nothing is left to compare with. */
export function parseGuardPattern(text: string): GuardPattern | undefined {
  const adds = !text.startsWith('!');
  const words = (adds ? text : text.slice(1)).trim().split(/\s+/);
  const plain = words.join(' ');
  if (plain === '' || /^[*\s]+$/.test(plain)) return undefined;
  // `prisma migrate *` means `prisma migrate` too.
  const open = plain.replace(/ \*$/, '');
  const source = open.split('*').map(escaped).join('.*');
  const expression = new RegExp(`^${source}${open === plain ? '' : '( .*)?'}$`, 's');
  return {
    text,
    adds,
    rule: `savepoint.json: ${text}`,
    fits: (command) => expression.test(command),
  };
}

/** What is wrong with a pattern, in words; undefined where nothing is. */
export function guardPatternProblem(text: string): string | undefined {
  if (parseGuardPattern(text) !== undefined) return undefined;
  return `${JSON.stringify(text)} names no command: "prisma migrate *" adds, "!npm run db:types" takes out`;
}

/** The pattern that decides on a command; undefined where none fits. */
export function decidingPattern(
  patterns: readonly GuardPattern[],
  words: readonly string[],
): GuardPattern | undefined {
  const command = words.join(' ');
  return patterns.findLast((pattern) => pattern.fits(command, words));
}

function escaped(text: string): string {
  return text.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
}
