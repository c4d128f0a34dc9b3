// Opt-in: a snapshot before debugging starts, before its preLaunchTask as well.

import { debug, workspace, type DebugConfiguration, type Disposable } from 'vscode';
import { runGuarded } from '../host/run-guarded.ts';
import type { Services } from '../services.ts';
import { readSettings } from '../host/settings.ts';
import { goesOnUnsaved, saveBefore, type Saving } from './save-before.ts';

/** The editor asks again for the same start: where a type becomes another, and for child sessions. */
const sameStartMs = 5_000;

type Starting = Saving & Pick<Services, 'projects'>;

export function registerDebugStart(services: Starting): Disposable {
  const started = new Map<string, number>();
  return debug.registerDebugConfigurationProvider('*', {
    resolveDebugConfiguration: async (folder, configuration) => {
      if (!workspace.isTrusted || !readSettings().guard.debug) return configuration;
      if (isChild(configuration) || configuration.request === 'attach') return configuration;
      const cwd = folder?.uri.fsPath ?? services.projects.all[0]?.cwd;
      if (cwd === undefined) return configuration;
      const key = `${cwd}|${configuration.name}`;
      const lastMs = started.get(key) ?? 0;
      if (Date.now() - lastMs < sameStartMs) return configuration;
      const goesOn = await runGuarded(services.log, 'debug start', () =>
        saveFor(services, cwd, configuration.name),
      );
      started.set(key, Date.now());
      return goesOn === false ? undefined : configuration;
    },
  });
}

async function saveFor(services: Starting, cwd: string, name: string): Promise<boolean> {
  const project = services.projects.at(cwd);
  const command = `Debug ${name === '' ? 'this file' : name}`;
  const saved = await saveBefore(services, project, { command });
  if (saved.kind !== 'failed') return true;
  return goesOnUnsaved(services, project, command, saved.error);
}

function isChild(configuration: DebugConfiguration): boolean {
  return '__pendingTargetId' in configuration || '__parentId' in configuration;
}
