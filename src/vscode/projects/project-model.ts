// One workspace folder as the views see it: the last known status of its project, kept up to date
// when something is done here, when its store is written to by others, and when its setup changes.

import { resolve } from 'node:path';
import { EventEmitter, type Disposable, type Event } from 'vscode';
import type { StatusDocument } from '../../core/documents/documents.ts';
import { EngineError } from '../../core/errors.ts';
import type { ProjectFacts } from '../../core/views/status-item-text.ts';
import { DisposableStore, MutableDisposable } from '../host/disposables.ts';
import type { EngineClient, EngineProject } from '../process/engine-client.ts';
import { EngineStoppedError } from '../host/engine-stopped-error.ts';
import { LiveCheck } from './live-check.ts';
import type { Log } from '../host/log.ts';
import { createCoalesced } from '../host/run-coalesced.ts';
import { watchData } from './watch-data.ts';
import { watchProject } from './watch-project.ts';
import { watchStore } from './watch-store.ts';
import { quietCall } from '../host/with-progress.ts';

const leastBetweenLooksMs = 2000;
/** So long numbers may be old without a word. */
const oldAfterMs = 2000;

export class ProjectModel implements Disposable {
  /** Absolute path of the folder. */
  readonly cwd: string;
  readonly name: string;
  readonly engine: EngineProject;
  /** What does not match in its live data. */
  readonly check: LiveCheck;
  readonly #log: Log;
  readonly #owned = new DisposableStore();
  readonly #abort = new AbortController();
  readonly #changedStatus = this.#owned.add(new EventEmitter<void>());
  readonly #changedSnapshots = this.#owned.add(new EventEmitter<void>());
  readonly #refreshStatus = createCoalesced(() => this.#readStatus());
  #loading: Promise<void> | undefined;
  #status: StatusDocument | undefined;
  #error: Error | undefined;
  #isLooking = false;
  readonly #dataWatch = this.#owned.add(new MutableDisposable<Disposable>());
  #watchedFolders = '';
  #isShown = false;
  #isStale = false;
  #nextLook: NodeJS.Timeout | undefined;
  #oldTimer: NodeJS.Timeout | undefined;
  #isOld = false;
  #lookedMs = 0;
  #lookTookMs = 0;

  /** The status, or that it is being looked for, changed. */
  readonly onDidChangeStatus: Event<void> = this.#changedStatus.event;
  /** Snapshots came, went, or are called otherwise. */
  readonly onDidChangeSnapshots: Event<void> = this.#changedSnapshots.event;

  constructor(folder: { name: string; cwd: string }, engine: EngineClient, log: Log) {
    this.name = folder.name;
    this.cwd = folder.cwd;
    this.engine = engine.project(folder.cwd);
    this.check = this.#owned.add(new LiveCheck(this.engine, log));
    this.#owned.add(this.check.onDidChange(() => this.#changedStatus.fire()));
    this.#log = log;
  }

  /** The last one that could be read. */
  get status(): StatusDocument | undefined {
    return this.#status;
  }

  /** Why the last attempt to read the status, or the store, failed. */
  get error(): Error | undefined {
    return this.#error;
  }

  get isLooking(): boolean {
    return this.#isLooking;
  }

