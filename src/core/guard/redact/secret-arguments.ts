// Programs that take a secret behind a name of one letter, or behind none.

import { namesSecret } from '../../secret-names.ts';

/** Of one command, its words without quotes: the indexes of those that are a secret, whole or from a place on. */
export interface SecretArgument {
  readonly index: number;
  /** What stays of the word: `-p` of `-psecret`, `me:` of `me:secret`. */
  readonly keeps: number;
}

interface Flags {
  /** The value is the rest of the word: `-psecret`. */
  readonly attached?: readonly string[];
  /** The value is the rest of the word, or the next one. */
  readonly next?: readonly string[];
  /** The same with a user in front: `-u me:secret`. */
  readonly user?: readonly string[];
  /** Where the command has to be of this kind. */
  readonly only?: RegExp;
}

const flagsOf: readonly (readonly [programs: string, flags: Flags])[] = [
  [
    'mysql mysqldump mysqladmin mysqlimport mysqlcheck mysqlshow mysqlpump mycli mariadb mariadb-dump mariadb-admin',
    { attached: ['-p'] },
  ],
  ['7z 7za 7zz rar unrar', { attached: ['-p', '-hp'] }],
  [
    'mongo mongosh mongodump mongorestore mongoexport mongoimport cqlsh ncftp ncftpput az sshpass',
    { next: ['-p'] },
  ],
  ['docker podman nerdctl helm skopeo oc', { next: ['-p'], only: /^login$/ }],
  ['zip unzip sqlcmd osql bcp tsql mosquitto_pub mosquitto_sub', { next: ['-P'] }],
  ['redis-cli valkey-cli', { next: ['-a'] }],
  ['ldapsearch ldapadd ldapmodify ldapdelete ldappasswd security', { next: ['-w'] }],
  ['ssh-keygen', { next: ['-N', '-P'] }],
  ['openssl', { next: ['-k', '-K', '-pass', '-passin', '-passout', '-hmac', '-macopt'] }],
  ['curl', { user: ['-u', '-U', '--user', '--proxy-user'], next: ['-b', '--cookie'] }],
  ['wget', { user: ['--user'] }],
  ['http https xh', { user: ['-a', '--auth'] }],
  ['lftp', { user: ['-u'] }],
  ['smbclient rpcclient', { user: ['-U'] }],
];

/** Programs and a word behind which the last one is a secret. */
const positional: readonly (readonly [program: string, mark: RegExp])[] = [
  ['htpasswd', /^-[a-zA-Z]*b/],
  ['mysqladmin', /^password$/],
  ['net', /^user$/],
  ['rabbitmqctl', /^(?:add_user|change_password)$/],
  ['vault', /^login$/],
  ['sentry-cli', /^login$/],
];

interface Program {
  readonly flags?: Flags;
  readonly secretBehind?: RegExp;
}

const programs: Readonly<Record<string, Program>> = (() => {
  const all: Record<string, Program> = {};
  for (const [names, flags] of flagsOf) for (const name of names.split(' ')) all[name] = { flags };
  for (const [name, secretBehind] of positional) all[name] = { ...all[name], secretBehind };
  return all;
})();

/** Whatever else such a command is told is what nobody is to see. */
const keepsSecrets =
  /^(?:secrets?|config:set|config:add|env:set|env:add|put-parameter|put-secret-value)$/;
const valueFlags = new Set(['--body', '-b', '--value', '--string-value', '--plaintext']);
const setters = /^(?:setx?|config|configure|add|put|create|update|store)$/;

/** `aws_secret_access_key`, `//host/:_authToken`: not the `password` of `add password`. */
function isConfigName(word: string): boolean {
  return namesSecret(word) && /[_:.-]|[a-z][A-Z]/.test(word) && !/[=/]$/.test(word);
}

