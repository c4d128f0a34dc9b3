// Puts files, links and folders back, and can take back what it did until `finish`:
//
// 1. `prepare` writes new content into a staging folder, durable, with its mode, owner and times.
// 2. `swap`, `link`, `remove` and the rest change one name each, by rename. What was there is kept
//    in the staging folder, so that `rollback` moves it back.
// 3. `finish` lets go of what was kept; the facts of folders come after it.
//
// A file that cannot be had this way (it belongs to somebody else, or nothing can be made on its
// mount) is written in place; a copy of what was in it is kept in the temporary folder.

import {
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  type BigIntStats,
} from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../../core/errors.ts';
import { joinRel, nameToBytes, type ProjectPath } from '../../../core/names.ts';
import { parentOf, type PlanEntry } from '../../../core/restore/plan-entries.ts';
import type { CallOptions } from '../../options.ts';
import { errorCodeOf } from '../../disk/durable-file.ts';
import { createSyncBatch, writeContent } from './file-restore-content.ts';
import { entryFacts, type EntryFacts } from '../../disk/entry-facts.ts';
import { canOwn, setFacts } from './file-restore-facts.ts';
import { openSafePaths, type Place, type SafePaths } from './file-restore-paths.ts';
import {
  isSameFile,
  keepByLink,
  keepByMove,
  notWritable,
  placeNew,
  syncFolder,
  writeBack,
  type Kept,
} from './file-restore-steps.ts';
import { createStagingFolders, type Staging, type StagingFolders } from './file-restore-staging.ts';

export interface FileRestoreContext {
  readonly place: Place;
  /** Content of a file of the snapshot, in order. */
  readonly contentOf: (path: ProjectPath) => Iterable<Buffer>;
  /** Absolute; there already. */
  readonly tempDir: string;
  /** Letters and digits that tell this restore from others. */
  readonly id: string;
  /**
   * Called right before what is at `path` is replaced or taken away (`undefined`: nothing is there).
   * Throws where that must not happen.
   */
  readonly beforeReplace: (path: ProjectPath, stats: BigIntStats | undefined) => Promise<void>;
  /** Folders that are going to be removed: nothing is kept in them. */
  readonly goingFolders: ReadonlySet<string>;
  /** Called with a staging folder that is about to be made: whoever is killed later must know it. */
  readonly beforeStaging: (path: ProjectPath) => void;
}

/** What was done, and how it is taken back. */
interface Done {
  readonly path: ProjectPath;
  readonly undo: () => void;
}

interface Prepared {
  readonly staging: Staging;
  readonly name: string;
}

const maxTries = 5;
/** A pipe or a link in the file's place is neither waited for nor followed. */
const inPlaceFlags = constants.O_RDWR | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

export class FileRestore {
  readonly #context: FileRestoreContext;
  readonly #paths: SafePaths;
  readonly #staging: StagingFolders;
  readonly #prepared = new Map<ProjectPath, Prepared>();
  readonly #sync = createSyncBatch();
  readonly #done: Done[] = [];
  /** Facts of folders before this restore changed anything in them. */
  readonly #folders = new Map<ProjectPath, EntryFacts>();
  readonly #touched = new Set<ProjectPath>();
  #count = 0;

