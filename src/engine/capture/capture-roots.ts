// From what detection found to what is walked.

import picomatch from 'picomatch';
import { restorableRoots, snapshotRoots } from '../store/snapshot-roots.ts';
import { livePath } from '../disk/real-path.ts';
import type { SnapshotDataDir, SnapshotManifest } from '../../core/documents/documents.ts';
import { EngineError } from '../../core/errors.ts';
import { isWithin, type DiskPath, type ProjectPath } from '../../core/names.ts';
import { selectDataDirs } from '../../core/select-data-dirs.ts';
import { exclusionMatcher } from '../detect/exclusion-matcher.ts';
import type { FoundDataDir, FoundDataDirs } from '../detect/found.ts';
import type { CaptureRoot } from '../sources/files/walked.ts';
import type { FlatTree } from '../store/flatten-tree.ts';

/** The roots of the data directories, in their order. */
export function rootsOf(
  projectDir: DiskPath,
  dataDirs: readonly FoundDataDir[],
): readonly CaptureRoot[] {
  return dataDirs.flatMap((dir) => {
    const rules = rulesIn(dir);
    return dir.roots.map((path) => ({ path, absolutePath: livePath(projectDir, path), ...rules }));
  });
}

/**
 * The roots that a snapshot has, as they are to be walked now: a data directory that is gone, or is
 * no longer found, keeps its place. What is left out today stays left out.
 */
export function rootsOfSnapshot(
  projectDir: DiskPath,
  dataDirs: readonly Pick<SnapshotDataDir, 'roots'>[],
  found: FoundDataDirs,
): readonly CaptureRoot[] {
  return snapshotRoots(dataDirs).map((path) => {
    const now = found.dataDirs.find((other) => other.roots.some((root) => isWithin(path, root)));
    const rules = now === undefined ? noRules : rulesIn(now);
    return { path, absolutePath: livePath(projectDir, path), ...rules };
  });
}

/**
 * The data directories that `--data` names, by name or path; all of them where it names none.
 * @throws EngineError USAGE, NO_DATA_DIRECTORY
 */
export function chooseDataDirs(
  found: FoundDataDirs,
  names: readonly string[],
): readonly FoundDataDir[] {
  if (found.dataDirs.length === 0) throw noDataDirectory(found);
  return selectDataDirs(found.dataDirs, names);
}

/** Where savepoint.json names one that cannot be used, the reason is what has to be told. */
function noDataDirectory({ projectDir, config, rejected, gone }: FoundDataDirs): EngineError {
  if (gone.length > 0) {
    const paths = gone.flatMap(({ roots }) => roots).map((root) => `"${root}"`);
    const message = `no data in "${projectDir}": ${paths.join(', ')} held some at the newest snapshot`;
    const hint = 'savepoint restore latest brings it back';
    return new EngineError('NO_DATA_DIRECTORY', message, { path: projectDir, hint });
  }
  const [refused] = config.dataDirs === undefined ? [] : rejected;
  const why = refused === undefined ? '' : `: "${refused.path}": ${refused.reason}`;
  return new EngineError('NO_DATA_DIRECTORY', `no data directory in "${projectDir}"${why}`, {
    path: projectDir,
    hint: 'name it in savepoint.json, or see savepoint detect',
  });
}

export function toSnapshotDataDir({ name, path, roots, layout }: FoundDataDir): SnapshotDataDir {
  return { name, path, roots, layout };
}

/** With the directories, or the roots of them, that are gone. */
export function withGone(
  dataDirs: readonly SnapshotDataDir[],
  gone: readonly SnapshotDataDir[],
): readonly SnapshotDataDir[] {
  const whole = dataDirs.map((dir) => {
    const lost = gone.find(({ path }) => path === dir.path)?.roots ?? [];
    return lost.length === 0 ? dir : { ...dir, roots: [...dir.roots, ...lost] };
  });
  return [...whole, ...gone.filter(({ path }) => dataDirs.every((dir) => dir.path !== path))];
}

type Rules = Pick<CaptureRoot, 'exclusion' | 'mustParse'>;

const noRules: Rules = { exclusion: () => undefined, mustParse: () => false };

/** What holds in a data directory, asked with paths of the project. */
function rulesIn(dir: FoundDataDir): Rules {
  const exclusion = exclusionMatcher(dir);
  const isJson = picomatch([...dir.jsonFiles], { dot: true });
  const prefix = dir.path === '.' ? 0 : dir.path.length + 1;
  return {
    exclusion: (path, isDirectory) => exclusion(path.slice(prefix), isDirectory),
    mustParse: (path) => dir.jsonFiles.length > 0 && isJson(path.slice(prefix)),
  };
}

/**
 * The roots of a snapshot as a restore looks at them: what the snapshot has counts, even where it is
 * left out today, because it may be overwritten.
 */
export function restoreRoots(
  manifest: SnapshotManifest,
  snapshot: FlatTree,
  found: FoundDataDirs,
): readonly CaptureRoot[] {
  const paths = new Set<string>(snapshot.entries.map(({ path }) => path));
  const roots = rootsOfSnapshot(found.projectDir, manifest.dataDirs, found);
  const ofData = roots.map((root) => ({
    ...root,
    exclusion: (path: string, isDirectory: boolean) =>
      paths.has(path) ? undefined : root.exclusion(path, isDirectory),
  }));
  const beside = restorableRoots({ ...manifest, dataDirs: [] });
  return [...ofData, ...rootsBeside(found.projectDir, beside, ofData)];
}

/** What a command names beside the data; nothing of what `others` have, or lies around them. */
export function rootsBeside(
  projectDir: DiskPath,
  paths: readonly ProjectPath[],
  others: readonly Pick<CaptureRoot, 'path'>[],
): readonly CaptureRoot[] {
  return paths
    .filter((path) =>
      others.every((other) => !isWithin(path, other.path) && !isWithin(other.path, path)),
    )
    .map((path) => ({
      path,
      absolutePath: livePath(projectDir, path),
      isBeside: true,
      ...noRules,
    }));
}
