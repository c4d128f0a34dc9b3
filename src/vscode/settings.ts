// The only place that reads settings.

import { workspace } from 'vscode';

export interface Settings {
  readonly statusBar: boolean;
  /** Absolute path of another command line to run as the engine; undefined: the bundled one. */
  readonly cliPath: string | undefined;
}

export function readSettings(): Settings {
  const settings = workspace.getConfiguration('savepoint');
  const cliPath = settings.get<unknown>('path');
  return {
    statusBar: settings.get<unknown>('statusBar') !== false,
    cliPath: typeof cliPath === 'string' && cliPath.trim() !== '' ? cliPath.trim() : undefined,
  };
}
