// The one JSON argument of a command: keys are the command line's long options, checked here, since
// whoever calls is not compiled with us.

import {
  commandOptions,
  sharedOptions,
  type CommandOption,
  type ValuesOf,
} from '../../core/documents/command-options.ts';
import { EngineError } from '../../core/errors.ts';

type Kind = CommandOption['kind'];

const keys = {
  ...sharedOptions,
  ...commandOptions.snapshot,
  ...commandOptions.diff,
  ...commandOptions.check,
  ...commandOptions.restore,
  ...commandOptions.undo,
  ...commandOptions.verify,
  ...commandOptions.prune,
  ...commandOptions.delete,
  // What the command line has as arguments.
  snapshot: { kind: 'texts' },
  a: { kind: 'text' },
  b: { kind: 'text' },
  path: { kind: 'text' },
  /** A command line, or with `path` the name of a script. */
  command: { kind: 'text' },
} as const satisfies Readonly<Record<string, { readonly kind: Kind }>>;

export type CommandArgument = ValuesOf<typeof keys>;

const kindWords: Readonly<Record<Kind, string>> = {
  flag: 'true or false',
  text: 'text',
  texts: 'text or a list of texts',
  count: 'a whole number',
};

/**
 * Keys may be written as on the command line (`keep-new`) or as in JavaScript (`keepNew`).
 * @throws EngineError USAGE for a key that no command has, or a value of the wrong kind
 */
export function parseCommandArgument(value: object): CommandArgument {
  const parsed: Record<string, unknown> = {};
  for (const [key, given] of Object.entries(value)) {
    if (given === undefined) continue;
    const name = key.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (!isKnown(name)) throw usage(`no command takes "${key}"`);
    const { kind } = keys[name];
    if (!isOfKind(given, kind)) throw usage(`"${key}" must be ${kindWords[kind]}`);
    parsed[name] = kind === 'texts' && typeof given === 'string' ? [given] : given;
  }
  return parsed;
}

function isKnown(name: string): name is keyof typeof keys {
  return Object.hasOwn(keys, name);
}

function isOfKind(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case 'flag':
      return typeof value === 'boolean';
    case 'text':
      return typeof value === 'string';
    case 'texts':
      return typeof value === 'string' || (Array.isArray(value) && value.every(isString));
    case 'count':
      return Number.isSafeInteger(value) && Number(value) >= 0;
  }
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function usage(message: string): EngineError {
  return new EngineError('USAGE', message, { hint: 'the keys are the long options of savepoint' });
}
