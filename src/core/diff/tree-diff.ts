// How two folders differ, entry by entry: the rule of what counts as a change. Walking the tree is the engine's.

/** What is looked at of an entry; the store's tree entries fit. */
export interface DiffableEntry {
  readonly name: string;
  readonly kind: 'file' | 'database' | 'directory' | 'symlink';
  readonly mode: number;
  /** Hash of a file's bytes, or of all that is in a folder. */
  readonly content?: string;
  /** Of a link. */
  readonly target?: string;
}

/** A name that the two folders do not have alike; null where a side has none. */
export type EntryPair<Entry> =
  | { readonly name: string; readonly before: Entry; readonly after: Entry }
  | { readonly name: string; readonly before: Entry; readonly after: null }
  | { readonly name: string; readonly before: null; readonly after: Entry };

/**
 * The names whose entries differ or, for folders, may hold a difference: their `content` covers
 * times and owners too, which are none. Order is of no meaning; every name occurs once.
 */
export function pairChangedEntries<Entry extends DiffableEntry>(
  before: readonly Entry[],
  after: readonly Entry[],
): readonly EntryPair<Entry>[] {
  const old = new Map(before.map((entry) => [entry.name, entry]));
  const pairs: EntryPair<Entry>[] = [];
  for (const entry of after) {
    const { name } = entry;
    const was = old.get(name);
    old.delete(name);
    if (was === undefined) pairs.push({ name, before: null, after: entry });
    else if (!isAlike(was, entry) || was.content !== entry.content) {
      pairs.push({ name, before: was, after: entry });
    }
  }
  for (const [name, entry] of old) pairs.push({ name, before: entry, after: null });
  return pairs;
}

/**
 * True where an entry that both sides have counts as modified: by type, permission bits, content or
 * link target. Times, owners and, for a folder, what is in it do not count.
 */
export function isModified(before: DiffableEntry, after: DiffableEntry): boolean {
  if (!isAlike(before, after)) return true;
  return before.kind !== 'directory' && before.content !== after.content;
}

function isAlike(before: DiffableEntry, after: DiffableEntry): boolean {
  return before.kind === after.kind && before.mode === after.mode && before.target === after.target;
}
