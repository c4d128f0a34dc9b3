// Which environment variables say where an application keeps its data.

/**
 * - `data`: names a data directory, taken also where it holds no database
 * - `files`: names a folder of uploads or the like
 * - `database`: names a database file, or the folder of one
 */
export type VariableKind = 'data' | 'files' | 'database';

const place = '(?:DIR|DIRECTORY|FOLDER|PATH|ROOT|HOME|LOCATION)';

const kinds: readonly (readonly [VariableKind, RegExp])[] = [
  ['data', new RegExp(`(?:^|_)(?:DATA|STATE)_?${place}$`)],
  // Only these by name: what else ends in `_DATA` is as likely a value that nobody should see.
  ['data', /^(?:MEMOS|DOCO)_DATA$|(?:^|_)USER_FOLDER$/],
  ['files', new RegExp(`(?:^|_)(?:UPLOADS?|MEDIA|ATTACHMENTS?|STORAGE)(?:_LOCAL)?_${place}$`)],
  ['database', /(?:^|_)(?:DB|DATABASE|SQLITE)(?:_DB|_DATABASE)?_(?:PATH|FILE|FILENAME|LOCATION)$/],
  ['database', /(?:^|_)(?:DB|DATABASE|SQLITE)_UR[LI]$/],
];

/** Backups, caches and what tests need are not the data. */
const others = /(?:^|_)(?:BACKUPS?|CACHE|TMP|TEMP|LOGS?|TESTS?|MOCKS?|FIXTURES?|SEEDS?)_/;

/** What a variable of that name says, in whatever case; undefined where it is none of these. */
export function variableKind(name: string): VariableKind | undefined {
  const upper = name.toUpperCase();
  if (others.test(upper)) return undefined;
  return kinds.find(([, pattern]) => pattern.test(upper))?.[0];
}

/**
 * The path that a value names; undefined where it is none. URLs other than those of SQLite files are
 * none, so that no password in one gets any further.
 */
export function pathInValue(value: string, kind: VariableKind): string | undefined {
  const text = value.trim();
  if (text === '' || text.includes('\0') || text.length > 4096) return undefined;
  const url = /^(?:sqlite3?|file):(?:\/\/(?=[^/]|\/))?([^?#]*)/i.exec(text);
  if (url !== null) {
    // sqlite:///relative.db and sqlite:////absolute.db as SQLAlchemy has it; file:./relative.db as Prisma.
    const path = url[1] ?? '';
    const isAlchemy = /^sqlite3?:\/\/\//i.test(text);
    return isAlchemy ? path.slice(1) || undefined : path || undefined;
  }
  if (/^[A-Za-z][A-Za-z0-9+.-]+:/.test(text) || /[\n\r]/.test(text)) return undefined;
  if (kind === 'database' && !/[/\\.]/.test(text)) return undefined;
  return text;
}
