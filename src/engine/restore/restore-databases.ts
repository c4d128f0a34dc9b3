// The databases of a restore: each comes back in one step of its own, with what it held until then
// in the safety snapshot, and goes back the same way when a later step fails.

import { lstatSync, rmSync } from 'node:fs';
import { type ProjectPath } from '../../core/names.ts';
import { EngineError, isStoreDamaged } from '../../core/errors.ts';
import type { PlannedDatabase } from '../../core/restore/plan-operations.ts';
import type { TableChoice } from '../../core/restore/selection.ts';
import { uncancelled } from '../options.ts';
import { findNode } from '../store/find-node.ts';
import type { Side } from '../capture/open-side.ts';
import { type Place } from '../sources/files/file-restore-paths.ts';
import { entryFacts } from '../disk/entry-facts.ts';
import type { FileRestore } from '../sources/files/file-restore.ts';
import { processesWithOpen } from '../disk/open-by.ts';
import { captureDatabases, sourceOf } from '../sources/all-sources.ts';
import type { FileNode } from '../store/store.ts';
import type { WriteSession } from '../store/store-session.ts';
import { filesOfDatabase } from './describe-databases.ts';
import type { SafetyKeeper } from './keep-safe.ts';
import { damagedInStore } from './restore-failure.ts';
import { diskPath } from '../disk/disk-path.ts';

export interface DatabaseDone {
  readonly path: ProjectPath;
  readonly method: 'live' | 'replace' | 'delete';
  /** Where only these tables came back, and the signature right after. */
  readonly part?: { readonly tables: TableChoice; readonly signature: string };
}

export interface DatabaseRestoreContext {
  readonly writer: WriteSession;
  readonly snapshot: Side;
  /** Files and databases of the snapshot by path. */
  readonly nodes: ReadonlyMap<string, FileNode>;
  readonly place: Place;
  readonly files: FileRestore;
  readonly keeper: SafetyKeeper;
}

export class DatabaseRestore {
  readonly #context: DatabaseRestoreContext;
  readonly #done: DatabaseDone[] = [];
  readonly #undo: PlannedDatabase[] = [];

  constructor(context: DatabaseRestoreContext) {
    this.#context = context;
  }

  /** What was done, in order. */
  get done(): readonly DatabaseDone[] {
    return this.#done;
  }

  /** Brings the image of the snapshot to disk. Nothing that was there changes. */
  async prepare({ path, action }: PlannedDatabase): Promise<void> {
    if (action !== 'delete') await imageOf(this.#context.snapshot, path);
  }

  /**
   * Restores or makes it, to its end.
   * @throws EngineError DATABASE_BUSY, DATABASE_IN_USE, NO_SPACE and others; it is then as it was
   */
  async restore(planned: PlannedDatabase): Promise<void> {
    const { snapshot, nodes, place, files, keeper, writer } = this.#context;
    const { path, entry, tables } = planned;
    if (tables !== 'all') {
      await this.#restoreTables(planned, tables);
      return;
    }
    const node = nodes.get(path);
    if (entry === null || node === undefined) throw new Error(`${path} is not in the snapshot`);
    makeWritable(path, files);
    const { method } = await sourceOf(path).restore(
      {
        imagePath: await imageOf(snapshot, path),
        target: place.livePath(path),
        key: path,
        stored: { reader: snapshot.reader, node },
        ownership: entry,
        beforeWrite: async (copyCurrent, signature) => {
          if (planned.action === 'create') assertAbsent(place, path);
          else await keeper.keepDatabase(path, signature, copyCurrent);
        },
      },
      { options: writer.options, call: uncancelled },
    );
    this.#undo.push(planned);
    this.#done.push({ path, method });
    // Under an application a time of long ago on a file that just changed would only mislead.
    files.setFacts(path, entry, { time: method === 'replace' });
  }

  async #restoreTables(planned: PlannedDatabase, tables: TableChoice): Promise<void> {
    const { snapshot, place, files, keeper, writer } = this.#context;
    const { path } = planned;
    const giveModeBack = makeWritable(path, files);
    try {
      const signature = await sourceOf(path).restoreTables(
        {
          imagePath: await imageOf(snapshot, path),
          target: place.livePath(path),
          key: path,
          choice: tables,
          beforeWrite: async (copyCurrent, signature) =>
            await keeper.keepDatabase(path, signature, copyCurrent),
        },
        { options: writer.options, call: uncancelled },
      );
      this.#undo.push(planned);
      this.#done.push({ path, method: 'live', part: { tables, signature } });
    } finally {
      giveModeBack();
    }
  }

