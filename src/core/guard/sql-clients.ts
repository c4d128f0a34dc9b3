// Clients of databases that are given SQL: it counts where it writes, or is a file.

import { hasOption, optionValue, splitArguments } from './options.ts';
import {
  destructive,
  harmless,
  touched,
  unknown,
  type CommandPlace,
  type PlainCommand,
  type Verdict,
} from './verdict.ts';

const writes =
  /\b(drop|delete|update|alter|truncate|replace|insert|create|merge|reindex)\b|^\s*\.(read|restore|import|clone|recover)\b|\bpragma\s+writable_schema/im;

function writesSql(sql: string): boolean {
  const plain = sql.replaceAll(/--[^\n]*|\/\*[^]*?\*\//g, ' ').replaceAll(/'(?:[^']|'')*'/g, "''");
  return writes.test(plain);
}

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
  const paths = touched([isQuery ? target : file], place);
  if (paths.length === 0 || (isQuery ? !writesSql(sql) : reading.test(verb))) return harmless;
  return destructive(command, 'sqlite-utils that writes', paths);
}

/** `sqlite3 FILE "SQL"`, `sqlite3 FILE < dump.sql`: only over a database of the data. */
export function matchSqlite(command: PlainCommand, place: CommandPlace): Verdict {
  const { positional, options } = splitArguments(command.words.slice(1), sqliteOptions);
  const [file, ...sql] = positional;
  if (file === undefined || options.some((option) => /^--?readonly$/.test(option))) return harmless;
  const paths = touched([file.replace(/^file:(\/\/)?/, '').replace(/\?.*$/, '')], place);
  if (paths.length === 0) return harmless;
  const commands = [...sql, optionValue(command.words, '-cmd') ?? ''];
  const reads = command.isFed && command.input === null && sql.length === 0;
  const script = optionValue(command.words, '-init') !== undefined;
  if (reads || script || [...commands, command.input ?? ''].some(writesSql))
    return destructive(command, 'sqlite3 that writes', paths);
  return harmless;
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
export function matchSqlClient(command: PlainCommand): Verdict | undefined {
  const client = clients.find(({ programs }) => programs.test(command.program));
  if (client === undefined) return undefined;
  const rule = `${command.program} that writes`;
  const [code, file] = [
    optionValue(command.words, ...client.code),
    optionValue(command.words, ...client.file),
  ];
  const sql =
    client.takesSql === true ? splitArguments(command.words.slice(1)).positional[1] : undefined;
  if (file !== undefined) return destructive(command, `${command.program} with a file`);
  if (code !== undefined || sql !== undefined) {
    const given = `${code ?? ''}\n${sql ?? ''}`;
    const isWriting = writesSql(given) || /dropDatabase|deleteMany|drop\(|remove\(/.test(given);
    return isWriting ? destructive(command, rule) : harmless;
  }
  if (!command.isFed || hasOption(splitArguments(command.words.slice(1)), '--list', '-l'))
    return unknown;
  if (command.input !== null && !writesSql(command.input)) return harmless;
  return destructive(command, `${command.program} with a file`);
}

const deletes =
  /\b(rmtree|rmSync|rmdirSync|unlinkSync|unlink|rm_rf|rm_r|rmdir|truncate|truncateSync|writeFileSync|deleteMany|dropDatabase|os\.remove|fs\.rm|FileUtils|File\.delete|emptyDir|emptyDirSync|removeSync)\b|\bdrop\s+table\b|\bdelete\s+from\b|\bupdate\s+\S+\s+set\b|\balter\s+table\b|\b(drop_all|delete_all|destroy_all)\b|::truncate|\.objects\b.*\.delete\(\)|\bexecutescript\b/i;

/** `python -c "shutil.rmtree('data')"`: deletes something, and names the data. */
export function matchInlineCode(command: PlainCommand, code: string, place: CommandPlace): Verdict {
  if (!deletes.test(code)) return unknown;
  const named = [...code.matchAll(/["'`]([^"'`\n]{1,300})["'`]/g)].map(([, text = '']) => text);
  const paths = touched(named, place);
  // drop_all and Prisma's deleteMany name no file: they go for the application's own database.
  const isOwn =
    /\b(drop_all|delete_all|destroy_all)\b|deleteMany|dropDatabase|::truncate|\.objects\b.*\.delete\(\)/.test(
      code,
    );
  return paths.length > 0 || isOwn ? destructive(command, 'code that deletes', paths) : unknown;
}
