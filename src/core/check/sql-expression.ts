// What of SQL a rule may bring along: one expression over a row. It comes from a file of a repository,
// so nothing in it may begin a second statement, look into other rows, or leave its parentheses.

const tokens =
  /\s+|(?<comment>--|\/\*)|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|(?<word>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|(?<parameter>[?:@$#])|(?<end>;)|(?<open>\()|(?<close>\))|(?<quote>['"`[\0])|./gsu;

const forbidden = new Set(['SELECT', 'WITH', 'VALUES', 'EXISTS']);

/** Why `text` is not taken as an expression, in words; undefined where it is. SQLite still has to accept it. */
export function expressionProblem(text: string): string | undefined {
  if (text.length > maxLength) return `is longer than ${maxLength} characters`;
  let depth = 0;
  for (const { groups = {} } of text.matchAll(tokens)) {
    const problem = tokenProblem(groups);
    if (problem !== undefined) return problem;
    if (groups['open'] !== undefined) depth += 1;
    if (groups['close'] !== undefined) depth -= 1;
    if (depth < 0) break;
  }
  return depth === 0 ? undefined : 'has a parenthesis without its partner';
}

const maxLength = 4000;

function tokenProblem(groups: Readonly<Record<string, string | undefined>>): string | undefined {
  if (groups['comment'] !== undefined) return 'may not hold a comment';
  if (groups['end'] !== undefined) return 'has to be one expression, without a semicolon';
  if (groups['parameter'] !== undefined) return 'may not hold parameters';
  if (groups['quote'] !== undefined) return 'has a quote without its partner';
  const word = groups['word']?.toUpperCase() ?? '';
  if (word === 'LOAD_EXTENSION') return 'may not call load_extension()';
  return forbidden.has(word) ? `may not hold ${word}: it sees one row only` : undefined;
}
