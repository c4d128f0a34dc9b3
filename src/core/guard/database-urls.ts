// The databases that a command works on, as far as its words tell: servers without user, password and
// query, for they are shown. An empty text stands for the project's own, whatever that is.

import { optionValue, splitArguments } from './options.ts';
import { serverAddress, serverOfUrl } from './server-address.ts';
import type { CommandPlace, PlainCommand } from './verdict.ts';

/** The project's own database. */
export const ownDatabase = '';

const file = /^(?:[\w-]+=)?(?:jdbc:)?(?:sqlite3?|file|duckdb)(?:$|:)/i;

type Words = Pick<PlainCommand, 'words' | 'program'>;

/** Of its words, and of the variables that the line itself gives it; none where it names a file. */
export function databasesOf(command: Words, { scope }: CommandPlace): readonly string[] {
  const given = [...scope.variables].flatMap(([, { texts, isExported }]) =>
    isExported ? texts : [],
  );
  const named = [...command.words, ...given].flatMap(addressOf);
  if (named.length > 0) return [...new Set(named)];
  // A file, which is data or none.
  if ([...command.words, ...given].some((word) => file.test(word))) return [];
  const client = clients.find(({ programs }) => programs.test(command.program));
  return [client === undefined ? ownDatabase : addressOfClient(command.words, client)];
}

function addressOf(word: string): readonly string[] {
  const server = serverOfUrl(word.replace(/^[\w-]+=/, ''));
  return server === undefined ? [] : [server.address];
}

interface Client {
  readonly programs: RegExp;
  readonly scheme: string;
  readonly port: string;
  readonly database: readonly string[];
}

/** Programs of one system: without a URL they mean its server nevertheless. */
const clients: readonly Client[] = [
  {
    programs: /^(psql|pgcli|dropdb|createdb|pg_restore|dropuser|reindexdb|vacuumdb)$/,
    scheme: 'postgres',
    port: '-p',
    database: ['-d', '--dbname'],
  },
  {
    programs: /^(mysql|mycli|mysqladmin|mysqlimport)$/,
    scheme: 'mysql',
    port: '-P',
    database: ['-D', '--database'],
  },
  { programs: /^mariadb(-\w+)?$/, scheme: 'mariadb', port: '-P', database: ['-D', '--database'] },
  {
    programs: /^(mongosh?|mongorestore|mongoimport)$/,
    scheme: 'mongodb',
    port: '--port',
    database: ['-d', '--db'],
  },
  { programs: /^redis-cli$/, scheme: 'redis', port: '-p', database: [] },
  {
    programs: /^cockroach$/,
    scheme: 'cockroachdb',
    port: '--port',
    database: ['-d', '--database'],
  },
];

/** `psql -h localhost -d app` */
function addressOfClient(words: readonly string[], client: Client): string {
  const { scheme, port, database } = client;
  const all = words.slice(1);
  const host = optionValue(all, '-h', '--host') ?? '';
  const named = optionValue(all, ...database) ?? positionalName(all, client) ?? '';
  const parts = { scheme, host, port: optionValue(all, port, '--port') ?? '', database: named };
  return serverAddress(parts)?.address ?? ownDatabase;
}

const valueOptions =
  '-h --host -p -P --port -U -u --username --user -c --command -e --execute -f --file -d --dbname -D --database -v --eval'.split(
    ' ',
  );

/** `psql app`, `dropdb app`; what is no plain name is something else. */
function positionalName(all: readonly string[], { scheme }: Client): string | undefined {
  if (scheme === 'redis') return undefined;
  const [name] = splitArguments(all, valueOptions).positional;
  return name !== undefined && /^[\w-]+$/.test(name) ? name : undefined;
}
