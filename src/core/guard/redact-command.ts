// A command line as it may be kept: what looks like a secret is `***`. Rather too much than too little.

import { namesSecret } from '../secret-names.ts';

const hidden = '***';

export interface RedactionFacts {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Names of savepoint.json's `secrets`. */
  readonly secrets: readonly string[];
}

/** One line, at most 2,000 characters. */
export function redactCommand(command: string, { env, secrets }: RedactionFacts): string {
  const values = Object.entries(env)
    .filter(([name]) => namesSecret(name) || secrets.includes(name))
    .map(([, value]) => value ?? '')
    .filter((value) => value.length >= shortestSecret)
    .toSorted((a, b) => b.length - a.length);
  const known = values.reduce((text, value) => text.replaceAll(value, hidden), command);
  const line = withoutSecretWords(known)
    .replaceAll(/\s*[\r\n]+\s*/g, '; ')
    .trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}

/** Shorter ones are ordinary words too. */
const shortestSecret = 5;
const maxLength = 2000;

const value = String.raw`("[^"]*"|'[^']*'|[^\s"'&;|]+)`;

const replacements: readonly (readonly [RegExp, string])[] = [
  // postgres://me:secret@host
  [/([a-z][\w+.-]*:\/\/[^\s/:@"']*):[^\s/"']*@/gi, `$1:${hidden}@`],
  // ?token=… in URLs
  [
    /([?&][\w-]*(?:token|key|secret|password|passwd|pwd|auth|signature|sig)[\w-]*=)[^&\s"']+/gi,
    `$1${hidden}`,
  ],
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${hidden}`],
  // mysql -psecret
  [/(\b(?:mysql|mysqldump|mariadb|mysqladmin)\b[^|;&\n]*?\s-p)(?=\S)[^\s]+/gi, `$1${hidden}`],
  [/(\b(?:sshpass|redis-cli)\b[^|;&\n]*?\s-[pa])\s*\S+/gi, `$1 ${hidden}`],
  [/(\bcurl\b[^|;&\n]*?\s(?:-u|--user)\s*=?)("?[^\s:"']+):[^\s"']+/gi, `$1$2:${hidden}`],
];

function withoutSecretWords(text: string): string {
  const plain = replacements.reduce((line, [from, to]) => line.replaceAll(from, to), text);
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
