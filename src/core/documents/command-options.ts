// Options of the commands that both faces have, by verb. What the command line takes as `--keep-new` is
// the key `keepNew` of the one JSON argument that a command of the editor takes.

export interface CommandOption {
  /** As the command line's help writes it. */
  readonly flags: string;
  readonly kind: keyof ValueOfKind;
  readonly help: string;
}

interface ValueOfKind {
  readonly flag: boolean;
  readonly text: string;
  /** On the command line the option is repeated. */
  readonly texts: readonly string[];
  readonly count: number;
}

export type CommandOptions = Readonly<Record<string, CommandOption>>;

/** What was given of these options. */
export type ValuesOf<O extends Readonly<Record<string, Pick<CommandOption, 'kind'>>>> = {
  readonly [K in keyof O]?: ValueOfKind[O[K]['kind']];
};

/** What a command was given of its own options. */
export type OptionsOf<V extends keyof typeof commandOptions> = ValuesOf<(typeof commandOptions)[V]>;

const flag = (flags: string, help: string) => ({ flags, help, kind: 'flag' }) as const;
const text = (flags: string, help: string) => ({ flags, help, kind: 'text' }) as const;
const texts = (flags: string, help: string) => ({ flags, help, kind: 'texts' }) as const;
const count = (flags: string, help: string) => ({ flags, help, kind: 'count' }) as const;

const yes = flag('-y, --yes', 'do not ask');
const dryRun = flag('--dry-run', 'only show what it would do');

/** Every command has them. */
export const sharedOptions = {
  cwd: text('--cwd <DIR>', 'the project folder'),
  data: texts('--data <NAME-OR-PATH>', 'only this data directory; may be repeated'),
} satisfies CommandOptions;

export const commandOptions = {
  snapshot: {
    label: text('-m, --label <LABEL>', 'a name for it, at most 120 characters'),
    pin: flag('--pin', 'keep it until it is unpinned'),
  },
  diff: {
    rows: count('--rows <N>', 'list at most N rows a table'),
    summary: flag('--summary', 'count rows, list none'),
  },
  check: {
    writeRules: flag('--write-rules', 'write rules found in the data into savepoint.json'),
  },
  restore: {
    only: texts('--only <PATH>', 'only this path of the project; may be repeated'),
    table: texts('--table <DB:TABLE>', 'of this database only this table; may be repeated'),
    except: texts('--except <PATH>', 'not this path; may be repeated'),
    exceptTable: texts('--except-table <DB:TABLE>', 'not this table; may be repeated'),
    keepNew: flag('--keep-new', 'delete nothing that was made since'),
    to: text('--to <DIR>', 'into a new or empty folder instead'),
    dryRun,
    yes,
  },
  undo: { dryRun, yes },
  verify: { deep: flag('--deep', 'check every page of every database') },
  prune: { dryRun: flag('--dry-run', 'only show what would be deleted') },
  delete: { yes },
} satisfies Readonly<Record<string, CommandOptions>>;
