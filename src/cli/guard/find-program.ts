// Where the shell would find a program: asked first, so that a command that cannot run costs no snapshot.

import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

export type FoundProgram =
  /** `words` is what is to be executed: a script without a first line of its own needs a shell. */
  | { readonly kind: 'found'; readonly words: readonly [string, ...string[]] }
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused' };

/** As execvp does it: a name with a slash as it is, others by PATH. */
export function findProgram(
  [name, ...args]: readonly [string, ...string[]],
  env: Readonly<Record<string, string | undefined>>,
): FoundProgram {
  const isPath = name.includes('/') || (process.platform === 'win32' && name.includes('\\'));
  const places = isPath ? [''] : (env['PATH'] ?? '/usr/bin:/bin').split(delimiter);
  let refused = false;
  for (const place of name === '' ? [] : places) {
    const path = isPath ? resolve(name) : join(resolve(place === '' ? '.' : place), name);
    const state = stateOf(path);
    if (state === 'runs') return { kind: 'found', words: wordsFor(path, args) };
    refused ||= state === 'refused';
  }
  return { kind: refused ? 'refused' : 'missing' };
}

function stateOf(path: string): 'runs' | 'refused' | 'missing' {
  try {
    if (!statSync(path).isFile()) return 'refused';
  } catch {
    return 'missing';
  }
  try {
    accessSync(path, constants.X_OK);
    return 'runs';
  } catch {
    return 'refused';
  }
}

/** A text file without `#!` is run by sh, as every shell does. */
function wordsFor(path: string, args: readonly string[]): readonly [string, ...string[]] {
  const head = firstBytes(path);
  const isText = head !== '' && !head.startsWith('#!') && !head.includes('\0') && isAscii(head);
  return isText ? ['/bin/sh', path, ...args] : [path, ...args];
}

function isAscii(text: string): boolean {
  return Buffer.from(text, 'latin1').every((byte) => byte < 0x7f);
}

function firstBytes(path: string): string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const buffer = Buffer.alloc(64);
    return buffer.toString('latin1', 0, readSync(descriptor, buffer, 0, buffer.length, 0));
  } catch {
    // It may be executed without being readable.
    return '';
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
