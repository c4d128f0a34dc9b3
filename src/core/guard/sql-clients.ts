// Clients of databases that are given SQL: it counts where it writes, or is not known.

import { claims, judged } from './claims.ts';
import { databasesOf } from './database-urls.ts';
import { isUnknown, unknownText } from './line/texts.ts';
import { hasOption, optionValue, splitArguments } from './options.ts';
import { writesSql } from './sql-text.ts';
import {
  destructive,
  harmless,
  mayReach,
  touched,
  worst,
  type CommandPlace,
  type PlainCommand,
  type Verdict,
} from './verdict.ts';

const sqliteOptions = [
  '-cmd',
  '-init',
  '-separator',
  '-newline',
  '-nullvalue',
  '-vfs',
  '-maxsize',
  '-lookaside',
  '-mmap',
  '-pagecache',
];

const reading =
  /^(tables|views|rows|schema|search|triggers|indexes|dump|analyze-tables|plugins|memory|install|uninstall)$/;

/** `sqlite-utils VERB FILE`: what is no reading verb writes; a query is what its SQL is. */
export function matchSqliteUtils(command: PlainCommand, place: CommandPlace): Verdict {
  const { positional } = splitArguments(command.words.slice(1));
  // `query` is what it does by itself.
  const [verb = '', file = ''] = positional;
  const isQuery = verb === 'query' || touched([verb], place).length > 0;
  const [target = '', sql = ''] = verb === 'query' ? positional.slice(1) : positional;
  if (isQuery ? !mayWrite(sql) : reading.test(verb)) return harmless;
  return judged(
    command,
    'sqlite-utils that writes',
    claims('change', [isQuery ? target : file]),
    place,
  );
}

/** True where the SQL writes, or a statement of it is not known. */
function mayWrite(sql: string): boolean {
  return writesSql(sql) || sql.split(';').some((part) => part.trim().startsWith(unknownText));
}

/** `sqlite3 FILE "SQL"`, `sqlite3 FILE < dump.sql` */
export function matchSqlite(command: PlainCommand, place: CommandPlace): Verdict {
  const { positional, options } = splitArguments(command.words.slice(1), sqliteOptions);
  const [file, ...sql] = positional;
  if (file === undefined) return harmless;
  const isFed = command.stdin.isFed && sql.length === 0;
  const texts = [
    ...sql,
    optionValue(command.words, '-cmd') ?? '',
    isFed ? command.stdin.text() : '',
  ];
  const aside = worst(texts.map((text) => dotCommands(command, text, place)));
  const script = optionValue(command.words, '-init') !== undefined;
  const isReadOnly = options.some((option) => /^--?readonly$/.test(option));
  if (isReadOnly || file === ':memory:' || !(script || texts.some(mayWrite))) return aside;
  const path = file.replace(/^file:(\/\/)?/, '').replace(/\?.*$/, '');
  const verdict = judged(command, 'sqlite3 that writes', claims('change', [path]), place);
  return worst([verdict, aside]);
}

/** What its own commands write beside the database, and what they run. */
function dotCommands(command: PlainCommand, text: string, place: CommandPlace): Verdict {
  const all = [...text.matchAll(/^[ \t]*\.(\w+)[ \t]+([^\s]+)/gm)];
  if (all.some(([, name = '']) => /^(shell|system)$/.test(name)))
    return mayReach(command, 'it runs a program');
  const written = all
    .filter(([, name = '']) => /^(output|once|backup|save|excel)$/.test(name))
    .map(([, , path = '']) => path);
  return judged(command, 'sqlite3 that writes a file', claims('overwrite', written), place);
}

interface Client {
  readonly programs: RegExp;
  readonly code: readonly string[];
  readonly file: readonly string[];
  /** True where SQL may follow the name of the database. */
  readonly takesSql?: boolean;
}

const clients: readonly Client[] = [
  {
    programs: /^(psql|pgcli|cockroach|usql)$/,
    code: ['-c', '--command', '-e', '--execute'],
    file: ['-f', '--file'],
  },
  { programs: /^(mysql|mariadb|mycli)$/, code: ['-e', '--execute'], file: [] },
  {
    programs: /^(duckdb|litecli)$/,
    code: ['-c', '-e', '--execute'],
    file: ['-f', '-init'],
    takesSql: true,
  },
  { programs: /^(mongosh|mongo)$/, code: ['--eval'], file: ['-f', '--file'] },
];

/** psql and others: without a path on this disk, what they are given decides. */
export function matchSqlClient(command: PlainCommand, place: CommandPlace): Verdict | undefined {
  const client = clients.find(({ programs }) => programs.test(command.program));
  if (client === undefined) return undefined;
  // These have files, which are data or none.
  const isOfFiles = /^(duckdb|litecli)$/.test(command.program);
  const databases = isOfFiles ? null : databasesOf(command, place);
  const found = (rule: string): Verdict => destructive(command, rule, { databases });
  const withFile = `${command.program} with a file`;
  const [code, file] = [
    optionValue(command.words, ...client.code),
    optionValue(command.words, ...client.file),
  ];
  const sql =
    client.takesSql === true ? splitArguments(command.words.slice(1)).positional[1] : undefined;
  if (file !== undefined) return found(withFile);
  if (code !== undefined || sql !== undefined) {
    const given = `${code ?? ''};${sql ?? ''}`;
    const isWriting = mayWrite(given) || /dropDatabase|deleteMany|drop\(|remove\(/.test(given);
    return isWriting ? found(`${command.program} that writes`) : harmless;
  }
  // Somebody types into it, later.
  const { isFed, text } = command.stdin;
  if (!isFed || hasOption(splitArguments(command.words.slice(1)), '--list', '-l')) return harmless;
  const given = text();
  return isUnknown(given) || writesSql(given) ? found(withFile) : harmless;
}
