// The engine's only door: front ends import nothing else of it.

import type { EngineOptions } from './options.ts';
import type { Project } from './project/project.ts';

/**
 * The project in `folder`. Opens nothing yet and writes nothing. The engine itself is loaded by the
 * first call: its workers and children start without it.
 * @throws EngineError USAGE where the folder is not there
 */
export async function openProject(options: EngineOptions, folder: string): Promise<Project> {
  const engine = await import('./open-project.ts');
  return await engine.openProject(options, folder);
}

export { runRole } from './run-role.ts';
export { findProjectDir } from './detect/project-dir.ts';
export { readWatched, watchFile } from './project/watched-paths.ts';
export { hasSnapshots } from './store/project-folder.ts';
export { defaultStoreDir, projectFolderName } from './store/store-place.ts';
export { programVersion } from './version.ts';
export { makePrivateFolder } from './disk/durable-file.ts';
export { nameOwnProcess } from './disk/own-process.ts';
export { noProgress } from './options.ts';
export type { CallOptions, EngineOptions, Logger, Phase, Progress } from './options.ts';
export type { GuardOptions, Project } from './project/project.ts';
export type { ConfigChange } from '../core/documents/options.ts';
export type { ListOptions } from '../core/documents/options.ts';
export type { RestoreOptions } from '../core/documents/options.ts';
export type { SnapshotOptions } from '../core/documents/options.ts';
