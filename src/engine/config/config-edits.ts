// Edits of savepoint.json for its user that change what is captured: which data directories there are,
// and what of them is left out.

import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../core/errors.ts';
import {
  configuredPath,
  configTemplate,
  openForEdit,
  readForEdit,
  replaceFile,
  type ConfigEditor,
} from './config-editor.ts';
import { escapeGlob, exclusionMatcher } from '../detect/exclusion-matcher.ts';
import type { FoundDataDir, FoundDataDirs } from '../detect/found.ts';
import { generic } from '../../core/layouts/generic.ts';
import { isInside } from '../detect/places.ts';
import { configFileName } from '../detect/project-config.ts';

/** Makes savepoint.json with its explanations where there is none. Answers its absolute path. */
export function createConfig(projectDir: string): string {
  const path = join(projectDir, configFileName);
  if (readForEdit(path) === undefined) replaceFile(path, configTemplate);
  return path;
}

/**
 * Names a data directory in savepoint.json. Its list decides over everything, so where there is none
 * yet it begins with what was found, and nothing gets lost by the addition.
 * @param path relative to the project folder with `/`, or absolute
 * @throws EngineError CONFIG_INVALID, DATA_DIRECTORY_REFUSED it lies in one that is captured already
 */
export function addDataDirToConfig(projectDir: string, path: string, found: FoundDataDirs): void {
  const absolute = configuredPath(projectDir, path);
  const outer = found.dataDirs.find((dir) => capturesWhole(dir, absolute));
  if (outer !== undefined && outer.absolutePath !== absolute) {
    throw new EngineError(
      'DATA_DIRECTORY_REFUSED',
      `"${path}" lies in the data directory "${outer.path}", which is captured already`,
      { path, hint: 'take it in there if it is left out' },
    );
  }
  const config = openForEdit(projectDir);
  // What lies in the new one belongs to it from now on.
  listDataDirs(config, found, (entry) => !isInside(entry, absolute));
  if (!config.entries().some((entry) => entry.absolute === absolute)) {
    config.insert(['dataDirs', -1], { path });
  }
  config.save();
}

/**
 * Leaves a path out, or takes it in again: a whole data directory, or something in one. Only the
 * patterns of exactly that path are changed; where wider ones remain, the other list overrules them.
 * @param path relative to the project folder with `/`, or absolute
 * @throws EngineError CONFIG_INVALID, USAGE no data directory holds it
 */
export function setExcludedInConfig(
  projectDir: string,
  found: FoundDataDirs,
  path: string,
  excluded: boolean,
): void {
  const absolute = configuredPath(projectDir, path);
  const isRoot = found.dataDirs.some((dir) => rootsOf(projectDir, dir).includes(absolute));
  if (isRoot) {
    if (excluded) leaveOutWhole(projectDir, absolute, found);
    return;
  }
  const roots = found.dataDirs.flatMap((dir): readonly string[] => rootsOf(projectDir, dir));
  if (roots.some((root) => isInside(absolute, root))) {
    setPattern(projectDir, absolute, found, excluded);
  } else if (!excluded) addDataDirToConfig(projectDir, path, found);
  else {
    throw new EngineError('USAGE', `no data directory holds "${path}"`, {
      path,
      hint: 'see savepoint detect',
    });
  }
}

function leaveOutWhole(projectDir: string, absolute: string, found: FoundDataDirs): void {
  const config = openForEdit(projectDir);
  listDataDirs(config, found, (entry) => entry !== absolute);
  const index = config.entries().find((entry) => entry.absolute === absolute)?.index;
  if (index !== undefined) config.remove(['dataDirs', index]);
  config.save();
}

function setPattern(
  projectDir: string,
  absolute: string,
  found: FoundDataDirs,
  excluded: boolean,
): void {
  const config = openForEdit(projectDir);
  listDataDirs(config, found, () => true);
  const entry = config.entries().find((one) => isInside(absolute, one.absolute));
  if (entry === undefined) throw new Error(`no entry of savepoint.json holds "${absolute}"`);
  const owner = found.dataDirs.find((dir) => dir.absolutePath === entry.absolute);
  const exclusions = owner?.exclusions ?? generic.exclusions;
  const path = absolute.slice(entry.absolute.length + 1).replaceAll('\\', '/');
  const isDirectory = lstatSync(absolute, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const lists = { exclude: entry.exclude, include: entry.include };
  const from = excluded ? 'include' : 'exclude';
  const to = excluded ? 'exclude' : 'include';
  const own = new Set([escapeGlob(path), `${escapeGlob(path)}/`, `${escapeGlob(path)}/**`, path]);
  lists[from]
    .flatMap((pattern, index) => (own.has(pattern) ? [index] : []))
    .toReversed()
    .forEach((index) => {
      config.remove(['dataDirs', entry.index, from, index]);
    });
  const remaining = { ...lists, [from]: lists[from].filter((pattern) => !own.has(pattern)) };
  const isOut = exclusionMatcher({ exclusions, ...remaining })(path, isDirectory) !== undefined;
  if (isOut !== excluded) {
    const pattern = isDirectory ? `${escapeGlob(path)}/**` : escapeGlob(path);
    config.insert(['dataDirs', entry.index, to, -1], pattern);
  }
  config.save();
}

/** Writes the list where there is none: what was found and `keeps` agrees to. */
function listDataDirs(
  config: ConfigEditor,
  found: FoundDataDirs,
  keeps: (absolute: string) => boolean,
): void {
  if (config.hasList()) return;
  const roots = found.dataDirs.flatMap((dir): readonly string[] =>
    capturesWhole(dir, dir.absolutePath) ? [dir.path] : dir.roots,
  );
  const kept = roots.filter((path) => keeps(configuredPath(config.projectDir, path)));
  config.set(
    ['dataDirs'],
    kept.map((path) => ({ path })),
  );
}

/** True where the data directory is captured as a whole and the path is it or lies in it. */
function capturesWhole(dir: FoundDataDir, absolute: string): boolean {
  return dir.roots.some((root) => root === dir.path) && isInside(absolute, dir.absolutePath);
}

function rootsOf(projectDir: string, dir: FoundDataDir): string[] {
  return dir.roots.map((root) => configuredPath(projectDir, root));
}
