// Whether a text of SQL writes.

export const changingSql =
  /\b(drop|delete|update|alter|truncate|replace|insert|create|merge|reindex)\b/i;

const dotCommand = /^[ \t]*\.(read|restore|import|clone|recover)\b/im;
const openSchema = /\bpragma\s+writable_schema/i;

export function writesSql(sql: string): boolean {
  const plain = withoutComments(sql)
    .replaceAll(/--[^\n]*/g, ' ')
    .replaceAll(/'[^']*'/g, "''");
  return changingSql.test(plain) || dotCommand.test(plain) || openSchema.test(plain);
}

function withoutComments(sql: string): string {
  let rest = sql;
  let plain = '';
  for (let open = rest.indexOf('/*'); open >= 0; open = rest.indexOf('/*')) {
    const close = rest.indexOf('*/', open + 2);
    plain += `${rest.slice(0, open)} `;
    // One that is not closed goes on to the end.
    rest = close < 0 ? '' : rest.slice(close + 2);
  }
  return plain + rest;
}
