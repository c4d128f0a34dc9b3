// What of the guard lives in the editor.

import type { Disposable, ExtensionContext } from 'vscode';
import { DisposableStore } from '../host/disposables.ts';
import type { Services } from '../services.ts';
import { registerDebugStart } from './debug-start.ts';
import { registerExplorerDelete } from './explorer-delete.ts';
import { registerGuardedTerminal } from './guarded-terminal.ts';
import { registerLauncher } from '../process/launcher.ts';
import { registerScriptLenses } from './script-lenses.ts';
import { registerTasks } from './tasks.ts';
import { registerBranchWatch } from './watch-branches.ts';
import { registerTerminalWatch } from './watch-terminals.ts';

export function registerGuard(context: ExtensionContext, services: Services): Disposable {
  const owned = new DisposableStore();
  const { launcher, log } = services;
  owned.add(registerLauncher(context, launcher, log));
  owned.add(registerGuardedTerminal(context, launcher, log));
  owned.add(registerTasks(services));
  owned.add(registerScriptLenses(services));
  owned.add(registerExplorerDelete(services));
  owned.add(registerDebugStart(services));
  owned.add(registerTerminalWatch(services));
  owned.add(registerBranchWatch(services));
  return owned;
}
