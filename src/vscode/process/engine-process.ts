// Starts the engine's process: the bundled command line as `serve`, or the one that the user named.

import { fork, spawn, type ChildProcess } from 'node:child_process';
import { homedir } from 'node:os';
import { extname } from 'node:path';
import {
  IPCMessageReader,
  IPCMessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
  createMessageConnection,
  type MessageConnection,
} from 'vscode-jsonrpc/node';

export interface EngineProcess {
  readonly child: ChildProcess;
  readonly connection: MessageConnection;
}

/**
 * @param cliFile the bundled command line.
 * @param cliPath another one, by the user's setting; a script is run by this editor's own runtime.
 */
export function startEngineProcess(cliFile: string, cliPath: string | undefined): EngineProcess {
  const file = cliPath ?? cliFile;
  const env = childEnvironment(process.env);
  // Not the project folder: on Windows a process's folder cannot be moved or deleted.
  const cwd = homedir();
  if (cliPath === undefined || ['.js', '.cjs', '.mjs'].includes(extname(file))) {
    const child = fork(file, ['serve'], { cwd, env, execArgv: [], silent: true });
    const connection = createMessageConnection(
      new IPCMessageReader(child),
      new IPCMessageWriter(child),
    );
    return { child, connection };
  }
  const child = spawn(file, ['serve'], { cwd, env, stdio: 'pipe' });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  return { child, connection };
}

/** What the editor keeps in its environment for itself does not reach the engine, nor what it starts. */
function childEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => !name.startsWith('VSCODE_') && name !== 'NODE_OPTIONS',
  );
  const electron = process.versions['electron'] === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' };
  return { ...Object.fromEntries(kept), ...electron };
}
