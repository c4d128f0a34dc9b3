// The only place that reads settings.

import { workspace } from 'vscode';

export interface Settings {
  readonly statusBar: boolean;
  /** After a snapshot the Data view checks again for mismatches. */
  readonly checkAfterSnapshot: boolean;
  /** Absolute path of another command line to run as the engine; undefined: the bundled one. */
  readonly cliPath: string | undefined;
  /** Rows that differ which a document shows at most. */
  readonly previewMaxRows: number;
}

const defaultMaxRows = 1000;

export function readSettings(): Settings {
  const settings = workspace.getConfiguration('savepoint');
  const cliPath = settings.get<unknown>('path');
  const maxRows = settings.get<unknown>('preview.maxRows');
  return {
    statusBar: settings.get<unknown>('statusBar') !== false,
    checkAfterSnapshot: settings.get<unknown>('check.afterSnapshot') !== false,
    cliPath: typeof cliPath === 'string' && cliPath.trim() !== '' ? cliPath.trim() : undefined,
    previewMaxRows:
      typeof maxRows === 'number' && maxRows >= 1 ? Math.floor(maxRows) : defaultMaxRows,
  };
}
