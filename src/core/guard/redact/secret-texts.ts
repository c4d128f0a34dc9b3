// Secrets that show by what stands around them in any text: in URLs, JSON, headers, SQL.

import { namesSecret } from '../../secret-names.ts';

/** `text` with each of them as `hidden`. */
export function hideInText(text: string, hidden: string): string {
  return text
    .replaceAll(urlUser, (whole, scheme: string, user: string) =>
      withoutPassword(whole, scheme, user, hidden),
    )
    .replaceAll(queryPart, (whole, before: string, name: string) =>
      isSecretQuery(name) ? `${before}${name}=${hidden}` : whole,
    )
    .replaceAll(jsonPart, (whole, before: string, name: string, quote: string) =>
      namesSecret(name) ? `${before}${quote}${hidden}${quote}` : whole,
    )
    .replaceAll(
      sqlPassword,
      (_, before: string, quote: string) => `${before}${quote}${hidden}${quote}`,
    )
    .replaceAll(/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${hidden}`);
}

/** A header is one to the end of its text: `Authorization: Bearer …`, `Cookie: …`. */
export function hideHeader(text: string, hidden: string): string | undefined {
  const [, name = '', between = '', value = ''] = /^([\w-]{2,60})(:\s*)(.+)$/s.exec(text) ?? [];
  if (name === '' || !(namesSecret(name) || /^(?:set-)?cookie$/i.test(name))) return undefined;
  const scheme = /^(?:bearer|basic|token|digest|apikey|negotiate)\s+/i.exec(value)?.[0] ?? '';
  return `${name}${between}${scheme}${hidden}`;
}

/** `postgres://me:secret@host`: to the last @ of the word, for a password may have one itself. */
const urlUser = /(?<![\w+.-])([\w+.-]{1,40}:\/\/)([^\s"'`]*)@/g;

function withoutPassword(whole: string, scheme: string, user: string, hidden: string): string {
  const colon = user.indexOf(':');
  const slash = user.indexOf('/');
  // A port and a path with an @ in it: `https://host:8080/a@b`.
  if (slash !== -1 && /^[^:/]*(?::\d{1,5})?\//.test(user)) return whole;
  return colon === -1 ? `${scheme}${hidden}@` : `${scheme}${user.slice(0, colon)}:${hidden}@`;
}

const queryPart = /([?&])([\w.-]{1,60})=([^&\s"'`]+)/g;

function isSecretQuery(name: string): boolean {
  return namesSecret(name) || /^(?:code|sid|sig|signature|session|state|otp|pin)$/i.test(name);
}

/** `"password": "…"`, its quotes escaped or not. */
const jsonPart =
  /((?:\\?["'])([\w.-]{1,60})(?:\\?["'])\s{0,8}:\s{0,8})(?:(\\?["'])(?:(?!\3)[^\\]|\\[^"'])*\3|[^\s,}"'\\]+())/g;

const sqlPassword =
  /(\b(?:pragma\s{1,8}(?:re|hex){0,2}key|identified\s{1,8}(?:with\s{1,8}\S{1,40}\s{1,8})?(?:by|as)|password(?:\s{1,8}for\s[^=;]{1,80})?)(?:\s{0,8}=\s{0,8}|\s{1,8})(?:password\s?\()?)(["'])(?:(?!\2).)*\2/gis;
