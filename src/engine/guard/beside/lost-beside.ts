// What a command destroys by name beside the data, of which no version control has a copy: the paths that
// the same snapshot takes, up to a limit, and what it cannot take, each with the reason.

import { lstatSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type { GuardMatch, NamedPath } from '../../../core/documents/guard.ts';
import type { NotSaved } from '../../../core/documents/not-saved.ts';
import { formatBytes, formatCount, plural } from '../../../core/format/numbers.ts';
import { isWithin, projectFolder, type ProjectPath } from '../../../core/names.ts';
import type { FoundDataDirs } from '../../detect/found.ts';
import { openGitIndex, type GitIndex } from '../../detect/git-index.ts';
import { isInside, projectPathOf, surroundingsOf } from '../../detect/places.ts';
import { diskPath } from '../../disk/disk-path.ts';
import { realPath, realPathSoFar } from '../../disk/real-path.ts';
import type { EngineOptions } from '../../options.ts';
import { expandPattern } from './expand-pattern.ts';
import { isHeldByGit } from './held-by-git.ts';
import { fullBudget, gatherUnits, outermost, type Surroundings, type Unit } from './lost-units.ts';
import { isMadeAgain } from './made-again.ts';

/** What one snapshot takes beside the data at most. */
const mostFiles = 20_000;
const mostBytes = 2 * 1024 ** 3;
const mostPlaces = 5000;
/** More are counted and not listed. */
const mostTold = 50;

export interface LostBeside {
  /** In the order of their paths; none lies in another. */
  readonly beside: readonly ProjectPath[];
  readonly notSaved: readonly NotSaved[];
}

export function lostBeside(
  { outside, moreOutside, command }: GuardMatch,
  found: FoundDataDirs,
  options: EngineOptions,
): LostBeside {
  if (outside.length === 0 && !moreOutside) return { beside: [], notSaved: [] };
  const place = placeOf(found, options);
  const budget = fullBudget();
  const units: Unit[] = [];
  const notSaved: NotSaved[] = [];
  for (const named of outside) {
    if (named.takes === 'moved') continue;
    const { paths, isOutside, isWhole } = pathsOf(named, place);
    for (const path of paths) {
      const gathered = gatherUnits(path, named.takes, place, budget);
      units.push(...gathered.units);
      notSaved.push(...gathered.notSaved);
    }
    notSaved.push(...isOutside.map(outsideTold));
    if (!isWhole) notSaved.push(untold(named.path));
  }
  if (moreOutside) notSaved.push(untold(command ?? 'the command'));
  const { taken, left } = withinLimits(outermost(units));
  const all = [...notSaved, ...left];
  return { beside: taken.map(({ path }) => path).toSorted(), notSaved: withoutTwice(all) };
}

interface Place extends Surroundings {
  /** Folders of which nobody expects anything to stay. */
  readonly passing: readonly string[];
}

function placeOf(found: FoundDataDirs, options: EngineOptions): Place {
  const { projectDir } = found;
  const { homeDir, storeDirs } = surroundingsOf(projectDir, [options.storeDir], [], options.env);
  const roots = [...found.dataDirs, ...found.gone].flatMap((dir) => dir.roots);
  const absolute = roots.map((root) => resolve(projectDir, root));
  const cache = options.env['XDG_CACHE_HOME'] ?? join(homeDir, '.cache');
  return {
    projectDir,
    index: openGitIndex(projectDir, options.trusted),
    isData: (path) => absolute.some((root) => isInside(path, root)),
    storeDir: storeDirs[0] ?? '',
    passing: [tmpdir(), '/tmp', '/var/tmp', '/dev/shm', cache].map(realPathSoFar),
  };
}

interface NamedPaths {
  /** In the project. */
  readonly paths: readonly ProjectPath[];
  /** Absolute, of what lies elsewhere. */
  readonly isOutside: readonly string[];
  /** False where there is more than was looked at. */
  readonly isWhole: boolean;
}

function pathsOf(named: NamedPath, place: Place): NamedPaths {
  const { projectDir, index } = place;
  const isQuiet = named.takes !== 'all' && named.takes !== 'file';
  const expanded =
    named.takes === 'tracked'
      ? { paths: changedFiles(named.path, index), isWhole: true }
      : expandPattern(named.path, (folder) => !isMadeAgain(folder, basename(folder), projectDir));
  const real = expanded.paths.map((path) => join(realPathSoFar(dirname(path)), basename(path)));
  const inside = real.filter((path) => isInside(path, projectDir));
  const above = real.some((path) => path !== projectDir && isInside(projectDir, path));
  const paths = inside.map((path) =>
    path === projectDir ? projectFolder : projectPathOf(projectDir, path),
  );
  return {
    paths: above && named.takes !== 'file' ? [projectFolder] : paths,
    isOutside: isQuiet ? [] : real.filter((path) => isWorthTelling(path, named.takes, place)),
    isWhole: expanded.isWhole || isQuiet,
  };
}

/** What git keeps at or below the path, and was changed since. */
function changedFiles(path: string, index: GitIndex): readonly string[] {
  return index.filesBelow(realPath(path) ?? path).filter((file) => {
    const stats = lstatSync(diskPath(file), { bigint: true, throwIfNoEntry: false });
    return stats !== undefined && !stats.isDirectory() && !isHeldByGit(index, file, stats);
  });
}

function isWorthTelling(path: string, takes: NamedPath['takes'], place: Place): boolean {
  const { projectDir, passing, isData } = place;
  if (isInside(path, projectDir) || isData(path)) return false;
  const isPassing = passing.some((folder) => path !== folder && isInside(path, folder));
  if (isPassing && !isInside(projectDir, path)) return false;
  const stats = lstatSync(diskPath(path), { throwIfNoEntry: false });
  return stats !== undefined && (takes === 'all' || !stats.isDirectory());
}

function outsideTold(path: string): NotSaved {
  return { what: path, path, reason: 'outside the project folder' };
}

function untold(what: string): NotSaved {
  return {
    what: `what else "${what}" names`,
    path: null,
    reason: 'only running it tells which files these are',
  };
}

/** The smallest first, so that one large thing does not keep all others out. */
function withinLimits(units: readonly Unit[]): {
  readonly taken: readonly Unit[];
  readonly left: readonly NotSaved[];
} {
  const taken: Unit[] = [];
  const left: Unit[] = [];
  let [files, bytes] = [0, 0];
  for (const unit of units.toSorted((a, b) => a.bytes - b.bytes || a.files - b.files)) {
    const fits =
      files + unit.files <= mostFiles &&
      bytes + unit.bytes <= mostBytes &&
      taken.length < mostPlaces;
    if (!fits) {
      left.push(unit);
      continue;
    }
    taken.push(unit);
    files += unit.files;
    bytes += unit.bytes;
  }
  return { taken, left: overLimit(left) };
}

function overLimit(units: readonly Unit[]): readonly NotSaved[] {
  const told = units.toSorted((a, b) => b.bytes - a.bytes).slice(0, mostTold);
  const more = units.length - told.length;
  return [
    ...told.map(({ path, files, bytes }) => ({
      what: `${path} (${plural(files, 'file')}, ${formatBytes(bytes)})`,
      path,
      reason: 'over the limit',
    })),
    ...(more > 0
      ? [{ what: `${formatCount(more)} more places`, path: null, reason: 'over the limit' }]
      : []),
  ];
}

function withoutTwice(all: readonly NotSaved[]): readonly NotSaved[] {
  const folders = new Set(all.map(({ path }) => path));
  const unique = new Map(all.map((one) => [`${one.what}\0${one.reason}`, one]));
  // What lies in a folder that is told is told with it.
  return [...unique.values()].filter(
    ({ path }) =>
      path === null ||
      ![...folders].some((other) => other !== null && other !== path && isWithin(path, other)),
  );
}
