// Addresses of database servers as texts have them, and what people are shown of one: never a user, a
// password or a query.

export interface ServerAddress {
  /** `postgres://localhost:5432/app`; without a host where none is told. */
  readonly address: string;
  /** `PostgreSQL app on localhost:5432`. */
  readonly words: string;
}

interface System {
  readonly scheme: string;
  readonly name: string;
  readonly schemes: RegExp;
  readonly port: number;
}

const systems: readonly System[] = [
  { scheme: 'postgres', name: 'PostgreSQL', schemes: /^(postgres(ql)?|pgsql|pg)$/, port: 5432 },
  { scheme: 'mysql', name: 'MySQL', schemes: /^mysql2?$/, port: 3306 },
  { scheme: 'mariadb', name: 'MariaDB', schemes: /^mariadb$/, port: 3306 },
  { scheme: 'mongodb', name: 'MongoDB', schemes: /^mongo(db)?(\+srv)?$/, port: 27_017 },
  { scheme: 'redis', name: 'Redis', schemes: /^rediss?$/, port: 6379 },
  { scheme: 'sqlserver', name: 'SQL Server', schemes: /^(sqlserver|mssql|sqlsrv)$/, port: 1433 },
  { scheme: 'cockroachdb', name: 'CockroachDB', schemes: /^cockroach(db)?$/, port: 26_257 },
  { scheme: 'clickhouse', name: 'ClickHouse', schemes: /^clickhouse$/, port: 8123 },
  { scheme: 'libsql', name: 'libSQL', schemes: /^libsql$/, port: 8080 },
];

/** What a server is told by, part by part. */
export interface ServerParts {
  /** Of a URL, or the name of a driver: `pgsql`, `mysql2`. */
  readonly scheme: string;
  readonly host: string;
  /** Empty: the usual one. */
  readonly port: string;
  readonly database: string;
}

/** Undefined where the scheme is that of no server. */
export function serverAddress({
  scheme,
  host,
  port,
  database,
}: ServerParts): ServerAddress | undefined {
  const plain = scheme.toLowerCase();
  const system = systems.find(({ schemes }) => schemes.test(plain));
  if (system === undefined) return undefined;
  const at = host === '' ? '' : `${host}:${port === '' ? system.port : port}`;
  const parts = [system.name, database, at === '' ? '' : `on ${at}`];
  return {
    address: `${system.scheme}://${at}/${database}`.replace(/\/$/, ''),
    words: parts.filter((part) => part !== '').join(' '),
  };
}

const url = /^(?:jdbc:)?([a-z][a-z0-9]*(?:\+srv)?)(?:\+\w+)?:\/\/(\S*)$/i;

/** Undefined for what is no URL of a server, that of a SQLite file too. */
export function serverOfUrl(text: string): ServerAddress | undefined {
  const [, scheme = '', rest = ''] = url.exec(text.trim()) ?? [];
  // A password may hold any character: what stands before the last @ is none of the address.
  const [plain = ''] = rest.slice(rest.lastIndexOf('@') + 1).split(/[?#]/);
  const [place = '', database = ''] = plain.split('/');
  // Of several hosts the first one stands for all.
  const [first = ''] = place.split(',');
  const [, host = first, port = ''] = /^(.*?)(?::(\d+))?$/.exec(first) ?? [];
  return serverAddress({ scheme, host, port, database: plainName(database) });
}

function plainName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Redis and the like keep what can be computed again, or ask for a client of their own. */
export function isCache({ address }: ServerAddress): boolean {
  return address.startsWith('redis:');
}
