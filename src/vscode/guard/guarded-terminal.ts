// The terminal profile "Guarded": the user's own shell with the hook, and once the offer to make it the default.

import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  env,
  TerminalProfile,
  ThemeIcon,
  Uri,
  window,
  workspace,
  type Disposable,
  type ExtensionContext,
  type Memento,
  type Terminal,
  type TerminalOptions,
} from 'vscode';
import { guardedStart, shellName } from '../../core/guard/shells/guarded-start.ts';
import { DisposableStore } from '../host/disposables.ts';
import type { Log } from '../host/log.ts';
import { runGuarded } from '../host/run-guarded.ts';
import {
  isShellIntegrated,
  readSettings,
  setDefaultTerminal,
  setGuardedByDefault,
} from '../host/settings.ts';
import type { Launcher } from '../process/launcher.ts';

const profileId = 'savepoint.guarded';
/** As package.json has it: settings name a profile by its title. */
const profileTitle = 'Guarded';
const mark = 'SAVEPOINT_GUARDED';
const offeredKey = 'guard.offeredDefault';

/** @param shellPath the shell that the user has chosen; one without a hook runs as it is, and says so */
export async function guardedTerminalOptions(
  launcher: Launcher,
  shellPath: string,
): Promise<TerminalOptions> {
  await launcher.ready();
  const shell = shellName(shellPath);
  const folder = join(launcher.storageDir, 'guarded', shell);
  const start = guardedStart(shellPath, {
    folder,
    program: launcher.program,
    isLogin: process.platform === 'darwin',
    zdotdir: process.env['ZDOTDIR'],
    integration: integrationScript,
  });
  if (start === undefined) return unguarded(shellPath);
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(start.files)) {
    await launcher.write(join('guarded', shell, name), text);
  }
  return {
    name: `${start.shell} (guarded)`,
    shellPath,
    shellArgs: [...start.args],
    env: { ...start.env, [mark]: '1' },
    iconPath: new ThemeIcon('shield'),
    isTransient: false,
  };
}

/** Where commands that are typed lead to a snapshot by themselves. */
export function isGuarded({ creationOptions }: Terminal): boolean {
  return 'env' in creationOptions && creationOptions.env?.[mark] === '1';
}

export async function openGuardedTerminal(
  launcher: Launcher,
  cwd: string | undefined,
): Promise<Terminal> {
  const options = await guardedTerminalOptions(launcher, env.shell);
  const terminal = window.createTerminal({
    ...options,
    ...(cwd !== undefined && { cwd: Uri.file(cwd) }),
  });
  terminal.show();
  return terminal;
}

export function registerGuardedTerminal(
  { globalState }: ExtensionContext,
  launcher: Launcher,
  log: Log,
): Disposable {
  const owned = new DisposableStore();
  owned.add(
    window.registerTerminalProfileProvider(profileId, {
      provideTerminalProfile: async () =>
        runGuarded(log, 'guarded terminal', async () => {
          return new TerminalProfile(await guardedTerminalOptions(launcher, env.shell));
        }),
    }),
  );
  owned.add(
    window.onDidOpenTerminal((terminal) => {
      if (isGuarded(terminal)) void runGuarded(log, 'offer', () => offerDefault(globalState));
    }),
  );
  owned.add(
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('savepoint.guard.terminalDefault')) {
        const isWanted = readSettings().guard.terminalDefault;
        void runGuarded(log, 'default terminal', () => setDefaultTerminal(profileTitle, isWanted));
      }
    }),
  );
  return owned;
}

async function offerDefault(globalState: Memento): Promise<void> {
  if (globalState.get(offeredKey) === true || readSettings().guard.terminalDefault) return;
  await globalState.update(offeredKey, true);
  const text = 'Make Guarded the default terminal?';
  const chosen = await window.showInformationMessage(text, 'Make Default', 'Not Now');
  if (chosen !== 'Make Default') return;
  await setGuardedByDefault();
}

function unguarded(shellPath: string): TerminalOptions {
  const shell = basename(shellPath);
  const message = `savepoint: ${shell} is not guarded here; use savepoint run -- COMMAND`;
  return { name: shell, shellPath, message };
}

/** The editor brings its script in by itself only where a shell has no arguments of its own. */
function integrationScript(file: string): string | undefined {
  const folder = 'out/vs/workbench/contrib/terminal/common/scripts';
  return isShellIntegrated() ? join(env.appRoot, folder, file) : undefined;
}
