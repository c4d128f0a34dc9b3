// What a later walk tells of what a round captured: files that are not as they were, and files that were
// not there at all. What a database committed after its moment does not count.

import { parentOf } from '../../core/restore/plan-entries.ts';
import { filesDiffer, folderText, namesIn } from '../sources/files/walk-signatures.ts';
import type { Walk, WalkedEntry, WalkedFile } from '../sources/files/walked.ts';
import type { LiveOverlay } from '../store/live-overlay.ts';
import type { CapturedContent } from './resolve-files.ts';

export interface ChangesSince {
  /** Paths of files that changed or went, in their order; of a folder where it is no single file. */
  readonly changed: readonly string[];
  /** Nothing was at their paths when the round looked. */
  readonly appeared: readonly WalkedFile[];
  /** True for a database of which the round knows nothing. */
  readonly hasNewDatabase: boolean;
}

/** @param walk a later one than `before`, which is the round's */
export function changesSince(
  walk: Walk,
  {
    before,
    content,
    overlay,
  }: {
    readonly before: Walk;
    readonly content: CapturedContent;
    readonly overlay: LiveOverlay;
  },
): ChangesSince {
  const databases = new Set(walk.databases.map((file) => file.path));
  const unknown = unknownFiles(walk.roots).filter(
    ({ path }) => !databases.has(path) && content.failures.get(path)?.problem !== 'unreadable',
  );
  const isNew = newcomers(overlay);
  const appeared = unknown.filter(isNew);
  const changed = new Set(unknown.filter((file) => !isNew(file)).map(({ path }) => path));
  const unknownPaths = new Set<string>(unknown.map(({ path }) => path));
  for (const folder of changedFolders(walk.roots)) {
    const known = overlay.folder(folder.path);
    if (known === undefined) continue;
    const isBelow = folder.children.some((child) => unknownPaths.has(child.path));
    const differs = !isBelow && filesDiffer(known.signatures, folderText(folder.children));
    const names = new Set(folder.children.map(({ node }) => node.name));
    const isGone = isBelow && namesIn(known.signatures).some((name) => !names.has(name));
    if (differs || isGone) changed.add(folder.path);
  }
  const known = new Set(before.databases.map(({ path }) => path));
  const hasNewDatabase = walk.databases.some(({ path }) => !known.has(path));
  return { changed: [...changed].toSorted(), appeared, hasNewDatabase };
}

/** Tells whether something was at a file's path when the round looked. */
function newcomers(overlay: LiveOverlay): (file: WalkedFile) => boolean {
  const known = new Map<string, ReadonlySet<string>>();
  const namesOf = (folder: WalkedFile['path']): ReadonlySet<string> => {
    const names = known.get(folder) ?? new Set(namesIn(overlay.folder(folder)?.signatures ?? ''));
    known.set(folder, names);
    return names;
  };
  return ({ path, node: { name } }) =>
    // A root that is a file has a row of its own.
    overlay.folder(path) === undefined && !namesOf(parentOf(path)).has(name);
}

function* changedFolders(
  entries: readonly (WalkedEntry | null)[],
): Iterable<WalkedEntry & { kind: 'directory' }> {
  for (const entry of entries) {
    if (entry === null || entry.kind !== 'directory' || !entry.changed) continue;
    yield entry;
    yield* changedFolders(entry.children);
  }
}

/** Files whose content has to be read, databases by what is in them among them. */
export function unknownFiles(entries: readonly (WalkedEntry | null)[]): WalkedFile[] {
  const found: WalkedFile[] = [];
  const visit = (entry: WalkedEntry | null): void => {
    if (entry === null || entry.kind === 'symlink') return;
    if (entry.kind === 'directory') for (const child of entry.children) visit(child);
    else if (!entry.known && entry.kind === 'file' && entry.nameOf === undefined) found.push(entry);
  };
  for (const entry of entries) visit(entry);
  return found;
}
