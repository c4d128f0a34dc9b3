import { isAbsolute, relative, resolve } from 'node:path';
import type { Project } from '../../engine/index.ts';
import type { RunCommand } from '../command.ts';
import { restoreAndTell, type ConfirmOptions } from '../restore-and-tell.ts';
import { selectDataDirs } from '../select-data-dirs.ts';

interface Options extends ConfirmOptions {
  readonly only?: readonly string[];
  readonly table?: readonly string[];
  readonly keepNew?: boolean;
  readonly to?: string;
}

export const runRestore: RunCommand<Options> = async (context, [snapshot = ''], options) => {
  const project = await context.project();
  const { id } = await project.resolve(snapshot);
  const only = [
    ...(options.only ?? []).map((path) => projectPath(path, project)),
    ...(await rootsOf(context.globals.data, id, project)),
  ];
  const restore = {
    snapshot: id,
    only: only.length > 0 ? only : undefined,
    table: options.table,
    keepNew: options.keepNew,
    to: options.to === undefined ? undefined : resolve(options.to),
  };
  return await restoreAndTell(context, restore, options);
};

/** Paths are the project's; an absolute one in it is taken, too. */
function projectPath(path: string, project: Project): string {
  if (!isAbsolute(path)) return path;
  const below = relative(project.path, path);
  return below === '' || below.startsWith('..') ? path : below.replaceAll('\\', '/');
}

/** `--data` stands for the roots that the snapshot has of it. */
async function rootsOf(
  named: readonly string[],
  snapshot: string,
  project: Project,
): Promise<readonly string[]> {
  if (named.length === 0) return [];
  const { dataDirs } = await project.show(snapshot);
  return selectDataDirs(dataDirs, named).flatMap(({ roots }) => roots);
}
