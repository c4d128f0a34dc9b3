// After the snapshot this process becomes the command: same process id, terminal, group and pipes, so
// that signals, stopping, exit code and everything else are the command's own. Nothing may have made
// stdin, stdout or stderr non-blocking before (Node's streams do, on pipes): Terminal takes care.

import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * Does not return where the system can replace a process; else answers the command's exit code.
 * @param words an absolute path, then the arguments
 * @param name what the command sees as its own name
 */
export async function becomeCommand(
  words: readonly [string, ...string[]],
  name: string,
): Promise<number> {
  const [path, ...args] = words;
  // With it, the editor's executable would be Node for the command too.
  delete process.env['ELECTRON_RUN_AS_NODE'];
  if (process.platform !== 'win32' && canReplace(process)) {
    // Node ignores these two, and what is ignored stays ignored in the command. What is caught does not.
    for (const signal of ['SIGPIPE', 'SIGXFSZ'] as const) process.on(signal, () => undefined);
    process.execve(path, [name, ...args], process.env);
  }
  return await runAsChild(path, args);
}

type Replacing = NodeJS.Process & {
  readonly execve: (path: string, args: readonly string[], env: NodeJS.ProcessEnv) => never;
};

function canReplace(one: NodeJS.Process): one is Replacing {
  return 'execve' in one && typeof one.execve === 'function';
}

const forwarded = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;

/** Windows: the console gives Ctrl+C to both, and the command decides. */
async function runAsChild(path: string, args: readonly string[]): Promise<number> {
  process.removeAllListeners('SIGINT').on('SIGINT', () => undefined);
  const child = spawn(path, args, { stdio: 'inherit' });
  for (const signal of forwarded)
    process.removeAllListeners(signal).on(signal, () => child.kill(signal));
  return await new Promise((done, failed) => {
    child.once('error', failed);
    child.once('exit', (code, signal) =>
      done(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  });
}
