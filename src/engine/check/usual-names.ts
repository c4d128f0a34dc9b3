// What has to be in the folders of rows. Some of it a system writes since one of its versions only: it
// is asked for where most of the folders have it.

import type { RowDocument } from '../../core/documents/documents.ts';
import type { FileIndex } from './file-index.ts';

export interface LackingNames {
  readonly path: string;
  readonly detail: string;
}

export function isLacking(files: FileIndex, folder: string, name: string): boolean {
  const path = `${folder}/${name}`;
  return !files.kinds.has(path) && files.unknown(path) === undefined;
}

/** The first of the names as the path, the others counted: `no site/index.html and 2 more`. */
export function lackingNames(folder: string, names: readonly string[]): LackingNames {
  const [first = ''] = names;
  const more = names.length > 1 ? ` and ${names.length - 1} more` : '';
  const last = folder.slice(folder.lastIndexOf('/') + 1);
  return { path: `${folder}/${first}`, detail: `no ${last}/${first}${more}` };
}

export class UsualNames {
  readonly #names: readonly string[];
  readonly #lacking: { folder: string; names: readonly string[]; key: RowDocument | null }[] = [];
  readonly #lackingCounts = new Map<string, number>();
  #folders = 0;

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  look(files: FileIndex, folder: string, key: () => RowDocument | null): void {
    if (this.#names.length === 0) return;
    this.#folders += 1;
    const names = this.#names.filter((name) => isLacking(files, folder, name));
    if (names.length === 0) return;
    for (const name of names) {
      this.#lackingCounts.set(name, (this.#lackingCounts.get(name) ?? 0) + 1);
    }
    this.#lacking.push({ folder, names, key: key() });
  }

  /** One for each folder that lacks something which more than half of them have. */
  lacking(): readonly (LackingNames & { readonly key: RowDocument | null })[] {
    return this.#lacking.flatMap(({ folder, names, key }) => {
      const usual = names.filter(
        (name) => (this.#lackingCounts.get(name) ?? 0) * 2 < this.#folders,
      );
      return usual.length === 0 ? [] : [{ ...lackingNames(folder, usual), key }];
    });
  }
}
