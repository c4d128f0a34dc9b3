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

type Key = keyof typeof keys;

interface Takes {
  /** Options of this command of the command line. */
  readonly verb?: keyof typeof commandOptions;
  readonly also?: readonly Key[];
}

/** What else than the keys of every command. */
const ownKeys: Readonly<Record<string, Takes>> = {
  'savepoint.snapshot': { verb: 'snapshot' },
  'savepoint.snapshotWithLabel': { verb: 'snapshot' },
  'savepoint.restore': { verb: 'restore', also: ['snapshot'] },
  'savepoint.restoreTo': { verb: 'restore', also: ['snapshot'] },
  'savepoint.undoRestore': { verb: 'undo' },
  'savepoint.compare': { verb: 'diff', also: ['snapshot', 'a', 'b'] },
  'savepoint.check': { verb: 'check', also: ['snapshot'] },
  'savepoint.verify': { verb: 'verify', also: ['snapshot'] },
  'savepoint.verifyAll': { verb: 'verify' },
  'savepoint.pin': { also: ['snapshot'] },
  'savepoint.unpin': { also: ['snapshot'] },
  'savepoint.rename': { also: ['snapshot', 'label'] },
  'savepoint.delete': { verb: 'delete', also: ['snapshot'] },
  'savepoint.prune': { verb: 'prune' },
  'savepoint.addDataDir': { also: ['path'] },
  'savepoint.runWithSnapshot': { also: ['command', 'path'] },
  'savepoint.guardTask': { also: ['command'] },
  'savepoint.guardScript': { also: ['command', 'path'] },
  'savepoint.runScriptWithSnapshot': { also: ['command', 'path'] },
};

/** Those of every command; with `yes` nothing is asked or shown. */
const sharedKeys: readonly string[] = [...Object.keys(sharedOptions), 'yes'];

const kindWords: Readonly<Record<Kind, string>> = {
  flag: 'true or false',
  text: 'text',
  texts: 'text or a list of texts',
  count: 'a whole number',
};

const longOptions = 'the keys are the long options of savepoint';

/**
 * Keys may be written as on the command line (`keep-new`) or as in JavaScript (`keepNew`).
 * @param id of the command
 * @throws EngineError USAGE for a key that it does not have, or a value of the wrong kind
 */
export function parseCommandArgument(id: string, value: object): CommandArgument {
  const takes = keysOf(id);
  const parsed: Record<string, unknown> = {};
  for (const [key, given] of Object.entries(value)) {
    if (given === undefined) continue;
    const name = key.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (!isKnown(name)) throw usage(`no command takes "${key}"`, longOptions);
    if (!takes.includes(name)) {
      throw usage(`${id} does not take "${key}"`, `it takes ${takes.join(', ')}`);
    }
    const { kind } = keys[name];
    if (!isOfKind(given, kind)) throw usage(`"${key}" must be ${kindWords[kind]}`, longOptions);
    parsed[name] = kind === 'texts' && typeof given === 'string' ? [given] : given;
  }
  return parsed;
}

function keysOf(id: string): readonly string[] {
  const { verb, also = [] } = ownKeys[id] ?? {};
  const options = verb === undefined ? {} : commandOptions[verb];
  return [...new Set([...sharedKeys, ...Object.keys(options), ...also])];
}

function isKnown(name: string): name is Key {
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

function usage(message: string, hint: string): EngineError {
  return new EngineError('USAGE', message, { hint });
}
