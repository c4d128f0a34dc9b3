// The part of an open project that changes what is captured, and whose snapshots are whose.

import { realpathSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { EngineError } from '../core/errors.ts';
import { describeDataDirs } from './detect/describe-data-dirs.ts';
import { addDataDirToConfig, setExcludedInConfig } from './project-config-edits.ts';
import type { Project } from './project.ts';
import type { ProjectContext } from './project-context.ts';
import { noProgress } from './options.ts';
import { adoptProject, allProjects, saveProjectPlace } from './store/project-folder.ts';
import { selectEntries } from './store/snapshot-rows.ts';
import { withStoreWriter } from './store/store-session.ts';

type SettingsPart = Pick<Project, 'addDataDir' | 'setExcluded' | 'allow' | 'adopt' | 'forget'>;

export function settingsPart(context: ProjectContext): SettingsPart {
  const { options, projectDir } = context;
  const call = { signal: new AbortController().signal, progress: noProgress };
  return {
    async addDataDir(path) {
      const absolute = resolve(projectDir, path);
      refuseAsDataDir(absolute, context);
      if (!isBelow(absolute, projectDir)) await this.allow(absolute);
      addDataDirToConfig(projectDir, projectPath(projectDir, absolute), context.find());
      return await describeDataDirs(context.find(), context.options, call);
    },
    setExcluded: async (path, excluded) =>
      setExcludedInConfig(projectDir, context.find(), path, excluded),

    async allow(path) {
      const absolute = realFolder(resolve(projectDir, path));
      refuseAsDataDir(absolute, context);
      const place = context.place();
      const allowed = [...new Set([...place.record.allowed, absolute])].toSorted();
      saveProjectPlace({ ...place, record: { ...place.record, allowed } });
    },

    async adopt(oldPath) {
      const place = context.place();
      if (!adoptProject(options.storeDir, resolve(projectDir, oldPath), place))
        throw new EngineError(
          'USAGE',
          `no snapshots of "${oldPath}" to adopt, or this project has its own`,
          {
            path: oldPath,
            hint: 'give the full path that the project had',
          },
        );
      return context.read((store) => (store === null ? 0 : selectEntries(store.db).length));
    },

    async forget(all) {
      const places = all ? allProjects(options.storeDir) : [context.place()];
      let count = 0;
      for (const place of places) {
        count += await withStoreWriter(
          { ...context.place(), ...place },
          options,
          call.signal,
          async ({ db }) => selectEntries(db).length,
        );
        rmSync(place.storePath, { recursive: true, force: true });
      }
      return count;
    },
  };
}

/** `/`, the home folder, the store and a folder that holds `.git` are never data directories. */
function refuseAsDataDir(path: string, { options, projectDir }: ProjectContext): void {
  const refuse = (why: string): never => {
    throw new EngineError(
      'DATA_DIRECTORY_REFUSED',
      `"${path}" cannot be a data directory: ${why}`,
      {
        path,
        hint: 'choose the folder that holds only data',
      },
    );
  };
  const home = options.env['HOME'] ?? homedir();
  if (resolve(path) === resolve('/')) refuse('it is the root of the file system');
  if (path === home || isBelow(home, path)) refuse('your home folder is in it');
  if (isBelow(options.storeDir, path) || isBelow(path, options.storeDir))
    refuse('the snapshots are kept there');
  if (path !== projectDir && isBelow(projectDir, path)) refuse('the project is in it');
  if (hasEntry(join(path, '.git'))) refuse('it holds a git repository');
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (!way.startsWith('..') && !isAbsolute(way));
}

function projectPath(projectDir: string, absolute: string): string {
  return isBelow(absolute, projectDir)
    ? relative(projectDir, absolute).replaceAll('\\', '/')
    : absolute;
}

function realFolder(path: string): string {
  if (!hasEntry(path))
    throw new EngineError('USAGE', `no such folder: "${path}"`, { path, hint: 'check the path' });
  return realpathSync(path);
}

function hasEntry(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
