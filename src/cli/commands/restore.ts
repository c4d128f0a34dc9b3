import { isAbsolute, relative, resolve } from 'node:path';
import type { OptionsOf } from '../../core/documents/command-options.ts';
import { EngineError } from '../../core/errors.ts';
import type { Project } from '../../engine/index.ts';
import type { RunCommand } from '../command.ts';
import { restoreAndTell } from '../restore-and-tell.ts';

export const runRestore: RunCommand<OptionsOf<'restore'>> = async (
  context,
  [snapshot = ''],
  options,
) => {
  const project = await context.project();
  const { id } = await project.resolve(snapshot);
  const restore = {
    snapshot: id,
    data: context.globals.data,
    only: options.only?.map((path) => projectPath(path, project)),
    table: options.table?.map((table) => projectTable(table, project)),
    except: options.except?.map((path) => projectPath(path, project)),
    exceptTable: options.exceptTable?.map((table) => projectTable(table, project)),
    keepNew: options.keepNew,
    to: options.to === undefined ? undefined : resolvedFolder(options.to),
  };
  return await restoreAndTell(context, restore, options);
};

/** Paths are the project's; an absolute one in it is taken, too. */
function projectPath(path: string, project: Project): string {
  if (!isAbsolute(path)) return path;
  const below = relative(project.path, path);
  return below === '' || below.startsWith('..') ? path : below.replaceAll('\\', '/');
}

/** `DB:TABLE`, split at the last colon. */
function projectTable(text: string, project: Project): string {
  const colon = text.lastIndexOf(':');
  if (colon < 0) return text;
  return `${projectPath(text.slice(0, colon), project)}${text.slice(colon)}`;
}

/** An empty name is a variable that was not set, hardly the current folder. */
function resolvedFolder(folder: string): string {
  if (folder !== '') return resolve(folder);
  throw new EngineError('USAGE', '--to names no folder', { hint: 'name a new or empty one' });
}