/** @param words without quotes; the program may stand behind others that run it */
export function secretArguments(words: readonly string[]): readonly SecretArgument[] {
  const at = words.findIndex((word) => Object.hasOwn(programs, programOf(word)));
  const own = words.slice(Math.max(0, at));
  const { flags, secretBehind } = programs[programOf(own[0] ?? '')] ?? {};
  const found = [...ofFlags(own, flags), ...ofPositions(own, secretBehind)];
  return [
    ...found.map(({ index, keeps }) => ({ index: index + Math.max(0, at), keeps })),
    ...ofConfig(words),
  ];
}

/** True for a command that may read a password from its input. */
export function takesSecret(words: readonly string[]): boolean {
  return words.some(
    (word) =>
      /^(?:--?[\w-]*(?:password|token|secret|key|passphrase)[\w-]*stdin|--passphrase-fd|--stdin)/i.test(
        word,
      ) || secretReaders.has(programOf(word)),
  );
}

const secretReaders = new Set(
  'chpasswd passwd sudo su gpg openssl vault wrangler gh cryptsetup smbpasswd'.split(' '),
);

export function isEcho(words: readonly string[]): boolean {
  return /^(?:echo|printf|print|Write-Output)$/.test(programOf(words[0] ?? ''));
}

function programOf(word: string): string {
  return word
    .slice(Math.max(word.lastIndexOf('/'), word.lastIndexOf('\\')) + 1)
    .replace(/\.exe$/i, '');
}

function ofFlags(words: readonly string[], flags: Flags | undefined): readonly SecretArgument[] {
  if (flags === undefined) return [];
  const { attached = [], next = [], user = [], only } = flags;
  if (only !== undefined && !words.some((word) => only.test(word))) return [];
  return words.flatMap((word, index) => [
    ...attached
      .filter((flag) => isShortWith(word, flag))
      .map((flag) => ({ index, keeps: flag.length })),
    ...next.flatMap((flag) => valueAt(words, index, flag) ?? []),
    ...user.flatMap((flag) => behindUser(words, valueAt(words, index, flag))),
  ]);
}

/** `me:secret`, `me%secret`, `me,secret`: a user alone is none. */
function behindUser(
  words: readonly string[],
  at: SecretArgument | undefined,
): readonly SecretArgument[] {
  if (at === undefined) return [];
  const user = (words[at.index] ?? '').slice(at.keeps).search(/[:%,]/);
  return user === -1 ? [] : [{ index: at.index, keeps: at.keeps + user + 1 }];
}

function isShortWith(word: string, flag: string): boolean {
  return word.startsWith(flag) && word.length > flag.length;
}

function valueAt(
  words: readonly string[],
  index: number,
  flag: string,
): SecretArgument | undefined {
  const word = words[index] ?? '';
  if (word === flag) return index + 1 < words.length ? { index: index + 1, keeps: 0 } : undefined;
  if (word.startsWith(`${flag}=`)) return { index, keeps: flag.length + 1 };
  return flag.length === 2 && isShortWith(word, flag) ? { index, keeps: 2 } : undefined;
}

function ofPositions(
  words: readonly string[],
  mark: RegExp | undefined,
): readonly SecretArgument[] {
  const at = mark === undefined ? -1 : words.findIndex((word) => mark.test(word));
  const last = words.length - 1;
  return at === -1 || last <= at || (words[last] ?? '').startsWith('-')
    ? []
    : [{ index: last, keeps: 0 }];
}

function ofConfig(words: readonly string[]): readonly SecretArgument[] {
  const found: SecretArgument[] = [];
  const keeper = words.findIndex((word) => keepsSecrets.test(word));
  const setter = words.findIndex((word) => setters.test(word));
  for (const [index, word] of words.entries()) {
    const isKept = keeper !== -1 && index > keeper;
    const equals = word.lastIndexOf('=');
    const isName = isKept && /^[A-Z][A-Z0-9_]+$/.test(word);
    const isSet = setter !== -1 && index > setter && isConfigName(word);
    if (isKept && equals !== -1) found.push({ index, keeps: equals + 1 });
    else if ((isKept && valueFlags.has(word)) || isName || isSet) {
      const next = words[index + 1];
      if (next !== undefined && !next.startsWith('-')) found.push({ index: index + 1, keeps: 0 });
    }
  }
  return found;
}
