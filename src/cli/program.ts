// The command line itself: commands, arguments, options, help. What a command does is loaded when it runs.

import {
  Command,
  CommanderError,
  InvalidArgumentError,
  Option,
  type OptionValues,
} from 'commander';
import {
  commandOptions,
  sharedOptions,
  type CommandOption,
  type CommandOptions,
} from '../core/documents/command-options.ts';
import { EngineError } from '../core/errors.ts';
import manifest from '../../package.json' with { type: 'json' };
import type { GlobalOptions, RunCommand } from './command.ts';
import type { Terminal } from './terminal.ts';

/** What was asked for. */
export interface CommandCall {
  readonly load: () => Promise<RunCommand>;
  readonly args: readonly string[];
  readonly options: OptionValues;
  readonly globals: GlobalOptions;
  /** True where a restore that was interrupted is told first. */
  readonly tellsPending: boolean;
}

interface Declaration {
  /** Name and arguments as commander reads them. */
  readonly usage: string;
  readonly summary: string;
  /** The heading of the help that it stands under. */
  readonly group: string;
  readonly options?: CommandOptions;
  /** What the command line alone has. */
  readonly declare?: (command: Command) => void;
  readonly load: () => Promise<RunCommand<never>>;
  readonly silentPending?: boolean;
  readonly hidden?: boolean;
  /** Everything after `--` is its arguments, as it stands. */
  readonly takesCommand?: boolean;
}

const namesOfSnapshots = `an id, its unique beginning or end (4 characters or more), a label,
latest or latest~N (safety snapshots do not count)`;

/** What can stand for an argument that the usage names. */
const argumentHelp: Readonly<Record<string, string>> = {
  '<A>': `\nA and B are ${namesOfSnapshots},\nor live: the data as it is now.`,
  '[SNAPSHOT]': `\nSNAPSHOT is ${namesOfSnapshots},\nor live: the data as it is now.`,
  SNAPSHOT: `\nSNAPSHOT is ${namesOfSnapshots}.`,
};

/** Headings of the help, in its order. */
const everyDay = 'Every day:';
const guarding = 'Before what destroys data:';
const keeping = 'Kept snapshots:';
const aProject = 'A project:';

const shellInitHelp = `
In the shell's start file:
  bash, zsh   eval "$(savepoint shell-init bash)"
  fish        savepoint shell-init fish | source
  pwsh        savepoint shell-init pwsh | Out-String | Invoke-Expression
`;

const examples = `
Examples:
  savepoint snapshot -m "Before migration"   save the data as it is now
  savepoint diff latest                      see what changed since
  savepoint restore latest                   bring it back; undo takes that back
`;

