// A database of one side, as rules see it: an image that is opened when the first rule asks.

import { openImage } from '../sqlite/open-images.ts';
import type { Database } from '../sqlite/sqlite-driver.ts';

export interface SideDatabase {
  /** In the project. */
  readonly path: string;
  /** Equal texts mean equal content. */
  readonly identity: string;
  /** Why it cannot be opened, in words; null where it can. */
  readonly problem: string | null;
  /** True of one with a problem that the newest snapshot has as a sound database. */
  readonly wasSound?: boolean;
  /**
   * The open image: the same at each call, and the caller does not close it.
   * @throws what SQLite answers for a file that is no database
   */
  open(): Promise<Database>;
  close(): void;
}

/** @param image the path of a private copy, made when it is asked for; null: it cannot be opened */
export function imageDatabase(
  path: string,
  identity: string,
  image: () => Promise<string | null>,
): SideDatabase {
  let db: Database | undefined;
  return {
    path,
    identity,
    problem: null,
    async open() {
      if (db !== undefined) return db;
      const file = await image();
      if (file === null) throw new Error('cannot be opened');
      db = openImage(file);
      return db;
    },
    close() {
      db?.close();
      db = undefined;
    },
  };
}

/** One that nobody can look into: encrypted, damaged, locked. */
export function closedDatabase(path: string, problem: string): SideDatabase {
  return {
    path,
    identity: problem,
    problem,
    open: async () => {
      throw new Error(problem);
    },
    close: () => undefined,
  };
}
