// The databases that a command names by URL: without user, password and query, for they are shown.

import type { CommandPlace, PlainCommand } from './verdict.ts';

const url =
  /^(?:[\w-]+=)?(postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|sqlserver|mssql|cockroachdb|clickhouse|libsql)(?:\+\w+)?:\/\/(?:[^/?#]*@)?([^/?#]*)([^?#]*)/i;

/** Of its words, and of the variables that the line itself gives it; empty where it is the project's own. */
export function databasesOf(
  { words }: Pick<PlainCommand, 'words'>,
  { scope }: CommandPlace,
): readonly string[] {
  const given = [...scope.variables.values()].flatMap(({ texts, isExported }) =>
    isExported ? texts : [],
  );
  return [...new Set([...words, ...given].flatMap(plainUrl))];
}

function plainUrl(word: string): readonly string[] {
  const [, scheme, host = '', path = ''] = url.exec(word) ?? [];
  return scheme === undefined ? [] : [`${scheme.toLowerCase()}://${host}${path}`];
}
