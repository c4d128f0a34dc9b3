// `.env` files, and the `${X:-default}` of their values and of compose files.

import { readFileSync, statSync } from 'node:fs';
import { parse } from 'dotenv';
import { namesSecret } from '../../core/secret-names.ts';

export type Variables = Readonly<Record<string, string>>;

/** True for `.env`, `.env.local` and the like; not for examples, tests and encrypted ones. */
export function isEnvFile(name: string): boolean {
  return (
    name.startsWith('.env') &&
    /^\.env(?:$|\.)/.test(name) &&
    !/[._-](?:example|sample|template|tmpl|dist|defaults?|tests?|vault|keys|bak|orig|swp)(?:$|\.)/i.test(
      name,
    )
  );
}

const maxBytes = 256 * 1024;

/** The variables of a file as they stand there; undefined where it cannot be read or is too large for one. */
export function readEnvFile(path: string): Variables | undefined {
  const text = readSmallFile(path, maxBytes);
  return text === undefined ? undefined : parse(text);
}

/** A regular file's text; undefined where it is none, is larger than `limitBytes` or cannot be read. */
export function readSmallFile(path: string, limitBytes: number): string | undefined {
  try {
    const stats = statSync(path);
    if (!stats.isFile() || stats.size > limitBytes) return undefined;
    return readFileSync(path, 'utf8');
  } catch {
    // Not readable means that nothing can be learned from it: the caller says so.
    return undefined;
  }
}

const reference =
  /\$(?:\$|([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-+?])((?:[^{}]|\{[^{}]*\})*))?\})/g;

/**
 * The value with its references replaced as compose does it: `$X`, `${X}`, `${X:-default}`,
 * `${X-default}`, `${X:+instead}`, `${X:?error}` and `$$`. What is not set, or is a secret by its
 * name, is empty.
 */
export function interpolate(value: string, variables: Variables, depth = 0): string {
  if (depth > 8 || !value.includes('$')) return value;
  return value.replaceAll(
    reference,
    (whole, plain?: string, braced?: string, operator?: string, word = '') => {
      if (whole === '$$') return '$';
      const current = lookUp(variables, plain ?? braced ?? '');
      const isSet =
        operator?.startsWith(':') === true
          ? current !== undefined && current !== ''
          : current !== undefined;
      if (operator?.endsWith('-') === true && !isSet)
        return interpolate(word, variables, depth + 1);
      if (operator?.endsWith('+') === true)
        return isSet ? interpolate(word, variables, depth + 1) : '';
      return current === undefined ? '' : interpolate(current, variables, depth + 1);
    },
  );
}

/** Values of secrets are never put into a path, because paths are shown. */
function lookUp(variables: Variables, name: string): string | undefined {
  if (namesSecret(name)) return undefined;
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}
