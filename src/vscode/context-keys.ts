// Every `savepoint.…` key that package.json's `when` clauses read is set here and nowhere else.

import { commands } from 'vscode';

export interface ContextKeys {
  'savepoint.state': 'starting' | 'none' | 'found' | 'untrusted' | 'error';
  /** Why the views are empty; `none` where they are not. */
  'savepoint.problem': 'none' | 'driver' | 'newer';
  'savepoint.busy': boolean;
  'savepoint.canUndo': boolean;
  'savepoint.filtered': boolean;
  'savepoint.selectedForCompare': boolean;
}

export function setContextKey<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): void {
  void commands.executeCommand('setContext', key, value);
}