const declarations: readonly Declaration[] = [
  {
    usage: 'detect',
    group: everyDay,
    summary: 'find the data directories of the project',
    load: async () => (await import('./commands/detect.ts')).runDetect,
  },
  {
    usage: 'snapshot',
    group: everyDay,
    summary: 'take one consistent snapshot',
    options: commandOptions.snapshot,
    load: async () => (await import('./commands/snapshot.ts')).runSnapshot,
  },
  {
    usage: 'list',
    group: everyDay,
    summary: "list this project's snapshots, newest first",
    load: async () => (await import('./commands/list.ts')).runList,
  },
  {
    usage: 'show <SNAPSHOT>',
    group: everyDay,
    summary: 'show one snapshot, whole',
    load: async () => (await import('./commands/show.ts')).runShow,
  },
  {
    usage: 'diff <A> [B]',
    group: everyDay,
    summary: 'show what changed from A to B (default: live)',
    options: commandOptions.diff,
    load: async () => (await import('./commands/diff.ts')).runDiff,
  },
  {
    usage: 'check [SNAPSHOT]',
    group: everyDay,
    summary: 'compare rows with the files they name (default: live)',
    options: commandOptions.check,
    load: async () => (await import('./commands/check.ts')).runCheck,
  },
  {
    usage: 'restore <SNAPSHOT>',
    group: everyDay,
    summary: 'make the data what it was, after a safety snapshot',
    options: commandOptions.restore,
    load: async () => (await import('./commands/restore.ts')).runRestore,
    silentPending: true,
  },
  {
    usage: 'undo',
    group: everyDay,
    summary: 'take the last restore back; twice is redo',
    options: commandOptions.undo,
    load: async () => (await import('./commands/undo.ts')).runUndo,
    silentPending: true,
  },
  {
    usage: 'run [COMMAND...]',
    group: guarding,
    summary: 'take a snapshot, then run: savepoint run -- COMMAND',
    declare: (command) =>
      command
        .usage('[options] -- COMMAND [ARGUMENT...]')
        .option('-m, --label <LABEL>', 'a name for the snapshot')
        .option('--match', 'only where COMMAND is destructive by the rules of the guard')
        .option('--status <FILE>', 'write what was saved, and what was not, as JSON'),
    load: async () => (await import('./commands/run.ts')).runRun,
    silentPending: true,
    takesCommand: true,
  },
  {
    usage: 'shell-init <SHELL>',
    group: guarding,
    summary: 'print the hook that guards bash, zsh, fish or pwsh',
    declare: (command) => command.addHelpText('after', shellInitHelp),
    load: async () => (await import('./commands/shell-init.ts')).runShellInit,
    silentPending: true,
  },
  {
    usage: 'guard',
    group: guarding,
    summary: 'take out what the guard has learned; the hook of a shell runs it',
    declare: (command) =>
      command
        .option(
          '--forget <COMMAND>',
          'take a command out that changed data: it is not saved before',
        )
        .option('--line <LINE>', 'the line that was typed')
        .option('--shell <SHELL>', 'the shell that it was typed in')
        .option('--unseen', 'LINE stands for one that the shell could not see')
        .option('--no-stop', 'the shell cannot keep the line from running')
        .option('--in <DIR>', 'where the line was typed')
        .option('--since <FILE>', 'the line is over, and began when FILE was written')
        .option('--status <STATUS>', 'what the line ended with'),
    load: async () => (await import('./commands/guard.ts')).runGuard,
    silentPending: true,
  },
  {
    usage: 'verify [SNAPSHOT...]',
    group: keeping,
    summary: 'read everything back and check it',
    options: commandOptions.verify,
    load: async () => (await import('./commands/verify.ts')).runVerify,
  },
  {
    usage: 'prune',
    group: keeping,
    summary: 'apply the retention rules',
    options: commandOptions.prune,
    load: async () => (await import('./commands/prune.ts')).runPrune,
  },
  {
    usage: 'delete <SNAPSHOT...>',
    group: keeping,
    summary: 'delete snapshots for good',
    options: commandOptions.delete,
    load: async () => (await import('./commands/delete.ts')).runDelete,
  },
  {
    usage: 'pin <SNAPSHOT...>',
    group: keeping,
    summary: 'keep snapshots: retention never takes them',
    load: async () => (await import('./commands/pin.ts')).runPin,
  },
  {
    usage: 'unpin <SNAPSHOT...>',
    group: keeping,
    summary: 'let retention take them again',
    load: async () => (await import('./commands/unpin.ts')).runUnpin,
  },
  {
    usage: 'rename <SNAPSHOT> <LABEL>',
    group: keeping,
    summary: 'give a snapshot another label; "" takes it away',
    load: async () => (await import('./commands/rename.ts')).runRename,
  },
  {
    usage: 'doctor',
    group: aProject,
    summary: 'tell what is covered, what is not, and why',
    load: async () => (await import('./commands/doctor.ts')).runDoctor,
    silentPending: true,
  },
  {
    usage: 'cover <PATH>',
    group: aProject,
    summary: 'take a folder, database or file of the project into the data',
    load: async () => (await import('./commands/cover.ts')).runCover,
  },
  {
    usage: 'uncover <PATH>',
    group: aProject,
    summary: 'take a place out of the data',
    load: async () => (await import('./commands/uncover.ts')).runUncover,
  },
  {
    usage: 'allow <PATH>',
    group: aProject,
    summary: 'let a data directory outside of the project be used',
    load: async () => (await import('./commands/allow.ts')).runAllow,
  },
  {
    usage: 'adopt <OLDPATH>',
    group: aProject,
    summary: 'take over the snapshots of a project that lay there',
    load: async () => (await import('./commands/adopt.ts')).runAdopt,
  },
  {
    usage: 'forget',
    group: keeping,
    summary: "delete all of this project's snapshots",
    declare: (command) =>
      command.option('--all', 'those of all projects').option('-y, --yes', 'do not ask'),
    load: async () => (await import('./commands/forget.ts')).runForget,
  },
  {
    usage: 'agent-hook [NAME]',
    group: guarding,
    summary: 'take a snapshot before what a coding agent runs',
    declare: (command) =>
      command
        .option('--install <NAME>', 'claude-code, vscode, cursor, gemini or codex')
        .option('--uninstall <NAME>', 'take it out of their settings again')
        .option('--user', "the user's settings instead of the project's")
        .option('--timeout [SECONDS]', 'let the command go after this long (default: 10)')
        .option('-y, --yes', 'do not ask')
        // A wrong call would end with 2, which agents take for a refusal of what they want to run.
        .allowUnknownOption()
        .allowExcessArguments(),
    load: async () => (await import('./commands/agent-hook.ts')).runAgentHook,
    silentPending: true,
  },
  {
    usage: 'mcp',
    group: guarding,
    summary: 'serve the tools of coding agents (MCP over stdio)',
    load: async () => (await import('./commands/mcp.ts')).runMcp,
    silentPending: true,
  },
  {
    usage: 'uninstall',
    group: guarding,
    summary: 'take all hooks out again; snapshots stay',
    declare: (command) => command.option('-y, --yes', 'do not ask'),
    load: async () => (await import('./commands/uninstall.ts')).runUninstall,
    silentPending: true,
  },
  {
    usage: 'serve',
    group: aProject,
    summary: 'be the engine of an editor',
    load: async () => (await import('./commands/serve.ts')).runServe,
    silentPending: true,
    hidden: true,
  },
];

