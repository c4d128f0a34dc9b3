// Images of databases that a capture left where they lie, because they did not change since the last
// snapshot: a copy of the live database is made more quickly than one out of the store.

import { type DiskPath, type ProjectPath } from '../../core/names.ts';
import { livePath } from '../disk/real-path.ts';
import type { CallOptions, EngineOptions } from '../options.ts';
import { captureDatabases } from '../sources/all-sources.ts';
import type { Capture } from './capture.ts';

export interface LiveImageContext {
  readonly projectDir: DiskPath;
  readonly tempDir: string;
  readonly options: EngineOptions;
  readonly call: CallOptions;
}

/** A private copy of the live database, where that still is what was captured; null where it is not. */
export async function liveImage(
  path: ProjectPath,
  { overlay }: Pick<Capture, 'overlay'>,
  { projectDir, ...context }: LiveImageContext,
): Promise<string | null> {
  const known = overlay.database(path)?.signature;
  if (known === undefined) return null;
  const live = [{ key: path, path: livePath(projectDir, path) }];
  const { databases } = await captureDatabases(live, { ...context, check: false });
  const [copy] = databases;
  return copy?.signature === known ? copy.imagePath : null;
}
