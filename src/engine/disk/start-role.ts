// Starts this very bundle once more, as a worker or a child with a role of its own.
import { spawn, type ChildProcess } from 'node:child_process';

/** What a worker or child of the engine is; engine/run-role.ts runs each. */
export type Role = 'content' | 'image' | 'live-database';

/**
 * Starts this program again as a child process with `role`. Its stdin and stdout are pipes, its
 * stderr too; nothing of the environment changes how Node runs in it.
 */
export function startRole(
  role: Role,
  processEntry: string,
  env: Readonly<Record<string, string | undefined>>,
): ChildProcess {
  return spawn(process.execPath, [processEntry, '--role', role], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: childEnvironment(env),
    windowsHide: true,
    // In a group of its own: Ctrl+C in the terminal is for us, and we decide what a child does then.
    detached: process.platform !== 'win32',
  });
}

function childEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const clean: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !nodeVariables.test(name)) clean[name] = value;
  }
  // Without it, the editor's executable would start an editor.
  if (process.versions['electron'] !== undefined) clean['ELECTRON_RUN_AS_NODE'] = '1';
  return clean;
}

/** Variables that make Node load other code, listen for a debugger or print to our pipes. */
const nodeVariables = /^(NODE_|ELECTRON_|VSCODE_INSPECTOR|UV_)/;
