// The part of an open project that changes what is captured, and whose snapshots are whose.

import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { realPathOfNamed } from '../disk/real-path.ts';
import { EngineError } from '../../core/errors.ts';
import { describeDataDirs } from '../detect/describe-data-dirs.ts';
import { isInside, refusal, shownPath, surroundingsOf } from '../detect/places.ts';
import { addDataDirToConfig, createConfig, setExcludedInConfig } from './config-edits.ts';
import type { Project } from '../project/project.ts';
import type { ProjectContext } from '../project/project-context.ts';
import { uncancelled } from '../options.ts';
import { adoptProject, allProjects, saveProjectPlace } from '../store/project-folder.ts';
import { selectEntries } from '../store/snapshot-rows.ts';
import { withStoreWriter } from '../store/store-session.ts';

type SettingsPart = Pick<
  Project,
  'addDataDir' | 'setExcluded' | 'createConfig' | 'allow' | 'adopt' | 'forget'
>;

export function settingsPart(context: ProjectContext): SettingsPart {
  const { options, projectDir } = context;
  const allow = (path: string): void => {
    // A database file by itself, too.
    const named = { mustBeFolder: false, hint: 'check the path' };
    const absolute = realPathOfNamed(resolve(projectDir, path), named);
    refuseAsDataDir(absolute, context);
    const place = context.place();
    const allowed = [...new Set([...place.record.allowed, absolute])].toSorted();
    saveProjectPlace({ ...place, record: { ...place.record, allowed } });
  };
  return {
    async addDataDir(path) {
      const absolute = resolve(projectDir, path);
      refuseAsDataDir(absolute, context);
      if (!isInside(absolute, projectDir)) allow(absolute);
      addDataDirToConfig(projectDir, shownPath(projectDir, absolute), context.find());
      return await describeDataDirs(context.find(), context.options, uncancelled);
    },
    setExcluded: async (path, excluded) =>
      setExcludedInConfig(projectDir, context.find(), path, excluded),

    createConfig: async () => createConfig(projectDir),

    allow: async (path) => allow(path),

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
      const places = all
        ? allProjects(options.storeDir)
        : [context.place()].filter(({ storePath }) => existsSync(storePath));
      let count = 0;
      for (const place of places) {
        count += await withStoreWriter(
          { ...context.place(), ...place },
          options,
          uncancelled.signal,
          async ({ db }) => selectEntries(db).length,
        );
        rmSync(place.storePath, { recursive: true, force: true });
      }
      return count;
    },
  };
}

function refuseAsDataDir(path: string, { options, projectDir }: ProjectContext): void {
  const around = surroundingsOf(projectDir, [options.storeDir], [], options.env);
  const why = refusal(path, around);
  if (why !== undefined)
    throw new EngineError('DATA_DIRECTORY_REFUSED', `"${path}" is refused: ${why}`, { path });
}
