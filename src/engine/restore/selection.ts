// What of a snapshot is asked for, as options have it and as it is looked up.

import type { SnapshotDataDir } from '../../core/documents/documents.ts';
import { closest } from '../../core/edit-distance.ts';
import { EngineError } from '../../core/errors.ts';
import { parseProjectPath, type ProjectPath } from '../../core/names.ts';
import { possibleDatabases, type RestoreSelection } from '../../core/restore/selection.ts';
import { ancestors, parentOf } from '../../core/restore/plan-entries.ts';
import { selectDataDirs } from '../../core/select-data-dirs.ts';
import { shortSnapshotId } from '../../core/snapshot-id.ts';
import type { FlatTree } from '../store/flatten-tree.ts';
import type { RestoreOptions } from '../../core/documents/options.ts';

/**
 * @param dataDirs of the snapshot
 * @throws EngineError PATH_NOT_IN_SNAPSHOT for what is no path; USAGE for what names no table or no
 * data directory
 */
export function parseSelection(
  options: RestoreOptions,
  dataDirs: readonly SnapshotDataDir[],
): RestoreSelection {
  const { data = [] } = options;
  const named = data.length === 0 ? [] : selectDataDirs(dataDirs, data);
  return {
    only: [...(options.only ?? []).map(parsePath), ...named.flatMap(({ roots }) => roots)],
    except: (options.except ?? []).map(parsePath),
    table: (options.table ?? []).map(parseTable),
    exceptTable: (options.exceptTable ?? []).map(parseTable),
  };
}

/** The options that ask for a selection; what does not limit is left out. */
export function optionsOf(selection: RestoreSelection): Omit<RestoreOptions, 'snapshot'> {
  const { only, except, table, exceptTable } = selection;
  return {
    only,
    ...(except.length > 0 ? { except } : {}),
    ...(table.length > 0 ? { table } : {}),
    ...(exceptTable.length > 0 ? { exceptTable } : {}),
  };
}

function parsePath(text: string): ProjectPath {
  const path = parseProjectPath(text);
  if (path !== undefined) return path;
  throw new EngineError('PATH_NOT_IN_SNAPSHOT', `"${text}" is no path of the project`, {
    path: text,
    hint: 'give it from the project folder, as savepoint diff prints it',
  });
}

function parseTable(text: string): string {
  const [database] = possibleDatabases(text);
  if (database === undefined) {
    throw new EngineError('USAGE', `"${text}" names no table`, {
      path: text,
      hint: 'give it as DATABASE:TABLE',
    });
  }
  return `${parsePath(database)}${text.slice(database.length)}`;
}

/**
 * Everything that is named is in one of the trees.
 * @throws EngineError PATH_NOT_IN_SNAPSHOT
 */
export function assertSelection(
  selection: RestoreSelection,
  id: string,
  trees: readonly FlatTree[],
): void {
  const paths = [...selection.only, ...selection.except];
  const there = paths.length === 0 ? new Set<string>() : pathsIn(trees);
  for (const scope of paths) if (!there.has(scope)) throw notIn(scope, id, there);
  for (const name of [...selection.table, ...selection.exceptTable]) {
    const candidates = possibleDatabases(name);
    const isDatabase = (path: string): boolean =>
      trees.some(({ files }) => files.get(path)?.kind === 'database');
    const [likeliest = name] = candidates;
    if (candidates.some(isDatabase)) continue;
    const all = pathsIn(trees);
    if (!all.has(likeliest)) throw notIn(likeliest, id, all);
    throw new EngineError('USAGE', `"${likeliest}" is no database`, {
      path: likeliest,
      hint: 'restore it with --only',
    });
  }
}

/** With the folders above. */
function pathsIn(trees: readonly FlatTree[]): ReadonlySet<string> {
  const entries = trees.flatMap((tree) => tree.entries);
  return new Set(entries.flatMap(({ path }) => [path, ...ancestors(path)]));
}

function notIn(path: string, id: string, there: ReadonlySet<string>): EngineError {
  const near = nearestPath(path, [...there]);
  return new EngineError('PATH_NOT_IN_SNAPSHOT', `"${path}" is not in ${shortSnapshotId(id)}`, {
    path,
    hint:
      near === undefined
        ? 'give it from the project folder, as savepoint diff prints it'
        : `did you mean "${near}"?`,
  });
}

/** A path from another folder than the project's, or one with a slip in its last name. */
function nearestPath(path: string, there: readonly string[]): string | undefined {
  const below = there.find((other) => other.endsWith(`/${path}`));
  if (below !== undefined) return below;
  const folder = parentOf(path);
  return closest(
    path,
    there.filter((other) => parentOf(other) === folder),
  );
}
