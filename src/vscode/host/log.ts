// What of VS Code's log channel we use; the engine's Logger is part of it.

import type { LogOutputChannel } from 'vscode';

export type Log = Pick<
  LogOutputChannel,
  'trace' | 'debug' | 'info' | 'warn' | 'error' | 'show' | 'name'
>;
