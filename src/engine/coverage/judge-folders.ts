// Which of the folders that rows name belong to the data by themselves, and why the others do not.

import { join } from 'node:path';
import { isWithin } from '../../core/names.ts';
import { formatBytes, formatCount } from '../../core/format/numbers.ts';
import type { FoundDataDirs } from '../detect/found.ts';
import { isNeverData } from '../detect/folder-names.ts';
import { refusal, type Surroundings } from '../detect/places.ts';
import { isMostlySource } from '../detect/source-share.ts';
import type { FolderOfRows } from './folders-named-by-rows.ts';
import { measureFolder, type Measure } from './measure-folder.ts';

export interface JudgedFolder extends Measure {
  /** As snapshots name it. */
  readonly path: string;
  /** `392 of 400 auth_user.avatar`, a sentence a column. */
  readonly evidence: readonly string[];
  /** Why it is not taken by itself, in words; null where it is. */
  readonly reason: string | null;
}

/** What is more than this a person decides on. */
const mostFiles = 20_000;
const mostBytes = 2 * 1024 ** 3;

/** Folders that no data directory has yet, the outermost of those that lie in each other. */
export function judgeFolders(
  named: readonly FolderOfRows[],
  found: FoundDataDirs,
  around: Surroundings,
): readonly JudgedFolder[] {
  const byPath = new Map<string, FolderOfRows[]>();
  for (const one of named) {
    const path = folderToCover(one, found.projectDir);
    if (path === '' || isCaptured(path, found)) continue;
    byPath.set(path, [...(byPath.get(path) ?? []), one]);
  }
  const outermost = [...byPath.keys()].filter((path) =>
    [...byPath.keys()].every((other) => other === path || !isWithin(path, other)),
  );
  return outermost.toSorted().map((path) => {
    const inside = [...byPath].filter(([other]) => isWithin(other, path)).flatMap(([, all]) => all);
    const measure = measureFolder(join(found.projectDir, path));
    return {
      ...measure,
      path,
      evidence: [...new Set(inside.map(evidenceOf))],
      reason: whyNot(path, inside, measure, around),
    };
  });
}

function evidenceOf({ fits, of, table, column }: FolderOfRows): string {
  return `${formatCount(fits)} of ${formatCount(of)} ${table}.${column}`;
}

/** The folder that the rows leave out, unless that is one of source code: then the one that has all of their files. */
function folderToCover({ folder, examples }: FolderOfRows, projectDir: string): string {
  const isWhole = folder !== '' && folder !== '.' && !isMostlySource(join(projectDir, folder));
  return isWhole ? folder : commonFolder(examples);
}

function commonFolder(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => path.split('/').slice(0, -1));
  const length = first.findIndex((name, index) => others.some((other) => other[index] !== name));
  return first.slice(0, length < 0 ? first.length : length).join('/');
}

function isCaptured(path: string, { dataDirs }: FoundDataDirs): boolean {
  return dataDirs.some(({ roots }) => roots.some((root) => isWithin(path, root)));
}

function whyNot(
  path: string,
  named: readonly FolderOfRows[],
  { files, bytes, isMore }: Measure,
  around: Surroundings,
): string | null {
  const absolute = join(around.projectDir, path);
  const refused = refusal(absolute, around);
  if (refused !== undefined) return refused;
  if (path.split('/').some(isNeverData)) return 'tools make it, and can make it again';
  if (isMostlySource(absolute)) return 'it holds source code';
  if (!named.some(({ isStrong }) => isStrong)) return 'too few of its rows lead to a file';
  if (isMore || files > mostFiles) return `large: more than ${formatCount(mostFiles)} files`;
  return bytes > mostBytes ? `large: ${formatBytes(bytes)}` : null;
}
