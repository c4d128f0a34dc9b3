import { relative } from 'node:path';
import { coverageText } from '../../core/text/coverage-text.ts';
import { projectOf } from '../projects/project-of.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import type { Services } from '../services.ts';
import { pathOf } from './look.ts';
import type { Handler } from './handler.ts';
import type { Invocation } from './invocation.ts';

/** What the row or the folder in the explorer names is in every snapshot from the next one on. */
export const cover: Handler = async (services, call) => change(services, call, 'cover');

/** And this takes it out again. */
export const uncover: Handler = async (services, call) => change(services, call, 'uncover');

async function change(
  services: Services,
  call: Invocation,
  verb: 'cover' | 'uncover',
): Promise<unknown> {
  const named = placeOf(services, call);
  if (named === undefined) return undefined;
  const { project, path } = named;
  const entry = await project.engine[verb](path);
  services.log.info(`${project.cwd}: ${coverageText(entry)}`);
  project.check.invalidate();
  await project.refresh();
  if (!call.isSilent) services.activities.flash(entry.covered ? 'Covered' : 'Not covered');
  return entry;
}

/** Undefined for a folder of no project. */
function placeOf(
  { projects }: Services,
  { node, uri }: Invocation,
): { readonly project: ProjectModel; readonly path: string } | undefined {
  if (node) {
    const path = pathOf(node);
    return path === undefined ? undefined : { project: node.project, path };
  }
  const project = uri && projectOf(projects.all, uri.fsPath);
  return project && { project, path: relative(project.cwd, uri.fsPath) || '.' };
}
