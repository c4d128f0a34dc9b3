import { join } from 'node:path';
import { databasePath } from '../sample-data.ts';
import { firstLineOf, makeEmpty, type Tool, type ToolKind } from './tool.ts';

export const sqlite: ToolKind = {
  name: 'sqlite3',
  how: 'the database alone: `.backup`, `.restore`, `sqldiff`, `PRAGMA integrity_check`',
  isPeer: false,
  version: () => firstLineOf('sqlite3', '--version')?.split(' ')[0] ?? null,
  create({ project, store }): Tool {
    const live = join(project, databasePath);
    const copy = (name: string): string => join(store, `${name}.db`);
    const hasSqldiff = firstLineOf('sqldiff', '--help') !== null;
    return {
      needsSync: false,
      restores: 'database',
      reset: () => makeEmpty(store),
      snapshot: (name) => ({ argv: ['sqlite3', live, `.backup '${copy(name)}'`] }),
      restore: (name) => ({ argv: ['sqlite3', live, `.restore '${copy(name)}'`] }),
      diff: (a, b) => (hasSqldiff ? { argv: ['sqldiff', copy(a), copy(b)] } : null),
      diffRows: (a, b) => (hasSqldiff ? { argv: ['sqldiff', copy(a), copy(b)] } : null),
      verify: (name) => ({ argv: ['sqlite3', copy(name), 'PRAGMA integrity_check'] }),
    };
  },
};
