// The only place that reads and writes settings.

import { ConfigurationTarget, workspace, type WorkspaceConfiguration } from 'vscode';

export interface Settings {
  readonly statusBar: boolean;
  /** After a snapshot the Data view checks again for mismatches. */
  readonly checkAfterSnapshot: boolean;
  /** Absolute path of another command line to run as the engine; undefined: the bundled one. */
  readonly cliPath: string | undefined;
  /** Rows that differ which a document shows at most. */
  readonly previewMaxRows: number;
  readonly guard: GuardSettings;
}

export interface GuardSettings {
  readonly tasks: boolean;
  readonly explorerDelete: boolean;
  readonly codeLens: boolean;
  readonly debug: boolean;
  readonly terminalDefault: boolean;
  readonly git: boolean;
}

const defaultMaxRows = 1000;

export function readSettings(): Settings {
  const settings = section('savepoint');
  const cliPath = settings.get<unknown>('path');
  const maxRows = settings.get<unknown>('preview.maxRows');
  return {
    statusBar: settings.get<unknown>('statusBar') !== false,
    checkAfterSnapshot: settings.get<unknown>('check.afterSnapshot') !== false,
    cliPath: typeof cliPath === 'string' && cliPath.trim() !== '' ? cliPath.trim() : undefined,
    previewMaxRows:
      typeof maxRows === 'number' && maxRows >= 1 ? Math.floor(maxRows) : defaultMaxRows,
    guard: {
      tasks: settings.get<unknown>('guard.tasks') !== false,
      explorerDelete: settings.get<unknown>('guard.explorerDelete') !== false,
      codeLens: settings.get<unknown>('guard.codeLens') !== false,
      debug: settings.get<unknown>('guard.debug') === true,
      terminalDefault: settings.get<unknown>('guard.terminalDefault') === true,
      git: settings.get<unknown>('guard.git') === true,
    },
  };
}

/** For all of the user's windows. */
export async function setGuardedByDefault(): Promise<void> {
  await section('savepoint').update('guard.terminalDefault', true, ConfigurationTarget.Global);
}

/** The editor's own: whether its script runs in the shells of its terminals. */
export function isShellIntegrated(): boolean {
  return section('terminal').get<unknown>('integrated.shellIntegration.enabled') !== false;
}

/** The entries of tasks.json, as they are written. */
export function tasksOfWorkspace(): readonly unknown[] {
  const tasks = section('tasks').get<unknown>('tasks');
  return Array.isArray(tasks) ? tasks : [];
}

const systems: Partial<Record<NodeJS.Platform, string>> = { darwin: 'osx', win32: 'windows' };
const defaultProfile = `integrated.defaultProfile.${systems[process.platform] ?? 'linux'}`;

/** Makes the profile called `title` the default terminal, or no longer; another one is left alone. */
export async function setDefaultTerminal(title: string, isWanted: boolean): Promise<void> {
  const terminal = section('terminal');
  const chosen = terminal.inspect<string>(defaultProfile)?.globalValue;
  if (isWanted === (chosen === title)) return;
  const value = isWanted ? title : undefined;
  await terminal.update(defaultProfile, value, ConfigurationTarget.Global);
}

function section(name: string): WorkspaceConfiguration {
  return workspace.getConfiguration(name);
}
