// Files that a running program has open and that a restore replaces: the program goes on in the old
// file, which has no name any more, until it is restarted. Databases are asked about on their own.

import { byPath } from '../../core/compare-text.ts';
import { type ProjectPath } from '../../core/names.ts';
import type { OpenFilePlan } from '../../core/documents/documents.ts';
import { nameSome } from '../../core/format/numbers.ts';
import type { RestorePlan } from '../../core/restore/plan-operations.ts';
import type { OpenFile } from '../disk/open-by.ts';
import type { Place } from '../sources/files/file-restore-paths.ts';

/** Which of many absolute paths other programs have open. */
export type OpenFiles = (paths: readonly string[]) => Promise<readonly OpenFile[]>;

/** Files that are there and get other content or go away, as the user knows them. */
export function replacedFiles(
  plan: Pick<RestorePlan, 'write' | 'link' | 'clear' | 'remove'>,
): readonly ProjectPath[] {
  const before = [...plan.write, ...plan.link].flatMap((write) => write.before ?? []);
  return [...before, ...plan.clear, ...plan.remove]
    .filter(({ kind }) => kind === 'file')
    .map(({ path }) => path);
}

/** Asks about files of the project by their paths in it. */
export async function openIn(
  paths: readonly ProjectPath[],
  place: Pick<Place, 'livePath'>,
  ask: OpenFiles,
): Promise<readonly OpenFilePlan[]> {
  if (paths.length === 0) return [];
  const keys = new Map<string, ProjectPath>(paths.map((path) => [place.livePath(path), path]));
  const found = await ask([...keys.keys()]);
  return found
    .map(({ path, programs }) => ({ path: keys.get(path) ?? path, openIn: programs }))
    .toSorted(byPath);
}

/** `node (812) has data/store/000003.log open: it goes on in the old file until it is restarted` */
export function openFileWarnings(files: readonly OpenFilePlan[]): readonly string[] {
  const byProgram = new Map<string, string[]>();
  for (const { path, openIn: programs } of files) {
    for (const program of programs) {
      const paths = byProgram.get(program) ?? [];
      byProgram.set(program, paths);
      paths.push(path);
    }
  }
  return [...byProgram].map(([program, paths]) => {
    const old = paths.length === 1 ? 'old file' : 'old files';
    return `${program} has ${nameSome(paths, 3)} open: it goes on in the ${old} until it is restarted`;
  });
}
