// The one JSON argument of a command: keys are the command line's long options, checked here, since
// whoever calls is not compiled with us.

import { EngineError } from '../../core/errors.ts';

export interface CommandArgument {
  readonly cwd?: string;
  readonly yes?: boolean;
  readonly label?: string;
  readonly pin?: boolean;
  readonly data?: readonly string[];
  /** One SNAPSHOT or several. */
  readonly snapshot?: readonly string[];
  readonly a?: string;
  readonly b?: string;
  readonly rows?: number;
  readonly summary?: boolean;
  readonly only?: readonly string[];
  readonly table?: readonly string[];
  readonly keepNew?: boolean;
  readonly to?: string;
  readonly dryRun?: boolean;
  readonly deep?: boolean;
  readonly path?: string;
  /** A command line, or with `path` the name of a script. */
  readonly command?: string;
}

const kinds = {
  cwd: 'string',
  yes: 'boolean',
  label: 'string',
  pin: 'boolean',
  data: 'strings',
  snapshot: 'strings',
  a: 'string',
  b: 'string',
  rows: 'number',
  summary: 'boolean',
  only: 'strings',
  table: 'strings',
  keepNew: 'boolean',
  to: 'string',
  dryRun: 'boolean',
  deep: 'boolean',
  path: 'string',
  command: 'string',
} as const satisfies Record<keyof CommandArgument, 'string' | 'boolean' | 'number' | 'strings'>;

const kindWords = {
  string: 'text',
  boolean: 'true or false',
  number: 'a number',
  strings: 'text or a list of texts',
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
    const kind = kinds[name];
    const fits =
      kind === 'strings'
        ? typeof given === 'string' || (Array.isArray(given) && given.every(isString))
        : typeof given === kind;
    if (!fits) throw usage(`"${key}" must be ${kindWords[kind]}`);
    parsed[name] = kind === 'strings' && typeof given === 'string' ? [given] : given;
  }
  return parsed;
}

function usage(message: string): EngineError {
  return new EngineError('USAGE', message, { hint: 'the keys are the long options of savepoint' });
}

function isKnown(name: string): name is keyof CommandArgument {
  return Object.hasOwn(kinds, name);
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}