  get facts(): ProjectFacts {
    const error = this.#error;
    const errorCode =
      error === undefined ? undefined : error instanceof EngineError ? error.code : 'UNKNOWN';
    return { status: this.#status, errorCode, mismatches: this.check.facts };
  }

  /** When its numbers were read, where the data changed since and was not looked at again yet. */
  get oldSinceMs(): number | undefined {
    return this.#isOld && this.#lookedMs > 0 ? this.#lookedMs : undefined;
  }

  /** What showing it took beside the look: both together are a tenth of the time at most. */
  addLookTime(ms: number): void {
    this.#lookTookMs += ms;
  }

  /** While its data is shown somewhere it is looked at again when it changed. */
  setShown(isShown: boolean): void {
    this.#isShown = isShown;
    this.check.setShown(isShown);
    if (isShown && this.#isStale) this.#lookSoon();
  }

  /** Reads the status for the first time and begins to watch the store; later calls share that. */
  load(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** Reads everything anew. Never rejects: a failure is `error`. */
  async refresh(): Promise<void> {
    await this.load();
    this.#changedSnapshots.fire();
    await this.#refreshStatus();
  }

  dispose(): void {
    clearTimeout(this.#nextLook);
    clearTimeout(this.#oldTimer);
    this.#abort.abort();
    this.#owned.dispose();
  }

  async #load(): Promise<void> {
    await this.#refreshStatus();
    await this.#watch();
  }

  async #watch(): Promise<void> {
    const isData = (name: string) =>
      (this.#status?.detection.dataDirs ?? []).some(({ path }) => path.split('/')[0] === name);
    const watched = watchProject(this.cwd, isData, () => {
      this.check.invalidate();
      void this.refresh();
    });
    if (watched) this.#owned.add(watched);
    try {
      const { storePath } = await this.engine.open();
      this.#owned.add(watchStore(storePath, () => void this.refresh()));
    } catch (error) {
      // The status could not be read either, and says why.
      this.#log.debug(`${this.cwd}: the store is not watched: ${String(error)}`);
    }
  }

  #onDidChangeData(): void {
    this.#isStale = true;
    this.#tellOld();
    this.check.onDidChangeData();
    if (this.#isShown) this.#lookSoon();
  }

  #tellOld(): void {
    if (this.#isOld) return;
    // The first sign counts: an application may go on writing.
    this.#oldTimer ??= setTimeout(() => {
      this.#oldTimer = undefined;
      this.#isOld = this.#isStale;
      if (this.#isOld) this.#changedStatus.fire();
    }, oldAfterMs);
  }

  /** At once, or as soon as looking takes less than a tenth of the time. */
  #lookSoon(): void {
    const waitMs = Math.max(leastBetweenLooksMs, 10 * this.#lookTookMs);
    const leftMs = this.#lookedMs + waitMs - Date.now();
    this.#nextLook ??= setTimeout(
      () => {
        this.#nextLook = undefined;
        if (this.#isShown) void this.#refreshStatus();
      },
      Math.max(0, leftMs),
    );
  }

  #watchData(): void {
    const dirs = this.#status?.detection.dataDirs ?? [];
    const paths = dirs.flatMap(({ path, roots }) => [path, ...roots]);
    const folders = [...new Set(paths.map((path) => resolve(this.cwd, path)))];
    // Watching anew would miss what happens meanwhile.
    if (folders.join('\n') === this.#watchedFolders) return;
    this.#watchedFolders = folders.join('\n');
    this.#dataWatch.set(watchData(folders, () => this.#onDidChangeData()));
  }

  async #readStatus(): Promise<void> {
    if (this.#abort.signal.aborted) return;
    const beganMs = Date.now();
    this.#isLooking = true;
    this.#isStale = false;
    clearTimeout(this.#oldTimer);
    this.#oldTimer = undefined;
    this.#changedStatus.fire();
    try {
      this.#status = await this.engine.status(quietCall(this.#abort.signal));
      this.#error = storeError(this.#status);
      if (this.#error) this.#log.error(this.#error);
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.#error = error instanceof Error ? error : new Error(String(error));
      // A crash is told where it is noticed.
      if (!(error instanceof EngineStoppedError)) this.#log.error(this.#error);
    } finally {
      this.#isLooking = false;
      this.#isOld = false;
      this.#lookTookMs = Date.now() - beganMs;
      this.#lookedMs = Date.now();
    }
    this.#watchData();
    const { detection, newest } = this.#status ?? {};
    this.check.update((detection?.dataDirs.length ?? 0) > 0, newest ?? null);
    this.#changedStatus.fire();
  }
}

/** What an engine from before this key does not say is none. */
function storeError({ store }: StatusDocument): EngineError | undefined {
  const { problem, problemCode } = store;
  return problemCode ? new EngineError(problemCode, problem ?? problemCode) : undefined;
}
