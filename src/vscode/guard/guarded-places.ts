// What of this window leads to a snapshot by itself: told in the tooltip of the status bar item.

import { window } from 'vscode';
import type { GuardedPlace } from '../../core/views/status-item-text.ts';
import { readSettings, tasksOfWorkspace } from '../host/settings.ts';
import { isGuarded } from './guarded-terminal.ts';
import { isGuardedTask } from './task-edits.ts';

export function guardedPlaces(): readonly GuardedPlace[] {
  const { guard } = readSettings();
  const tasks = tasksOfWorkspace();
  const { terminals } = window;
  const isTerminalGuarded =
    guard.terminalDefault || (terminals.length > 0 && terminals.every(isGuarded));
  return [
    ...(tasks.length === 0 ? [] : [{ name: 'tasks', isGuarded: tasks.some(isGuardedTask) }]),
    { name: 'explorer', isGuarded: guard.explorerDelete },
    ...(guard.debug ? [{ name: 'debug', isGuarded: true }] : []),
    { name: 'terminal', isGuarded: isTerminalGuarded },
  ];
}
