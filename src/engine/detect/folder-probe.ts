// A folder as layouts look at it. Every question costs one or two system calls.

import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { hasSqliteHeader } from '../sqlite/sqlite-file.ts';
import { readSmallFile } from './env-files.ts';
import type { LayoutFolder } from '../../core/layouts/layout.ts';
import { readHead } from '../disk/disk-path.ts';

/**
 * @param mayOpen false in an untrusted workspace: then names alone have to do
 * @param variables names of the environment variables that lead to the folder
 */
export function probeFolder(
  folder: string,
  names: Iterable<string>,
  mayOpen: boolean,
  variables: readonly string[] = [],
): LayoutFolder {
  const isFile = (path: string) => statOf(join(folder, path))?.isFile() ?? false;
  return {
    names: new Set(names),
    variables,
    isFile,
    isDirectory: (path) => statOf(join(folder, path))?.isDirectory() ?? false,
    isDatabase: (path) => isFile(path) && (!mayOpen || hasSqliteHeader(join(folder, path))),
    list: (path) => namesIn(join(folder, path)),
    readJson: (path) => (mayOpen ? jsonOf(join(folder, path)) : undefined),
    schemaNames: (path, word) => mayOpen && schemaNames(join(folder, path), word),
  };
}

/** Names in a folder; empty where it cannot be read. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Not a folder, gone or not ours: nothing can be told of what is in it.
    return [];
  }
}

/** Names of the folders in a folder, links not followed; empty where it cannot be read. */
export function foldersIn(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch {
    // As above.
    return [];
  }
}

function statOf(path: string) {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    // A parent that is no folder or is not ours: the same as not there.
    return undefined;
  }
}

function jsonOf(path: string): unknown {
  const text = readSmallFile(path, 1024 * 1024);
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    // Torn or no JSON at all: no mark of anything.
    return undefined;
  }
}

/** As much as the schema of any application takes, were it at the end of a small database. */
const schemaBytes = 1024 * 1024;

/**
 * SQLite keeps `CREATE` statements as text, in the pages that follow from the first one: a small
 * application's are at the beginning of the file, or of a write-ahead log not yet checkpointed.
 */
function schemaNames(database: string, word: string): boolean {
  const pattern = new RegExp(`(?<![A-Za-z0-9_])${word}(?![A-Za-z0-9_])`);
  return [database, `${database}-wal`].some((path) => pattern.test(schemaText(path)));
}

/** The `CREATE` statements in the beginning of the file, with whatever stands between them cut short. */
function schemaText(path: string): string {
  const text = readHead(path, schemaBytes)?.toString('latin1') ?? '';
  return [...text.matchAll(/CREATE (?:TABLE|INDEX|UNIQUE INDEX)[^\0]{0,4000}/g)].join('\n');
}