  constructor(context: FileRestoreContext) {
    this.#context = context;
    this.#paths = openSafePaths(context.place, { unlock: true });
    this.#staging = createStagingFolders(context.place, this.#paths, {
      id: context.id,
      avoid: context.goingFolders,
      beforeMaking: (host, path) => {
        this.#remember(host);
        context.beforeStaging(path);
      },
    });
  }

  /** Stages new content. Nothing that was there changes. @throws the signal's reason */
  async prepare(entry: PlanEntry, before: PlanEntry | null, call: CallOptions): Promise<void> {
    const isFile = before?.kind === 'file' && entry.kind === 'file';
    const isForeign = isFile && !canOwn(before.uid, before.gid);
    if (isForeign && this.#canWriteInPlace(entry.path)) return;
    const staging = this.#staging.for(entry.path);
    if (staging !== undefined) {
      this.#prepared.set(entry.path, await this.#stage(staging, entry, call));
    } else if (!isFile || !this.#canWriteInPlace(entry.path)) throw notWritable(entry.path);
  }

  /** What was prepared is durable. */
  async settle(): Promise<void> {
    await this.#sync.settle();
  }

  /** Puts the prepared file or link in its place. */
  async swap(entry: PlanEntry, call: CallOptions): Promise<void> {
    const { path } = entry;
    const prepared = this.#prepared.get(path);
    await this.#replace(path, async (target, stats) => {
      if (prepared === undefined) return await this.#writeInPlace(entry, target, stats, call);
      return this.#moveIn(path, prepared, target, stats);
    });
  }

  /** Makes the name another one of the file at `to`, which is in its place already. */
  async link(entry: PlanEntry, to: ProjectPath, call: CallOptions): Promise<void> {
    const staging = this.#staging.for(entry.path);
    if (staging === undefined) throw notWritable(entry.path);
    const name = this.#newName('n');
    try {
      linkSync(this.#paths.at(to), staging.at(name));
      this.#prepared.set(entry.path, { staging, name });
    } catch (error) {
      // No links between mounts, or none at all on this file system: a file of its own has the content.
      if (!/^(EXDEV|EPERM|EMLINK|ENOTSUP|EOPNOTSUPP|ENOSYS)$/.test(errorCodeOf(error) ?? ''))
        throw error;
      this.#prepared.set(entry.path, await this.#stage(staging, entry, call));
      await this.settle();
    }
    await this.swap(entry, call);
  }

  /** Makes a folder where none is; its time is set later. `facts` null: as this user makes folders. */
  makeFolder(path: ProjectPath, facts: EntryFacts | null): void {
    this.#touch(path);
    const target = this.#paths.at(path);
    try {
      mkdirSync(target, { mode: facts === null ? 0o777 : 0o700 });
    } catch (error) {
      if (errorCodeOf(error) !== 'EEXIST' || !lstatSync(target).isDirectory()) throw error;
      return;
    }
    this.#done.push({
      path,
      undo: () => {
        this.#paths.forget();
        rmdirSync(this.#paths.at(path));
      },
    });
    if (facts === null) return;
    const mayEnter = process.geteuid?.() === 0;
    setFacts(
      target,
      { ...facts, mode: mayEnter ? facts.mode : facts.mode | 0o700 },
      { time: false },
    );
  }

  /** Takes a file or link, or whatever lies there and is no folder, out of its place. */
  async remove(path: ProjectPath): Promise<void> {
    await this.#replace(path, (target, stats) => {
      if (stats === undefined) return Promise.resolve(true);
      const staging = this.#staging.for(path);
      if (staging === undefined) throw notWritable(path);
      const kept = keepByMove(target, staging.at(this.#newName('o')));
      if (!isSameFile(kept.stats, stats)) {
        kept.release(this.#paths.at(path));
        return Promise.resolve(false);
      }
      this.#push(path, kept);
      return Promise.resolve(true);
    });
  }

  /** Removes an empty folder; false where something is in it, or it cannot go. */
  removeFolder(path: ProjectPath): boolean {
    const stats = this.look(path);
    if (stats === undefined) return true;
    this.#touch(path);
    try {
      rmdirSync(this.#paths.at(path));
    } catch (error) {
      if (/^(ENOTEMPTY|EEXIST|EBUSY|ENOTDIR)$/.test(errorCodeOf(error) ?? '')) return false;
      throw error;
    }
    this.#paths.forget();
    // Its facts of before anything in it went are set back last of all.
    if (!this.#folders.has(path)) this.#folders.set(path, entryFacts(stats));
    this.#done.push({ path, undo: () => mkdirSync(this.#paths.at(path), { mode: 0o700 }) });
    return true;
  }

  /** Sets mode, owner and, unless told otherwise, time where they differ. */
  setFacts(
    path: ProjectPath,
    facts: EntryFacts,
    options: { readonly time: boolean } = { time: true },
  ): void {
    const target = this.#paths.at(path);
    const stats = lstatSync(target, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined) return;
    if (stats.isDirectory()) this.#paths.keepMode(path);
    if (!setFacts(target, facts, options)) return;
    this.#done.push({ path, undo: () => void setFacts(this.#paths.at(path), entryFacts(stats)) });
  }

  /** `lstat` of the entry, never through a link; undefined where it is not there. */
  look(path: ProjectPath): BigIntStats | undefined {
    if (!this.#paths.hasParent(path)) return undefined;
    return lstatSync(this.#paths.at(path), { bigint: true, throwIfNoEntry: false });
  }

  /** Every name that was changed is durable. */
  syncFolders(): void {
    if (process.platform === 'win32') return;
    for (const folder of this.#touched) {
      const path = joinRel(folder, '.');
      if (this.#paths.hasParent(path)) syncFolder(this.#paths.at(path));
    }
  }

  /** Takes everything back, newest first. Answers the paths where that failed. */
  rollback(): readonly string[] {
    const failed: string[] = [];
    this.#paths.forget();
    for (const { path, undo } of this.#done.splice(0).toReversed()) {
      try {
        undo();
      } catch {
        // The rest is still taken back; the caller tells the path.
        failed.push(path);
      }
    }
    this.#release();
    this.#paths.forget();
    for (const [folder, facts] of [...this.#folders].toReversed()) this.#setBack(folder, facts);
    return failed;
  }

  /** Lets go of what was kept: from here on nothing is taken back. */
  finish(): void {
    this.#done.splice(0);
    const hosts = this.#staging.all.map((staging) => staging.host);
    this.#release();
    for (const host of hosts) {
      const facts = this.#folders.get(host);
      if (facts !== undefined && !this.#touched.has(host)) this.#setBack(host, facts);
    }
  }

  /** Closes what is open. After `finish` or `rollback`. */
  close(): void {
    this.#paths.close();
  }

  #release(): void {
    this.#sync.abandon();
    this.#staging.remove();
    rmSync(this.#keepDir, { recursive: true, force: true });
  }

  get #keepDir(): string {
    return join(this.#context.tempDir, `kept-${this.#context.id}`);
  }

  #setBack(folder: ProjectPath, facts: EntryFacts): void {
    const path = joinRel(folder, '.');
    if (this.#paths.hasParent(path)) setFacts(this.#paths.at(path), facts);
  }

  /** Tried, because `access` answers for the user who started the process and not for its rights. */
  #canWriteInPlace(path: ProjectPath): boolean {
    try {
      closeSync(openSync(this.#paths.at(path), inPlaceFlags));
      return true;
    } catch {
      // Then it is replaced, where its folder allows that.
      return false;
    }
  }

  async #stage(staging: Staging, entry: PlanEntry, call: CallOptions): Promise<Prepared> {
    const name = this.#newName('n');
    const path = staging.at(name);
    if (entry.kind === 'symlink') {
      symlinkSync(Buffer.from(nameToBytes(entry.content)), path);
      setFacts(path, entry);
      return { staging, name };
    }
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
    const fd = openSync(path, flags, 0o600);
    try {
      await writeContent(fd, this.#context.contentOf(entry.path), true, call);
      setFacts(path, entry);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    await this.#sync.add(fd);
    return { staging, name };
  }

  /** Looks at the target, asks, and changes it; once more where it changed under our hands. */
  async #replace(
    path: ProjectPath,
    change: (target: Buffer, stats: BigIntStats | undefined) => Promise<boolean>,
  ): Promise<void> {
    for (let i = 0; i < maxTries; i += 1) {
      const stats = lstatSync(this.#paths.at(path), { bigint: true, throwIfNoEntry: false });
      if (stats?.isDirectory()) {
        throw new EngineError('RESTORE_FAILED', `"${path}" became a folder meanwhile`, { path });
      }
      await this.#context.beforeReplace(path, stats);
      this.#touch(path);
      // Looks at other folders where it has to be made: before the path that holds until the next call.
      this.#staging.for(path);
      if (await change(this.#paths.at(path), stats)) return;
    }
    throw new EngineError('RESTORE_FAILED', `"${path}" keeps changing`, {
      path,
      hint: 'stop the program that writes it, then try again',
    });
  }

  #moveIn(
    path: ProjectPath,
    prepared: Prepared,
    target: Buffer,
    stats: BigIntStats | undefined,
  ): boolean {
    const staged = prepared.staging.at(prepared.name);
    if (stats === undefined) {
      if (!placeNew(staged, target)) return false;
      this.#done.push({ path, undo: () => unlinkSync(this.#paths.at(path)) });
      return true;
    }
    const kept = this.#keep(path, target, stats);
    if (!isSameFile(kept.stats, stats)) {
      kept.release(target);
      return false;
    }
    try {
      renameSync(staged, target);
    } catch (error) {
      kept.release(target);
      throw error;
    }
    this.#push(path, kept);
    return true;
  }

  /** Keeps what is at the target; without taking it away where the file system has links. */
  #keep(path: ProjectPath, target: Buffer, stats: BigIntStats): Kept {
    const staging = this.#staging.for(path);
    if (staging === undefined) throw notWritable(path);
    const name = staging.at(this.#newName('o'));
    return (stats.isFile() ? keepByLink(target, name) : undefined) ?? keepByMove(target, name);
  }

  async #writeInPlace(
    entry: PlanEntry,
    target: Buffer,
    stats: BigIntStats | undefined,
    call: CallOptions,
  ): Promise<boolean> {
    if (stats === undefined) throw notWritable(entry.path);
    const copy = join(this.#keepDir, this.#newName('o'));
    mkdirSync(this.#keepDir, { recursive: true, mode: 0o700 });
    const fd = openSync(target, inPlaceFlags);
    try {
      copyFileSync(target, copy, constants.COPYFILE_FICLONE);
      if (!isSameFile(fstatSync(fd, { bigint: true }), stats)) return false;
      this.#done.push({
        path: entry.path,
        undo: () => {
          writeBack(copy, this.#paths.at(entry.path), entryFacts(stats));
        },
      });
      await writeContent(fd, this.#context.contentOf(entry.path), false, call);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    setFacts(this.#paths.at(entry.path), entry);
    return true;
  }

  #push(path: ProjectPath, kept: Kept): void {
    this.#done.push({
      path,
      undo: () => {
        kept.putBack(this.#paths.at(path));
      },
    });
  }

  #newName(prefix: string): string {
    this.#count += 1;
    return `${prefix}${this.#count}`;
  }

  /** What is in the folder of `path` changes now. */
  #touch(path: ProjectPath): void {
    const folder = parentOf(path);
    this.#remember(folder);
    this.#touched.add(folder);
  }

  #remember(folder: ProjectPath): void {
    const path = joinRel(folder, '.');
    if (this.#folders.has(folder) || !this.#paths.hasParent(path)) return;
    const stats = lstatSync(this.#paths.at(path), { bigint: true, throwIfNoEntry: false });
    if (stats !== undefined) this.#folders.set(folder, entryFacts(stats));
  }
}
