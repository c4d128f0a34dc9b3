// The hook that `shell-init` prints: what a shell runs before a typed command, and waits for. In the shell
// itself a pattern says "maybe"; only then the program is started, which decides and saves.

import { harmlessWords, maybePattern } from '../maybe-pattern.ts';
import { quietPrograms } from '../rules/harmless-programs.ts';
import { bashHook } from './bash.ts';
import { fishHook } from './fish.ts';
import { pwshHook } from './pwsh.ts';
import { zshHook } from './zsh.ts';

/** As `defaultStoreDir` answers it, in bash and zsh: a terminal of the editor has no other way to know. */
const storeInShell = `"\${SAVEPOINT_STORE:-$(
  case $OSTYPE.\${XDG_DATA_HOME-} in
    (darwin*) printf %s "$HOME/Library/Application Support" ;;
    (*./*) printf %s "$XDG_DATA_HOME" ;;
    (*) printf %s "$HOME/.local/share" ;;
  esac
)/savepoint}"`;

const posixAsNode = (run: string): string => `ELECTRON_RUN_AS_NODE=1 ${run}`;

const hooks = {
  bash: { hook: bashHook, quote: quotedForPosix, prefix: 'command ', asNode: posixAsNode },
  zsh: { hook: zshHook, quote: quotedForPosix, prefix: 'command ', asNode: posixAsNode },
  fish: { hook: fishHook, quote: quotedForFish, prefix: 'command ', asNode: posixAsNode },
  pwsh: {
    hook: pwshHook,
    quote: quotedForPwsh,
    prefix: '& ',
    asNode: (run: string) =>
      `& { $env:ELECTRON_RUN_AS_NODE = '1'; try { ${run} @args } finally { Remove-Item Env:ELECTRON_RUN_AS_NODE } }`,
  },
} as const;

export const guardedShells: readonly string[] = Object.keys(hooks);

/**
 * The hook's text; undefined for a shell that has none.
 * @param words what starts this program: absolute paths, of the program and its file
 * @param isElectron true where the program is an editor that has to be told to be Node
 */
export function shellHook(
  shell: string,
  words: readonly string[],
  isElectron: boolean,
): string | undefined {
  const known = Object.entries(hooks).find(([name]) => name === shell)?.[1];
  if (known === undefined) return undefined;
  const run = known.prefix + words.map(known.quote).join(' ');
  const program = isElectron ? known.asNode(run) : run;
  const harmless = [...harmlessWords()];
  const quiet = quietPrograms().map((word) => `'${word}'`);
  return known.hook
    .replaceAll('@PROGRAM@', () => program)
    .replaceAll('@PATTERN@', maybePattern)
    .replaceAll('@STORE@', () => storeInShell)
    .replaceAll('@QUIET@', () => quiet.join(' '))
    .replaceAll('@QUIETPAIRS@', () => quiet.map((word) => `${word} 1`).join(' '))
    .replaceAll('@WORDS@', () => harmless.map(([word, kind]) => `'${word}=${kind}'`).join(' '))
    .replaceAll('@PAIRS@', () => harmless.map(([word, kind]) => `'${word}' '=${kind}'`).join(' '));
}

function quotedForPosix(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function quotedForFish(word: string): string {
  return `'${word.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;
}

function quotedForPwsh(word: string): string {
  return `'${word.replaceAll("'", "''")}'`;
}
