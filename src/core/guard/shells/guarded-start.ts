// How a shell is started with the hook: the user's own start files run first, and none is touched.

import { shellHook } from './shell-hook.ts';

export interface GuardedStart {
  /** `zsh`: what the terminal is called by. */
  readonly shell: string;
  readonly args: readonly string[];
  /** A value of null takes the variable away. */
  readonly env: Readonly<Record<string, string | null>>;
  /** Text by path relative to the folder: to be there before the shell starts. */
  readonly files: Readonly<Record<string, string>>;
}

export interface StartPlace {
  /** Absolute folder for the files; its own for each way to start. */
  readonly folder: string;
  /** What starts this program: absolute paths. */
  readonly program: { readonly words: readonly string[]; readonly isElectron: boolean };
  /** As terminals of the system start shells, e.g. on macOS. */
  readonly isLogin: boolean;
  /** The user's own ZDOTDIR. */
  readonly zdotdir: string | undefined;
  /** Absolute path of the editor's own script for a shell; undefined where it is not wanted. */
  readonly integration: (file: string) => string | undefined;
}

/** The shell's name without its path and ending. */
export function shellName(path: string): string {
  const name = path.replace(/^.*[/\\]/, '').replace(/\.exe$/i, '');
  return name === 'powershell' ? 'pwsh' : name;
}

/** Undefined for a shell that has no hook. */
export function guardedStart(shellPath: string, place: StartPlace): GuardedStart | undefined {
  const shell = shellName(shellPath);
  const { words, isElectron } = place.program;
  const hook = shellHook(shell, words, isElectron);
  const start = starts[shell];
  return hook === undefined || start === undefined ? undefined : start(hook, place);
}

type Start = (hook: string, place: StartPlace) => GuardedStart;

const starts: Readonly<Record<string, Start>> = {
  bash: (hook, { folder, isLogin, integration }) => ({
    shell: 'bash',
    args: ['--init-file', `${folder}/init.bash`],
    env: {},
    files: {
      'init.bash': [
        isLogin ? bashLoginFiles : bashFiles,
        hook,
        sourced(integration('shellIntegration-bash.sh')),
      ].join('\n'),
    },
  }),
  zsh: (hook, { folder, isLogin, zdotdir }) => ({
    shell: 'zsh',
    args: isLogin ? ['-l'] : [],
    env: { ZDOTDIR: folder, SAVEPOINT_ZDOTDIR: zdotdir ?? null },
    files: {
      '.zshenv': zshEnv(),
      '.zprofile': zshFile('.zprofile'),
      '.zshrc': `${zshFile('.zshrc', zshHistory)}\n${hook}\n[[ -o login ]] || {\n${zshEnd}\n}\n`,
      '.zlogin': `${zshFile('.zlogin')}\n${zshEnd}\n`,
    },
  }),
  fish: (hook, { folder, isLogin, integration }) => ({
    shell: 'fish',
    args: [...(isLogin ? ['-l'] : []), '--init-command', `source ${quoted(`${folder}/init.fish`)}`],
    env: {},
    files: { 'init.fish': `${hook}\n${sourced(integration('shellIntegration.fish'))}` },
  }),
  pwsh: (hook, { folder, integration }) => ({
    shell: 'pwsh',
    args: ['-NoExit', '-Command', `. '${`${folder}/init.ps1`.replaceAll("'", "''")}'`],
    env: {},
    files: { 'init.ps1': `${hook}\n${dotted(integration('shellIntegration.ps1'))}` },
  }),
};

const bashFiles = '[ -r ~/.bashrc ] && . ~/.bashrc';

/** What `bash --login` reads; with an own start file it does not. */
const bashLoginFiles = `[ -r /etc/profile ] && . /etc/profile
if [ -r ~/.bash_profile ]; then . ~/.bash_profile
elif [ -r ~/.bash_login ]; then . ~/.bash_login
elif [ -r ~/.profile ]; then . ~/.profile
fi`;

/** At the top level of a file, since what a sourced file declares in a function would stay there. */
const zshEnv = (): string => `_savepoint_zdotdir=$ZDOTDIR
_savepoint_user_zdotdir=\${SAVEPOINT_ZDOTDIR-}
unset SAVEPOINT_ZDOTDIR
${zshFile('.zshenv')}
`;

function zshFile(name: string, before = ''): string {
  return `${zshUser}${before}
[[ -f \${ZDOTDIR:-$HOME}/${name} ]] && . "\${ZDOTDIR:-$HOME}/${name}"
_savepoint_user_zdotdir=\${ZDOTDIR-}
ZDOTDIR=$_savepoint_zdotdir`;
}

const zshUser =
  'if [[ -n $_savepoint_user_zdotdir ]]; then ZDOTDIR=$_savepoint_user_zdotdir; else unset ZDOTDIR; fi';

/** The system's files and the editor put it beside the start files. */
const zshHistory = `
[[ \${HISTFILE-} == $_savepoint_zdotdir/* ]] && HISTFILE=\${ZDOTDIR:-$HOME}/.zsh_history`;

/** USER_ZDOTDIR is where the editor's own script looks, and what it leaves behind. */
const zshEnd = `[[ -n \${USER_ZDOTDIR-} ]] && USER_ZDOTDIR=\${_savepoint_user_zdotdir:-$HOME}
${zshUser}
unset _savepoint_zdotdir _savepoint_user_zdotdir`;

function sourced(path: string | undefined): string {
  return path === undefined ? '' : `test -r ${quoted(path)} && . ${quoted(path)}\n`;
}

function dotted(path: string | undefined): string {
  if (path === undefined) return '';
  const quotedPath = `'${path.replaceAll("'", "''")}'`;
  return `if (Test-Path -LiteralPath ${quotedPath}) { . ${quotedPath} }\n`;
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
