// A command line as it may be kept: what looks like a secret is `***`. Rather too much than too little.

import { namesSecret } from '../secret-names.ts';

const hidden = '***';

export interface RedactionFacts {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Names of savepoint.json's `secrets`. */
  readonly secrets: readonly string[];
}

/** One line, at most 2,000 characters. Takes time in proportion to the command's length, whatever is in it. */
export function redactCommand(command: string, { env, secrets }: RedactionFacts): string {
  const values = Object.entries(env)
    .filter(([name]) => namesSecret(name) || secrets.includes(name))
    .map(([, value]) => value ?? '')
    .filter((value) => value.length >= shortestSecret)
    .toSorted((a, b) => b.length - a.length);
  const known = values.reduce((text, value) => text.replaceAll(value, hidden), command);
  const readable = known.replaceAll(longWord, hidden);
  const line = withoutSecretWords(onOneLine(readable.slice(0, maxRead)));
  const isCut = line.length > maxLength || readable.length > maxRead;
  return isCut ? `${line.slice(0, maxLength - 1).trimEnd()}…` : line;
}

function onOneLine(text: string): string {
  return text
    .split(/[\r\n]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('; ');
}

/** Shorter ones are ordinary words too. */
const shortestSecret = 5;
const maxLength = 2000;

/** What stands behind it is never shown, however much of what is before is hidden. */
const maxRead = 256 * 1024;

/** Nobody reads it, and it may be anything: a picture, a key. */
const longWord = /(?<!\S)\S{1000,}/g;

const value = String.raw`("[^"]*"|'[^']*'|[^\s"'&;|]+)`;

/** In any text. Each begins where nothing before it could have begun, so that none is tried twice. */
const anywhere: readonly (readonly [RegExp, string])[] = [
  // postgres://me:secret@host
  [/(?<![\w+.-])([\w+.-]+:\/\/[^\s/:@"']*):[^\s/"']*@/g, `$1:${hidden}@`],
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${hidden}`],
];

/** Of programs that have a name for it of their own: in the part of a line that names one. */
const ofPrograms: readonly (readonly [RegExp, RegExp, string])[] = [
  // mysql -psecret
  [/\b(?:mysql|mysqldump|mariadb|mysqladmin)\b/i, /(\s-p)\S+/g, `$1${hidden}`],
  [/\b(?:sshpass|redis-cli)\b/i, /(\s-[pa])\s*\S+/g, `$1 ${hidden}`],
  [/\bcurl\b/i, /(\s(?:-u|--user)\s*=?)("?[^\s:"']+):[^\s"']+/g, `$1$2:${hidden}`],
];

/** ?token=… in URLs */
const queryPart = /([?&])([\w-]+)=([^&\s"']+)/g;
const secretQuery = /token|key|secret|password|passwd|pwd|auth|signature|sig/i;

function withoutSecretWords(text: string): string {
  const plain = anywhere
    .reduce((line, [from, to]) => line.replaceAll(from, to), text)
    .replaceAll(queryPart, (whole, before: string, name: string) =>
      secretQuery.test(name) ? `${before}${name}=${hidden}` : whole,
    )
    .split(/([|;&])/)
    .map(withoutProgramSecrets)
    .join('');
  const named = new RegExp(
    String.raw`(^|[\s"';&|(])(-{0,2})([A-Za-z_][\w.-]*)(=|\s+)${value}`,
    'g',
  );
  return replaceRepeatedly(plain, named, (whole, before, dashes, name, between, secret) => {
    const isOption = dashes === '--';
    const isAssignment = between === '=';
    if ((!isOption && !isAssignment) || !namesSecret(name.replaceAll('-', '_'))) return whole;
    if (!isAssignment && secret.startsWith('-')) return whole;
    return `${before}${dashes}${name}${between}${hidden}`;
  });
}

/** @param part of a line, without what divides commands */
function withoutProgramSecrets(part: string): string {
  return ofPrograms.reduce((text, [program, from, to]) => {
    const at = text.search(program);
    return at === -1 ? text : text.slice(0, at) + text.slice(at).replaceAll(from, to);
  }, part);
}

/** Matches overlap where one option's value is the next option: looked at again from its name on. */
function replaceRepeatedly(
  text: string,
  pattern: RegExp,
  replace: (whole: string, ...groups: string[]) => string,
): string {
  let result = '';
  let from = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [whole, ...groups] = match;
    const replaced = replace(whole, ...groups);
    result += text.slice(from, match.index);
    if (replaced === whole) {
      // Go on behind the name: its value may be an option itself.
      const [before = '', dashes = '', name = ''] = groups;
      const step = before.length + dashes.length + name.length;
      result += whole.slice(0, step);
      from = match.index + step;
    } else {
      result += replaced;
      from = match.index + whole.length;
    }
    pattern.lastIndex = from;
  }
  return result + text.slice(from);
}
