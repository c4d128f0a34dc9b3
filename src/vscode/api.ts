// What other extensions get from `activate`. The commands with one JSON argument do the same and more.

import { commands, EventEmitter, type Event } from 'vscode';
import type { ErrorDocument } from '../core/errors.ts';
import type { SnapshotDocument } from '../core/documents/documents.ts';
import type { Services } from './services.ts';

export interface SavepointApi {
  readonly version: 1;
  /** Takes a snapshot without asking. @param cwd absolute path of a workspace folder. */
  snapshot(options?: {
    readonly cwd?: string;
    readonly label?: string;
  }): Promise<SnapshotDocument | ErrorDocument>;
  /** Fires with the folder whose snapshots came, went or changed their names. */
  readonly onDidChangeSnapshots: Event<string>;
}

export function createApi({ projects, owned }: Pick<Services, 'projects' | 'owned'>): SavepointApi {
  const changed = owned.add(new EventEmitter<string>());
  owned.add(projects.onDidChangeSnapshots(({ cwd }) => changed.fire(cwd)));
  return {
    version: 1,
    snapshot: async (options = {}) =>
      commands.executeCommand('savepoint.snapshot', { ...options, yes: true }),
    onDidChangeSnapshots: changed.event,
  };
}
