// What one side of a comparison has and the other could not read: nobody knows whether it differs, so
// it is neither gone nor new.

import type { DatabaseDiff, FileChange, SkippedDocument } from '../../core/documents/documents.ts';
import { ancestors } from '../../core/restore/plan-entries.ts';
import type { DatabasePair, TreeDiff } from './diff-trees.ts';

/** Not there, or a kind of file that is never captured: that was the state, and no gap in what is known. */
const known = new Set(['not there', 'named pipe', 'socket', 'device']);

export interface ReadDiff extends TreeDiff {
  /** Databases that one side could not read, by path. */
  readonly unreadDatabases: ReadonlyMap<string, DatabaseDiff>;
  /** Paths that hide other differences; empty where nothing is hidden. */
  readonly skipped: readonly SkippedDocument[];
}

/** Takes out of a tree diff what only one side could read. */
export function withoutUnread(
  { files, databases }: TreeDiff,
  before: readonly SkippedDocument[],
  after: readonly SkippedDocument[],
): ReadDiff {
  const [older, newer] = [unreadAt(before), unreadAt(after)];
  const hiding = (path: string, isBefore: boolean, isAfter: boolean): SkippedDocument | undefined =>
    (isBefore ? undefined : older(path)) ?? (isAfter ? undefined : newer(path));
  const ofFile = ({ path, op }: FileChange): SkippedDocument | undefined =>
    hiding(path, op !== 'add', op !== 'remove');
  const ofDatabase = (pair: DatabasePair): SkippedDocument | undefined =>
    hiding(pair.path, pair.before !== null, pair.after !== null);
  return {
    files: files.filter((change) => ofFile(change) === undefined),
    databases,
    unreadDatabases: new Map(
      databases.flatMap((pair) => {
        const skip = ofDatabase(pair);
        return skip === undefined ? [] : [[pair.path, unreadDatabase(pair, skip)]];
      }),
    ),
    skipped: [...new Set(files.map(ofFile).filter((skip) => skip !== undefined))],
  };
}

function unreadAt(
  skipped: readonly SkippedDocument[],
): (path: string) => SkippedDocument | undefined {
  const unread = new Map(
    skipped.flatMap((skip) => (known.has(skip.reason) ? [] : [[skip.path, skip]])),
  );
  return (path) =>
    unread.size === 0
      ? undefined
      : [path, ...ancestors(path)].map((at) => unread.get(at)).find((skip) => skip !== undefined);
}

function unreadDatabase({ path, before }: DatabasePair, { reason }: SkippedDocument): DatabaseDiff {
  const side = before === null ? 'older' : 'newer';
  const problem = `its ${side} version was not read: ${reason}`;
  return { path, state: 'changed', schema: [], tables: [], problem };
}
