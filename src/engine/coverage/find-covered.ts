// Detection, with the folders that the rows of its databases name: what a snapshot takes, and what
// everybody tells of it.

import { EngineError } from '../../core/errors.ts';
import type { FoundDataDirs } from '../detect/found.ts';
import { surroundingsOf } from '../detect/places.ts';
import type { CallOptions } from '../options.ts';
import type { ProjectContext } from '../project/project-context.ts';
import { getState, setState } from '../store/catalog.ts';
import { saveProjectPlace, type CoveredPlace } from '../store/project-folder.ts';
import { makeTempDir, removeTempDir, type WriteSession } from '../store/store-session.ts';
import { foldersNamedByRows, type RememberedRows } from './folders-named-by-rows.ts';
import { judgeFolders, type JudgedFolder } from './judge-folders.ts';

export interface CoveredData {
  readonly found: FoundDataDirs;
  /** Folders that rows name and that are not taken, with the reason. */
  readonly offered: readonly JudgedFolder[];
  /** What was taken for that reason now, and is not written down yet. */
  readonly learned: readonly CoveredPlace[];
  readonly remembered: RememberedRows;
}

/**
 * @param found what detection finds
 * @param isQuick true where somebody waits: a large database that nobody looked into yet is left for later
 * @throws EngineError NO_SPACE; the signal's reason
 */
export async function findCovered(
  context: ProjectContext,
  found: FoundDataDirs,
  call: CallOptions,
  { isQuick = false }: { readonly isQuick?: boolean } = {},
): Promise<CoveredData> {
  const known = rememberedRows(context);
  const tempDir = lazyTempDir(context);
  try {
    const request = {
      found,
      options: context.options,
      remembered: known,
      isQuick,
      searchAgain: () => context.find().beside,
      tempDir: tempDir.get,
    };
    const { folders, remembered } = await foldersNamedByRows(request, call);
    const { options, projectDir } = context;
    const around = surroundingsOf(projectDir, [options.storeDir], [], options.env);
    const judged = judgeFolders(folders, found, around);
    // A list in savepoint.json is exact.
    const isExact = found.config.dataDirs !== undefined;
    const taken = isExact ? [] : judged.filter(({ reason }) => reason === null);
    const learned = taken.map(({ path, evidence }): CoveredPlace => ({
      path,
      by: 'rows',
      evidence: evidence.join(', '),
    }));
    const offered = judged.flatMap((one) =>
      one.reason === null && !isExact
        ? []
        : [{ ...one, reason: one.reason ?? 'not in the list of savepoint.json' }],
    );
    const all = learned.length === 0 ? found : context.find(learned);
    return { found: all, offered, learned, remembered };
  } finally {
    tempDir.remove();
  }
}

/** Writes down what a look found, so that it holds from now on; called where a store is made anyway. */
export function keepCovered(context: ProjectContext, { learned }: CoveredData): void {
  if (learned.length === 0) return;
  const place = context.place();
  const covered = [...place.record.covered, ...learned];
  saveProjectPlace({ ...place, record: { ...place.record, covered } });
}

const stateKey = 'named_by_rows';

/** The same look costs nothing the next time. */
export function keepRows(writer: WriteSession, { remembered }: CoveredData): void {
  const text = JSON.stringify(remembered);
  if (getState(writer.db, stateKey) !== text) setState(writer.db, stateKey, text);
}

function rememberedRows(context: ProjectContext): RememberedRows {
  try {
    const text = context.read((store) =>
      store === null ? undefined : getState(store.db, stateKey),
    );
    return text === undefined ? {} : (JSON.parse(text) as RememberedRows);
  } catch (error) {
    // A store that cannot be read remembers nothing: whoever needs it tells.
    if (error instanceof EngineError || error instanceof SyntaxError) return {};
    throw error;
  }
}

function lazyTempDir(context: ProjectContext): { get: () => string; remove: () => void } {
  let path: string | undefined;
  return {
    get: () => (path ??= makeTempDir(context.place().storePath, 'reader')),
    remove: () => {
      if (path !== undefined) removeTempDir(path);
    },
  };
}