/**
 * What the arguments ask for; null where help or the version was asked for, which is printed then.
 * @throws EngineError USAGE with the nearest name as hint
 */
export async function parseArguments(
  args: readonly string[],
  terminal: Terminal,
): Promise<CommandCall | null> {
  const calls: CommandCall[] = [];
  const program = createProgram(terminal);
  for (const declaration of declarations) {
    const { usage, summary, group, options = {}, declare, load, hidden = false } = declaration;
    const command = program.command(usage, { hidden }).summary(summary).description(summary);
    command.helpGroup(group);
    const about = Object.keys(argumentHelp).find((argument) => usage.includes(argument));
    if (about !== undefined) command.addHelpText('after', argumentHelp[about] ?? '');
    for (const option of Object.values(options)) command.addOption(declared(option));
    declare?.(command);
    command.action(() => {
      calls.push({
        // Commander checked the options that the command declares; their types stand at its file.
        load: load as () => Promise<RunCommand>,
        args: declaration.takesCommand === true ? commandWords(args, command.args) : command.args,
        options: command.opts(),
        globals: globalsOf(program.opts()),
        tellsPending: declaration.silentPending !== true,
      });
    });
  }
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw usageError(messageOf(error, program.args));
  }
  return calls[0] ?? null;
}

function createProgram(terminal: Terminal): Command {
  const { cwd, data } = sharedOptions;
  return new Command('savepoint')
    .description('Undo for development data.')
    .version(manifest.version, '--version', 'print the version')
    .addOption(declared(cwd))
    .option('--store <DIR>', 'where snapshots are kept')
    .addOption(declared(data))
    .option('--json', 'print one JSON document')
    .option('--quiet', 'no progress bar, no colour')
    .option('--debug', 'show details and stacks on stderr')
    .helpOption('-h, --help', 'show help')
    .commandsGroup(aProject)
    .helpCommand('help [COMMAND]', 'show help for a command')
    .usage('COMMAND [OPTIONS]')
    .addHelpText('after', examples)
    .configureHelp({
      subcommandTerm: (command) => command.name(),
      showGlobalOptions: true,
      helpWidth: 80,
    })
    .configureOutput({
      writeOut: (text) => terminal.out([text.trimEnd()]),
      // Errors are thrown and told in one line by whoever called.
      outputError: () => undefined,
      writeErr: () => undefined,
    })
    .exitOverride();
}

function declared({ flags, help, kind }: CommandOption): Option {
  const option = new Option(flags, help);
  if (kind === 'texts') return option.argParser(collect);
  return kind === 'count' ? option.argParser(parseCount) : option;
}

/** Commander would take a second `--` away. */
function commandWords(all: readonly string[], parsed: readonly string[]): readonly string[] {
  const at = all.indexOf('--');
  return at < 0 ? parsed : all.slice(at + 1);
}

function globalsOf(options: OptionValues): GlobalOptions {
  const { cwd, store, data = [], json = false, quiet = false, debug = false } = options;
  return { data, json, quiet, debug, ...(cwd && { cwd }), ...(store && { store }) };
}

/** Commander shows its help for these two, and has no words for them. */
function messageOf({ code, message }: CommanderError, [first, name]: readonly string[]): string {
  if (code !== 'commander.help') return message;
  return first === 'help' ? `unknown command "${name}"` : 'no command given';
}

/** Commander's message in our form: one line, what is wrong and what to do. */
function usageError(message: string): EngineError {
  const [, suggestion] = /\(Did you mean (?:one of )?(.*)\?\)/.exec(message) ?? [];
  const [first = ''] = message.replace(/^error: /, '').split('\n');
  const text = first.replaceAll("'", '"').replace(/\.$/, '');
  const hint =
    suggestion === undefined ? 'savepoint help' : `did you mean ${suggestion}? savepoint help`;
  return new EngineError('USAGE', text, { hint });
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function parseCount(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(value);
}
