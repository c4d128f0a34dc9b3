// Puts an open project together from its parts. Each call opens the store for as long as it lasts.

import { coverPart } from './coverage/cover-part.ts';
import { findCovered } from './coverage/find-covered.ts';
import { describeProject } from './coverage/describe-project.ts';
import type { EngineOptions } from './options.ts';
import type { Project } from './project/project.ts';
import { checkPart } from './check/check-part.ts';
import { guardPart } from './guard/guard-part.ts';
import { learnPart } from './guard/learn-part.ts';
import { browsePart } from './browse/browse-part.ts';
import { restrict } from './project/trust.ts';
import { createProjectContext, type ProjectContext } from './project/project-context.ts';
import { settingsPart } from './config/config-part.ts';
import { snapshotsPart } from './snapshot/snapshots-part.ts';
import { projectStatus } from './status/status-part.ts';
import { restorePart, restoreState } from './restore/restore-part.ts';
import { snapshotProject } from './snapshot/snapshot-project.ts';

/**
 * The project in `folder`. Opens nothing yet and writes nothing.
 * @throws EngineError USAGE where the folder is not there
 */
export async function openProject(options: EngineOptions, folder: string): Promise<Project> {
  return projectOf(createProjectContext(options, folder));
}

/** The project that the parts make on one context. */
export function projectOf(context: ProjectContext): Project {
  const browse = browsePart(context);
  const guard = guardPart(context);
  const project: Project = {
    path: context.projectDir,
    get storePath() {
      return context.place().storePath;
    },
    ...snapshotsPart(context),
    ...browse,
    ...checkPart(context, async (found, call) => (await findCovered(context, found, call)).found),
    ...settingsPart(context),
    ...guard,
    ...learnPart(context, { ...browse, ...guard }),
    ...restorePart(context),
    ...coverPart(context),
    detect: async (call) => await describeProject(context, call),
    snapshot: async (request, call) => await snapshotProject(context, request, call),
    status: async (call) => await projectStatus(context, restoreState, call),
  };
  return context.options.trusted ? project : restrict(project);
}
