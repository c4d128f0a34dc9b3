// Programs that run another command that their own arguments hold: `sudo`, `env`, `npx`, `uv run`,
// `docker compose exec`. A readable table; what is left after it is the command that counts.

import { composeOptions, containerOptions } from './container-options.ts';
import { managerOptions } from './package-managers.ts';

export interface Wrapper {
  readonly programs: readonly string[];
  /** Words that have to follow, each one of its alternatives: `[['compose'], ['exec', 'run']]`. */
  readonly words?: readonly (readonly string[])[];
  readonly valueOptions?: readonly string[];
  /** `A=b` before the command. */
  readonly assigns?: boolean;
  /** Words to leave out before the command: a service, a duration. */
  readonly skip?: number;
  /** With one of these options it runs nothing. */
  readonly notWith?: readonly string[];
  /** Options whose value is a line for a shell. */
  readonly textOptions?: readonly string[];
  /** Options whose value is the folder that the command runs in. */
  readonly folderOptions?: readonly string[];
  /** Its words together are a line for a shell. */
  readonly isLine?: boolean;
  readonly isContainer?: boolean;
}

const wrappers: readonly Wrapper[] = [
  {
    programs: ['sudo', 'doas', 'gosu', 'su-exec'],
    valueOptions: ['-u', '-g', '-h', '-p', '-C', '-r', '-t', '-U', '--user', '--group'],
    folderOptions: ['-D', '--chdir'],
    assigns: true,
  },
  { programs: ['su', 'runuser'], textOptions: ['-c', '--command'], skip: 99 },
  {
    programs: ['env', 'cross-env', 'cross-env-shell', 'genv'],
    valueOptions: ['-u', '--unset'],
    folderOptions: ['-C', '--chdir'],
    textOptions: ['-S', '--split-string'],
    assigns: true,
  },
  { programs: ['command'], notWith: ['-v', '-V'] },
  { programs: ['exec'], valueOptions: ['-a'] },
  {
    programs: [
      'nohup',
      'builtin',
      'busybox',
      'toybox',
      'setsid',
      'ssh-agent',
      'unbuffer',
      'chronic',
      'noglob',
      'nocorrect',
      'caffeinate',
      'time',
      'gtime',
      'not',
      'and',
      'or',
      'begin',
      'spring',
      '&',
    ],
    valueOptions: ['-f', '-o', '--format', '--output'],
  },
  {
    programs: ['stdbuf', 'nice', 'ionice', 'chrt', 'taskset', 'strace', 'ltrace'],
    valueOptions: ['-n', '-c', '-i', '-o', '-e', '-p'],
  },
  {
    programs: ['timeout', 'gtimeout'],
    valueOptions: ['-s', '-k', '--signal', '--kill-after'],
    skip: 1,
  },
  { programs: ['flock'], valueOptions: ['-w', '-E'], textOptions: ['-c'], skip: 1 },
  {
    programs: ['watch', 'viddy', 'entr', 'watchexec', 'chokidar', 'hyperfine'],
    valueOptions: ['-n', '-e', '-w', '-i', '--interval', '-r', '-p', '--prepare'],
    textOptions: ['-c'],
    isLine: true,
  },
  { programs: ['nodemon'], textOptions: ['-x', '--exec'], skip: 99 },
  { programs: ['script'], textOptions: ['-c', '--command'], skip: 99 },
  {
    programs: ['npx', 'pnpx', 'bunx', 'uvx'],
    valueOptions: ['-p', '--package', '--from', '--with', '--python'],
    textOptions: ['-c', '--call'],
  },
  {
    programs: ['npm', 'pnpm', 'yarn', 'bun', 'berry'],
    words: [['exec', 'x', 'dlx']],
    valueOptions: [...managerOptions, '-p', '--package'],
    textOptions: ['-c', '--call'],
  },
  {
    programs: [
      'uv',
      'poetry',
      'pipenv',
      'pdm',
      'hatch',
      'rye',
      'pixi',
      'pipx',
      'devbox',
      'dotenvx',
      'doppler',
      'op',
      'infisical',
      'volta',
      'chamber',
      'railway',
      'teller',
    ],
    words: [['run']],
    valueOptions: [
      '--with',
      '--python',
      '-p',
      '--directory',
      '--project',
      '--extra',
      '--group',
      '--env-file',
      '-f',
      '--from',
      '-P',
      '-C',
      '-c',
      '-e',
      '--env',
    ],
  },
  { programs: ['uv'], words: [['tool'], ['run']], valueOptions: ['--from', '--with'] },
  {
    programs: ['conda', 'mamba', 'micromamba'],
    words: [['run']],
    valueOptions: ['-n', '-p', '--name', '--prefix', '--cwd'],
  },
  {
    programs: ['bundle', 'rbenv', 'pyenv', 'mise', 'rtx', 'composer'],
    words: [['exec', 'x']],
    valueOptions: ['--gemfile', '-C'],
  },
  {
    programs: ['direnv', 'nvm', 'fnm', 'aws-vault', 'asdf'],
    words: [['exec']],
    valueOptions: ['--using'],
    skip: 1,
  },
  {
    programs: ['dotenv', 'env-cmd', 'dotenv-cli', 'with-env'],
    valueOptions: ['-e', '-f', '-c', '-v', '-p', '--environments'],
  },
  { programs: ['nix', 'nix-shell'], textOptions: ['--run', '--command'], skip: 99 },
  { programs: ['nix'], words: [['develop', 'shell']] },
  { programs: ['go'], words: [['tool']], valueOptions: ['-C', '-tags', '-mod', '-modfile'] },
  { programs: ['heroku'], words: [['local:run']] },
  {
    programs: ['docker', 'podman', 'nerdctl'],
    words: [['compose'], ['exec', 'run']],
    valueOptions: [...composeOptions, ...containerOptions, '--context'],
    skip: 1,
    isContainer: true,
  },
  {
    programs: ['docker-compose', 'podman-compose'],
    words: [['exec', 'run']],
    valueOptions: [...composeOptions, ...containerOptions],
    skip: 1,
    isContainer: true,
  },
  {
    programs: ['docker', 'podman', 'nerdctl'],
    words: [['exec', 'run']],
    valueOptions: [
      ...containerOptions,
      '--env-file',
      '--network',
      '--mount',
      '-p',
      '--publish',
      '--platform',
    ],
    skip: 1,
    isContainer: true,
  },
  {
    programs: ['devcontainer'],
    words: [['exec']],
    valueOptions: ['--workspace-folder'],
    isContainer: true,
  },
];

