// Whether a folder is somebody's source code. One file says nothing: applications keep a package.json
// or a settings.js among their data, and users upload programs. What there is more of decides.

import { readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { isNamedLikeDatabase, isNamedLikeSidecar } from '../sqlite/sqlite-file.ts';
import { isMigrations, isNeverData, isSource, isSourceAtTop } from './folder-names.ts';

/** Entries that are looked at: what they say of a larger folder goes for the rest. */
const maxEntries = 500;
const maxDepth = 4;

interface Count {
  sources: number;
  others: number;
  entries: number;
}

/** True where at least as many files of source code as others lie in the folder; databases do not count. */
export function isMostlySource(folder: string): boolean {
  const count: Count = { sources: 0, others: 0, entries: 0 };
  countIn(folder, 0, false, count);
  return count.sources > 0 && count.sources >= count.others;
}

/** The folder's own files before those below: many in one subfolder must not hide the others. */
function countIn(folder: string, depth: number, isMigration: boolean, count: Count): void {
  const below: Dirent[] = [];
  for (const entry of entriesOf(folder)) {
    if (count.entries >= maxEntries) return;
    count.entries += 1;
    if (entry.isDirectory()) below.push(entry);
    else if (entry.isFile()) countFile(entry.name, depth, isMigration, count);
  }
  if (depth >= maxDepth) return;
  for (const { name } of below) {
    if (!isNeverData(name))
      countIn(join(folder, name), depth + 1, isMigration || isMigrations(name), count);
  }
}

function countFile(name: string, depth: number, isMigration: boolean, count: Count): void {
  if (isNamedLikeDatabase(name) || isNamedLikeSidecar(name) || saysNothing.test(name)) return;
  const isCode = isMigration || (depth === 0 ? isSourceAtTop(name) : isSource(name));
  if (isCode) count.sources += 1;
  else count.others += 1;
}

/** What lies in folders of both kinds. */
const saysNothing =
  /^(?:\.git(?:keep|ignore|attributes)|\.keep|\.DS_Store|Thumbs\.db|README(?:\.\w+)?)$/i;

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Not ours to look into: nothing can be told of what is in it.
    return [];
  }
}
