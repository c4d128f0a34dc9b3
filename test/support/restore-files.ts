// Runs the file part of a restore from one folder's content to another's, without a store.

import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onDisk } from './paths.ts';
import { projectPath, type ProjectPath } from '../../src/core/names.ts';
import { everything, pathFilter } from '../../src/core/restore/selection.ts';
import { planOperations } from '../../src/core/restore/plan-operations.ts';
import { noProgress } from '../../src/engine/options.ts';
import {
  foldersGoing,
  prepareFiles,
  removeFiles,
  settleFolders,
  swapFiles,
} from '../../src/engine/restore/apply-files.ts';
import { createPlace } from '../../src/engine/sources/files/place.ts';
import { canOwn } from '../../src/engine/sources/files/file-restore-facts.ts';
import {
  FileRestore,
  type FileRestoreContext,
} from '../../src/engine/sources/files/file-restore.ts';
import { flatTree, type FlatTree } from './flat-tree.ts';

export interface RestoreFilesOptions {
  readonly only?: readonly string[];
  readonly keepNew?: boolean;
  readonly beforeReplace?: FileRestoreContext['beforeReplace'];
  /** Stops with this error between files and deletions, and takes everything back. */
  readonly failWith?: Error;
}

/** Makes `root` of the project folder what `target` says. Answers the folders that were kept. */
export async function restoreFiles(
  projectDir: string,
  root: string,
  target: FlatTree,
  options: RestoreFilesOptions = {},
): Promise<readonly string[]> {
  const plan = planOperations({
    live: flatTree(projectDir, root).entries,
    snapshot: target.entries,
    inScope: pathFilter({ ...everything, only: options.only ?? [] }),
    keepNew: options.keepNew ?? false,
    isUncovered: () => false,
    isSameDatabase: () => true,
    canOwn,
  });
  const filePlan = { ...plan, ways: [] };
  const tempDir = fs.mkdtempSync(join(tmpdir(), 'savepoint-files-'));
  const files = new FileRestore({
    place: createPlace(onDisk(projectDir), [projectPath(root)]),
    contentOf: (path) => [target.content.get(path) ?? Buffer.alloc(0)],
    tempDir,
    id: 'test',
    beforeReplace: options.beforeReplace ?? (() => Promise.resolve()),
    goingFolders: foldersGoing(filePlan),
    beforeStaging: () => undefined,
  });
  const call = { signal: new AbortController().signal, progress: noProgress };
  try {
    await prepareFiles(filePlan, files, call);
    const removeDatabase = (path: ProjectPath): Promise<void> => files.remove(path);
    await swapFiles(filePlan, files, removeDatabase, () => undefined, call);
    if (options.failWith !== undefined) throw options.failWith;
    const kept = await removeFiles(filePlan, files);
    files.finish();
    await settleFolders(filePlan, files);
    files.syncFolders();
    return kept;
  } catch (error) {
    const left = files.rollback();
    if (left.length > 0) throw new Error(`not taken back: ${left.join(', ')}`, { cause: error });
    throw error;
  } finally {
    files.close();
    fs.rmSync(tempDir, { recursive: true, force: true });
  }
}
