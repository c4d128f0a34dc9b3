// Every `savepoint.…` key that package.json's `when` clauses read is set here and nowhere else.

import { commands } from 'vscode';

export interface ContextKeys {
  'savepoint.state': 'starting' | 'none' | 'found' | 'untrusted' | 'error';
  /** Why the views are empty; `none` where they are not. */
  'savepoint.problem': 'none' | 'driver' | 'newer';
  'savepoint.busy': boolean;
  'savepoint.canUndo': boolean;
  /** A restore was begun and not proven. */
  'savepoint.isInterrupted': boolean;
  /** Something that rows or settings name is in no snapshot. */
  'savepoint.isUncovered': boolean;
  'savepoint.filtered': boolean;
  'savepoint.selectedForCompare': boolean;
  /** What the third view shows; false: it is not there. */
  'savepoint.preview': false | 'restore' | 'compare';
  /** The active tab belongs to what the third view shows. */
  'savepoint.previewEditor': boolean;
  /** What is ticked can be restored as it is shown. */
  'savepoint.previewReady': boolean;
  'savepoint.previewStale': boolean;
  /** The comparison is of a snapshot with the data as it is now. */
  'savepoint.comparedWithNow': boolean;
}

export function setContextKey<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): void {
  void commands.executeCommand('setContext', key, value);
}
