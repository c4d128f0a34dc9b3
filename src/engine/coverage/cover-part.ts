// The part of an open project that takes a place into the data or out, without freezing what is found
// by itself: savepoint.json is only written where a rule of it, or a default one, left the place out.

import { resolve } from 'node:path';
import { EngineError } from '../../core/errors.ts';
import { isWithin } from '../../core/names.ts';
import { setExcludedInConfig } from '../config/config-edits.ts';
import type { FoundDataDir } from '../detect/found.ts';
import { outsideRefusal, refusal, shownPath, surroundingsOf } from '../detect/places.ts';
import { realPath } from '../disk/real-path.ts';
import { uncancelled } from '../options.ts';
import type { Project } from '../project/project.ts';
import type { ProjectContext } from '../project/project-context.ts';
import { saveProjectPlace, type ProjectRecord } from '../store/project-folder.ts';
import { describeProject } from './describe-project.ts';
import type { CoverageEntry } from '../../core/documents/coverage.ts';

type CoverPart = Pick<Project, 'cover' | 'uncover'>;

export function coverPart(context: ProjectContext): CoverPart {
  return {
    async cover(path) {
      const shown = coverable(path, context);
      changeRecord(context, ({ covered, uncovered }) => ({
        covered: [
          ...covered.filter((one) => one.path !== shown),
          { path: shown, by: 'person', evidence: '' },
        ],
        uncovered: uncovered.filter((one) => !isWithin(shown, one) && !isWithin(one, shown)),
      }));
      const inside = dataDirAround(shown, context);
      if (inside !== undefined)
        setExcludedInConfig(context.projectDir, context.find(), shown, false);
      return await entryOf(shown, context);
    },

    async uncover(path) {
      const shown = shownPath(context.projectDir, resolve(context.projectDir, path));
      const around = dataDirAround(shown, context);
      const isPart = around !== undefined && !around.roots.some((root) => root === shown);
      if (isPart) setExcludedInConfig(context.projectDir, context.find(), shown, true);
      changeRecord(context, ({ covered, uncovered }) => ({
        covered: covered.filter((one) => !isWithin(one.path, shown)),
        uncovered: isPart ? uncovered : [...new Set([...uncovered, shown])].toSorted(),
      }));
      return await entryOf(shown, context);
    },
  };
}

/** @throws EngineError USAGE, DATA_DIRECTORY_REFUSED */
function coverable(path: string, context: ProjectContext): string {
  const { projectDir, options } = context;
  const absolute = resolve(projectDir, path);
  const real = realPath(absolute);
  if (real === undefined)
    throw new EngineError('USAGE', `no such file or folder: "${absolute}"`, {
      path: absolute,
      hint: 'check the path',
    });
  const { allowed } = context.place().record;
  const around = surroundingsOf(projectDir, [options.storeDir], allowed, options.env);
  const why = outsideRefusal(real, around) ?? refusal(real, around);
  if (why !== undefined)
    throw new EngineError('DATA_DIRECTORY_REFUSED', `"${path}" is refused: ${why}`, { path });
  return shownPath(projectDir, real);
}

/** The data directory that captures the place, or would but for what is left out of it. */
function dataDirAround(shown: string, context: ProjectContext): FoundDataDir | undefined {
  return context
    .find()
    .dataDirs.find(({ roots }) => roots.some((root) => root !== shown && isWithin(shown, root)));
}

function changeRecord(
  context: ProjectContext,
  change: (record: ProjectRecord) => Pick<ProjectRecord, 'covered' | 'uncovered'>,
): void {
  const place = context.place();
  saveProjectPlace({ ...place, record: { ...place.record, ...change(place.record) } });
}

async function entryOf(path: string, context: ProjectContext): Promise<CoverageEntry> {
  const { coverage = [] } = await describeProject(context, uncancelled);
  const own = coverage.find((entry) => entry.path === path);
  const outer = coverage.find((entry) => entry.covered && isWithin(path, entry.path));
  return own ?? { ...(outer ?? unknown), path };
}

/** Of a place that neither is data nor was looked at as such. */
const unknown: Omit<CoverageEntry, 'path'> = {
  kind: 'folder',
  covered: false,
  reason: 'not among the data',
  evidence: [],
  files: null,
  bytes: null,
  mend: null,
};