export interface Unwrapped {
  /** The command inside; may be empty. */
  readonly words: readonly string[];
  /** Lines for a shell that its options hold. */
  readonly texts: readonly string[];
  /** Folders that it goes to first, one after the other. */
  readonly folders: readonly string[];
  readonly isContainer: boolean;
}

/** What a wrapper runs; undefined where the program wraps nothing. */
export function unwrap(program: string, args: readonly string[]): Unwrapped | undefined {
  for (const wrapper of wrappers) {
    if (!wrapper.programs.includes(program)) continue;
    const { words = [], skip = 0, isLine = false } = wrapper;
    const unwrapped = strip(wrapper, args, { words, skip, texts: [], folders: [] });
    if (unwrapped === undefined) continue;
    if (!isLine || unwrapped.words.length === 0) return unwrapped;
    return { ...unwrapped, words: [], texts: [...unwrapped.texts, unwrapped.words.join(' ')] };
  }
  return undefined;
}

/** What has to come before the command still, and what was found on the way. */
interface Left {
  readonly words: readonly (readonly string[])[];
  readonly skip: number;
  readonly texts: readonly string[];
  readonly folders: readonly string[];
}

function strip(wrapper: Wrapper, args: readonly string[], start: Left): Unwrapped | undefined {
  const { isContainer = false } = wrapper;
  let left = start;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    const { texts, folders } = left;
    const [expected, ...words] = left.words;
    const isComplete = expected === undefined && left.skip === 0;
    if (wrapper.notWith?.includes(word) === true)
      return { words: [], texts: [], folders: [], isContainer };
    if (word === '--' && isComplete)
      return { words: args.slice(at + 1), texts, folders, isContainer };
    const taken = takenByOption(word, wrapper);
    if (taken > 0) {
      left = withValue(left, wrapper, word, args[at + 1]);
      at += taken - 1;
    } else if (isComplete) return { words: args.slice(at), texts, folders, isContainer };
    else if (expected === undefined) left = { ...left, skip: left.skip - 1 };
    else if (expected.includes(word)) left = { ...left, words };
    else return undefined;
  }
  const { texts, folders } = left;
  return left.words.length > 0 ? undefined : { words: [], texts, folders, isContainer };
}

function withValue(left: Left, wrapper: Wrapper, option: string, next: string | undefined): Left {
  const { textOptions = [], folderOptions = [] } = wrapper;
  const [name = '', attached] = option.split(/=(.*)/s);
  const value = attached ?? next ?? '';
  if (folderOptions.includes(name)) return { ...left, folders: [...left.folders, value] };
  return isTextOption(name, textOptions) ? { ...left, texts: [...left.texts, value] } : left;
}

/** Letters may come together: `script -qc TEXT`. */
function isTextOption(option: string, textOptions: readonly string[]): boolean {
  if (textOptions.includes(option)) return true;
  return /^-[a-zA-Z]{2,}$/.test(option) && textOptions.includes(`-${option.at(-1)}`);
}

/** How many words an option or assignment at this place takes; 0 where it is neither. */
function takenByOption(
  word: string,
  { valueOptions = [], textOptions = [], folderOptions = [], assigns }: Wrapper,
): number {
  if (isTextOption(word, textOptions)) return 2;
  if (valueOptions.includes(word) || folderOptions.includes(word)) return 2;
  const isOption = word.startsWith('-') && word.length > 1;
  return isOption || (assigns === true && /^[A-Za-z_]\w*=/.test(word)) ? 1 : 0;
}
