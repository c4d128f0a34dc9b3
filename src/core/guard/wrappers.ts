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
  readonly isContainer?: boolean;
}

const wrappers: readonly Wrapper[] = [
  {
    programs: ['sudo', 'doas', 'gosu', 'su-exec'],
    valueOptions: [
      '-u',
      '-g',
      '-h',
      '-p',
      '-C',
      '-r',
      '-t',
      '-U',
      '-D',
      '--user',
      '--group',
      '--chdir',
    ],
    assigns: true,
  },
  { programs: ['su', 'runuser'], textOptions: ['-c', '--command'], skip: 99 },
  {
    programs: ['env', 'cross-env', 'cross-env-shell', 'genv'],
    valueOptions: ['-u', '--unset', '-C', '--chdir'],
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
    programs: ['xargs', 'gxargs', 'parallel'],
    valueOptions: ['-n', '-P', '-I', '-L', '-d', '-s', '-E', '-a', '-j'],
  },
  {
    programs: ['watch', 'viddy', 'entr', 'watchexec', 'chokidar'],
    valueOptions: ['-n', '-e', '-w', '-i', '--interval'],
    textOptions: ['-c'],
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
  { programs: ['cargo'], words: [] },
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
  readonly isContainer: boolean;
}

/** What a wrapper runs; undefined where the program wraps nothing. */
export function unwrap(program: string, args: readonly string[]): Unwrapped | undefined {
  for (const wrapper of wrappers) {
    if (!wrapper.programs.includes(program)) continue;
    const { words = [], skip = 0 } = wrapper;
    const unwrapped = strip(wrapper, args, { words, skip, texts: [] });
    if (unwrapped !== undefined) return unwrapped;
  }
  return undefined;
}

/** What has to come before the command still, and what was found on the way. */
interface Left {
  readonly words: readonly (readonly string[])[];
  readonly skip: number;
  readonly texts: readonly string[];
}

function strip(wrapper: Wrapper, args: readonly string[], left: Left): Unwrapped | undefined {
  const { isContainer = false } = wrapper;
  const [word] = args;
  const [expected, ...words] = left.words;
  const isComplete = expected === undefined && left.skip === 0;
  const texts = left.texts;
  if (word === undefined)
    return expected === undefined ? { words: [], texts, isContainer } : undefined;
  if (wrapper.notWith?.includes(word) === true) return { words: [], texts: [], isContainer };
  if (word === '--' && isComplete) return { words: args.slice(1), texts, isContainer };
  const taken = takenByOption(word, wrapper);
  if (taken > 0) return strip(wrapper, args.slice(taken), withText(left, wrapper, args));
  if (isComplete) return { words: args, texts, isContainer };
  if (expected === undefined)
    return strip(wrapper, args.slice(1), { ...left, skip: left.skip - 1 });
  return expected.includes(word) ? strip(wrapper, args.slice(1), { ...left, words }) : undefined;
}

function withText(left: Left, { textOptions = [] }: Wrapper, args: readonly string[]): Left {
  const [option = '', text = ''] = args;
  return textOptions.includes(option) ? { ...left, texts: [...left.texts, text] } : left;
}

/** How many words an option or assignment at this place takes; 0 where it is neither. */
function takenByOption(word: string, { valueOptions, textOptions, assigns }: Wrapper): number {
  if (valueOptions?.includes(word) === true || textOptions?.includes(word) === true) return 2;
  const isOption = word.startsWith('-') && word.length > 1;
  return isOption || (assigns === true && /^[A-Za-z_]\w*=/.test(word)) ? 1 : 0;
}
