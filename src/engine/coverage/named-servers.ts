// Database servers that a project names: in .env files and the environment, in the datasource of Prisma,
// in the settings of frameworks, read as text. A URL gets no further than its host and its database.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import {
  serverAddress,
  serverOfUrl,
  type ServerAddress,
  type ServerParts,
} from '../../core/guard/server-address.ts';
import { isObject } from '../../core/is-object.ts';
import { isNeverData } from '../detect/folder-names.ts';
import { interpolate, readEnvFile, readSmallFile } from '../detect/env-files.ts';
import type { EngineOptions } from '../options.ts';

export interface NamedServer extends ServerAddress {
  /** `DATABASE_URL in .env`. */
  readonly evidence: string;
}

/** Those that are read on the machine of a developer. */
const envFiles = /^\.env(\.(local|dev|development|development\.local))?$/;
/** Those of tests, and a second connection for the same server. */
const otherNames = /TEST|SHADOW|CACHE|SESSION/i;

const settingsFiles =
  /^(schema\.prisma|drizzle\.config\.\w+|knexfile\.\w+|ormconfig\.\w+|data-source\.\w+|mikro-orm\.config\.\w+|alembic\.ini|settings\.py|config\.py|application(-dev)?\.(properties|ya?ml)|appsettings(\.Development)?\.json|config\.exs|dev\.exs|diesel\.toml|goose\.env|flyway\.conf|liquibase\.properties|dbconfig\.yml|database\.yml|directus\.config\.\w+|payload\.config\.\w+)$/;

const maxBytes = 256 * 1024;
const maxFolders = 200;
const maxServers = 20;

/** Where settings usually lie, beside the project folder itself and the folders in it. */
const usualFolders = ['config', 'prisma', 'src', 'db', 'database', 'server/prisma'];

/** Each server once; nothing of the repository is opened in an untrusted workspace. */
export function namedServers(projectDir: string, options: EngineOptions): readonly NamedServer[] {
  const found = new Map<string, NamedServer>();
  const add = (server: ServerAddress | undefined, evidence: string): void => {
    if (server === undefined || found.has(server.address) || found.size >= maxServers) return;
    found.set(server.address, { ...server, evidence });
  };
  ofVariables(options.env, 'the environment', add);
  if (!options.trusted) return [...found.values()];
  const folders = ['', ...foldersIn(projectDir), ...usualFolders];
  for (const folder of new Set(folders)) {
    for (const name of namesIn(join(projectDir, folder))) {
      const shown = folder === '' ? name : `${folder}/${name}`;
      const path = join(projectDir, shown);
      if (envFiles.test(name)) ofEnvFile(path, shown, options.env, add);
      else if (settingsFiles.test(name)) ofSettings(path, name, shown, add);
    }
  }
  return withoutDrivers([...found.values()]);
}

