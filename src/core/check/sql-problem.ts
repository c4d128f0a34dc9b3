// SQLite's words about an expression of a rule, in ours: they go to people who wrote one line of SQL
// into savepoint.json.

/** What is wrong with the expression, in words that follow `"where": `. */
export function sqlProblem(words: string, table: string, databaseName: string): string {
  const column = /^no such column: (?<name>.+?)(?<inText> - should this be .*)?$/s.exec(words);
  if (column !== null) {
    const { name = '', inText } = column.groups ?? {};
    const none = `no column ${quoted(name)} in table "${table}" of ${databaseName}`;
    return inText === undefined ? none : `${none}: a text stands in single quotes`;
  }
  const called = /^no such function: (.+)$/s.exec(words)?.[1];
  if (called !== undefined)
    return `no function ${called}(): SQLite's own are there, not those of the application`;
  const many = /^misuse of (?:aggregate|window) function (.+)$/s.exec(words)?.[1];
  if (many !== undefined) return `${many} looks at many rows, a rule sees one`;
  const near = /^near (".*"): syntax error$/s.exec(words)?.[1];
  if (near !== undefined) return `no SQL expression, see ${near}`;
  if (words === 'incomplete input') return 'no SQL expression, it ends too early';
  return words;
}

function quoted(name: string): string {
  return name.startsWith('"') ? name : `"${name}"`;
}