  /** Takes it away with its sidecars. @throws EngineError DATABASE_IN_USE */
  async remove(path: ProjectPath): Promise<void> {
    const { place, files, keeper, writer } = this.#context;
    const target = place.livePath(path);
    await assertUnused(place, path);
    await keeper.keepDatabase(path, sourceOf(path).signature(target), async (tempDir) => {
      const live = [{ path: target, key: path }];
      const context = { tempDir, options: writer.options, call: uncancelled };
      return (await captureDatabases(live, context)).databases[0] ?? null;
    });
    for (const file of sourceOf(path).files(path)) await files.remove(file);
    this.#done.push({ path, method: 'delete' });
  }

  /** Brings the ones that were restored back to what they were. Answers where that failed. */
  async rollback(safety: Side): Promise<readonly string[]> {
    const failed: string[] = [];
    for (const { path, action, tables } of this.#undo.splice(0).toReversed()) {
      try {
        if (action === 'create') await removeMade(this.#context.place, path);
        else await this.#bringBack(path, safety, tables);
      } catch {
        // The others are still taken back; the caller tells the path.
        failed.push(path);
      }
    }
    return failed;
  }

  async #bringBack(path: ProjectPath, safety: Side, tables: TableChoice | 'all'): Promise<void> {
    const { place, writer } = this.#context;
    const request = {
      imagePath: await imageOf(safety, path),
      target: place.livePath(path),
      key: path,
      // What was written in between came after the restore that failed: it goes with it.
      beforeWrite: () => Promise.resolve(),
    };
    const context = { options: writer.options, call: uncancelled };
    if (tables !== 'all') {
      await sourceOf(path).restoreTables({ ...request, choice: tables }, context);
      return;
    }
    const stored = { reader: safety.reader, node: nodeIn(safety, path) };
    await sourceOf(path).restore({ ...request, stored }, context);
  }
}

async function imageOf(side: Side, path: ProjectPath): Promise<string> {
  const image = await side.databaseImage(path).catch((error: unknown) => {
    throw isStoreDamaged(error) ? damagedInStore([path]) : error;
  });
  if (image !== null) return image;
  throw new EngineError('SNAPSHOT_DAMAGED', `"${path}" is not in ${side.id} as a database`, {
    path,
  });
}

/** The file is opened as this user. Answers what gives the file its mode back. */
function makeWritable(path: ProjectPath, files: FileRestore): () => void {
  const stats = files.look(path);
  const mode = Number(stats?.mode ?? 0o200) & 0o7777;
  if (stats === undefined || process.geteuid?.() === 0 || (mode & 0o200) !== 0) {
    return () => undefined;
  }
  const facts = entryFacts(stats);
  files.setFacts(path, { ...facts, mode: mode | 0o600 }, { time: false });
  return () => files.setFacts(path, facts, { time: false });
}

function nodeIn(side: Side, path: ProjectPath): FileNode {
  const node = findNode(side.reader, side.tree, path);
  if (node?.kind === 'database') return node;
  throw new Error(`${path} is no database in ${side.id}`);
}

async function removeMade(place: Place, path: ProjectPath): Promise<void> {
  await assertUnused(place, path);
  for (const file of filesOfDatabase(place, path)) rmSync(diskPath(file), { force: true });
}

async function assertUnused(place: Place, path: ProjectPath): Promise<void> {
  const users = await processesWithOpen(filesOfDatabase(place, path));
  if (users.length === 0) return;
  throw new EngineError(
    'DATABASE_IN_USE',
    `"${path}" is to be deleted and is open in ${users.join(', ')}`,
    {
      path,
      hint: 'stop it, then try again, or keep new files',
    },
  );
}

function assertAbsent(place: Place, path: ProjectPath): void {
  if (lstatSync(diskPath(place.livePath(path)), { throwIfNoEntry: false }) === undefined) return;
  throw new EngineError('PLAN_STALE', `"${path}" was made since the plan`, {
    path,
    hint: 'look at the plan again',
  });
}