/** Settings that name a driver alone mean the server of that kind that is told elsewhere. */
function withoutDrivers(servers: readonly NamedServer[]): readonly NamedServer[] {
  return servers.filter(
    ({ address }) =>
      !/:\/*$/.test(address) ||
      !servers.some((other) => other.address !== address && other.address.startsWith(address)),
  );
}

type Add = (server: ServerAddress | undefined, evidence: string) => void;

function foldersIn(projectDir: string): readonly string[] {
  const first = namesIn(projectDir, true)
    .filter((name) => !isNeverData(name))
    .slice(0, maxFolders);
  const nested = first
    .filter((name) => /^(apps|packages|services)$/.test(name))
    .flatMap((name) => namesIn(join(projectDir, name), true).map((below) => `${name}/${below}`));
  return [...first, ...nested.slice(0, maxFolders)].flatMap((name) => [name, `${name}/prisma`]);
}

function namesIn(folder: string, areFolders = false): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() === areFolders)
      .map(({ name }) => name);
  } catch {
    // Not there, or not ours to read: then it names nothing for us.
    return [];
  }
}

/** What is set in the environment stands over what the file says. */
function ofEnvFile(path: string, shown: string, env: EngineOptions['env'], add: Add): void {
  const own = readEnvFile(path);
  if (own === undefined) return;
  const all = Object.fromEntries(
    Object.entries(own).flatMap(([name, value]) =>
      env[name] === undefined ? [[name, interpolate(value, own)]] : [],
    ),
  );
  ofVariables(all, shown, add);
}

function ofVariables(
  variables: Readonly<Record<string, string | undefined>>,
  where: string,
  add: Add,
): void {
  for (const [name, value = ''] of Object.entries(variables)) {
    if (otherNames.test(name) || !value.includes('://')) continue;
    add(serverOfUrl(value), `${name} in ${where}`);
  }
  for (const form of forms) {
    const parts = form.parts((name) => variables[name] ?? '');
    if (parts !== undefined) add(serverAddress(parts), `${form.told} in ${where}`);
  }
}

interface Form {
  /** The variable that is shown. */
  readonly told: string;
  readonly parts: (value: (name: string) => string) => ServerParts | undefined;
}

/** A server that is told variable by variable: of Laravel, Strapi (DATABASE_CLIENT), Directus (DB_CLIENT). */
const withDriver = [
  ['DB_CONNECTION', 'DB_HOST', 'DB_PORT', 'DB_DATABASE'],
  ['DB_CLIENT', 'DB_HOST', 'DB_PORT', 'DB_DATABASE'],
  ['DATABASE_CLIENT', 'DATABASE_HOST', 'DATABASE_PORT', 'DATABASE_NAME'],
  ['DB_TYPE', 'DB_HOST', 'DB_PORT', 'DB_NAME'],
] as const;

/** Variables that are those of one system. */
const withoutDriver = [
  ['postgres', 'PGDATABASE', 'PGHOST', 'PGPORT'],
  ['postgres', 'POSTGRES_DB', 'POSTGRES_HOST', 'POSTGRES_PORT'],
  ['mysql', 'MYSQL_DATABASE', 'MYSQL_HOST', 'MYSQL_PORT'],
] as const;

const forms: readonly Form[] = [
  ...withDriver.map(([scheme, host, port, database]) =>
    formOf(scheme, host, port, (value) => ({ scheme: value(scheme), database: value(database) })),
  ),
  ...withoutDriver.map(([scheme, database, host, port]) =>
    formOf(database, host, port, (value) => ({ scheme, database: value(database) })),
  ),
];

/** @param told the variable without which nothing is told */
function formOf(
  told: string,
  host: string,
  port: string,
  own: (value: (name: string) => string) => Pick<ServerParts, 'scheme' | 'database'>,
): Form {
  return {
    told,
    parts: (value) =>
      value(told) === ''
        ? undefined
        : { ...own(value), host: value(host) || 'localhost', port: value(port) },
  };
}

const anyUrl =
  /\b(?:jdbc:)?(?:postgres(?:ql)?|mysql2?|mariadb|mongodb(?:\+srv)?|sqlserver|mssql|cockroachdb)(?:\+\w+)?:\/\/[^\s"'`<>]+/gi;

function ofSettings(path: string, name: string, shown: string, add: Add): void {
  const text = readSmallFile(path, maxBytes);
  if (text === undefined) return;
  if (name === 'database.yml') {
    ofRails(text, shown, add);
    return;
  }
  // What is computed in a URL is no address.
  const urls = (withoutComments(text).match(anyUrl) ?? []).filter((one) => !/[${}]/.test(one));
  for (const one of urls.slice(0, maxServers)) add(serverOfUrl(one), `a URL in ${shown}`);
  if (urls.length === 0) ofDriver(text, shown, add);
}

const drivers = [
  /datasource\s+\w+\s*\{[^}]*?^\s*provider\s*=\s*"(\w+)"/m,
  /django\.db\.backends\.(postgresql|mysql)/,
  /(?:dialect|client|type)\s*:\s*["'](postgres(?:ql)?|pg|mysql2?|mariadb|mongodb|mssql)["']/,
];

/** The driver alone tells that it is a server; where, may stand beside it. */
function ofDriver(text: string, shown: string, add: Add): void {
  const valueOf = (pattern: RegExp): string => pattern.exec(text)?.[1] ?? '';
  const scheme = drivers.map(valueOf).find((one) => one !== '');
  if (scheme === undefined) return;
  const database = valueOf(/["']NAME["']\s*:\s*["']([\w.-]+)["']/);
  const host = valueOf(/["']HOST["']\s*:\s*["']([\w.-]+)["']/);
  add(serverAddress({ scheme, host, port: '', database }), shown);
}

function withoutComments(text: string): string {
  return text.replaceAll(/^\s*(?:\/\/|#).*$/gm, '');
}

/** Rails: what `development` says. */
function ofRails(text: string, shown: string, add: Add): void {
  // Values that Ruby computes are none.
  const plain = text.replaceAll(/<%.*?%>/gs, '');
  let parsed: unknown;
  try {
    parsed = parseYaml(plain, { merge: true });
  } catch {
    return;
  }
  const development = isObject(parsed) ? parsed['development'] : undefined;
  if (!isObject(development)) return;
  const of = (key: string): string => {
    const value = development[key];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  if (of('url') !== '') add(serverOfUrl(of('url')), `development in ${shown}`);
  const host = of('host') === '' ? 'localhost' : of('host');
  add(
    serverAddress({ scheme: of('adapter'), host, port: of('port'), database: of('database') }),
    `development in ${shown}`,
  );
}
