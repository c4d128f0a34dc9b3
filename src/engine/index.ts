// The engine's only door: front ends import nothing else of it.

export { openProject } from './open-project.ts';
export { runRole } from './run-role.ts';
export { findProjectDir } from './project-dir.ts';
export { hasSnapshots } from './store/project-folder.ts';
export { defaultStoreDir } from './store/store-place.ts';
export { programVersion } from './version.ts';
export { noProgress } from './options.ts';
export type { CallOptions, EngineOptions, Logger, Phase, Progress } from './options.ts';
export type { ListOptions, Project, RestoreOptions, SnapshotOptions } from './project.ts';
