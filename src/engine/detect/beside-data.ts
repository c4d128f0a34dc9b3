// What a search sees beside the data: names of files that the rows of a database may turn out to name.

import { lstatSync, opendirSync, readdirSync, type Dirent } from 'node:fs';
import { isSourceAtTop } from './folder-names.ts';
import type { BesideData } from './found.ts';
import { isInside, shownPath } from './places.ts';

/** Names that are kept, in all and of one folder. */
const maxFiles = 60_000;
const maxFilesInFolder = 2000;

/** A folder's own size from which on it may have tens of thousands of entries, and those that are read of it. */
const largeFolderBytes = 512 * 1024;
const maxEntries = 20_000;

export class BesideCollector {
  /** Names of files, by the folder's absolute path. */
  readonly #names = new Map<string, readonly string[]>();
  readonly #partial = new Set<string>();
  #files = 0;

  /**
   * The entries of a folder; the first ones where it has very many.
   * @throws what the disk answers
   */
  entriesOf(path: string): Dirent[] {
    if ((lstatSync(path, { throwIfNoEntry: false })?.size ?? 0) <= largeFolderBytes)
      return readdirSync(path, { withFileTypes: true });
    const entries: Dirent[] = [];
    const folder = opendirSync(path, { bufferSize: 1024 });
    try {
      for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
        if (entries.length < maxEntries) entries.push(entry);
        else {
          this.#partial.add(path);
          break;
        }
      }
      return entries;
    } finally {
      folder.closeSync();
    }
  }

  keep(path: string, entries: readonly Dirent[]): void {
    if (this.#files >= maxFiles) return;
    const names = entries
      .filter((entry) => entry.isFile() && !isSourceAtTop(entry.name))
      .map((entry) => entry.name);
    const kept = names.slice(0, maxFilesInFolder);
    if (kept.length < names.length) this.#partial.add(path);
    this.#files += kept.length;
    this.#names.set(path, kept);
  }

  /** @param isFree false for a folder that was taken afterwards */
  result(
    project: string,
    isFree: (path: string) => boolean,
  ): Pick<BesideData, 'files' | 'folders' | 'partial'> {
    const free = [...this.#names].filter(([folder]) => isFree(folder) && isInside(folder, project));
    const below = (folder: string, name: string): string =>
      folder === project ? name : `${shownPath(project, folder)}/${name}`;
    return {
      files: free.flatMap(([folder, names]) => names.map((name) => below(folder, name))),
      folders: free.flatMap(([folder]) => (folder === project ? [] : [shownPath(project, folder)])),
      partial: [...this.#partial].filter(isFree).map((folder) => shownPath(project, folder)),
    };
  }
}
