// One restore that is looked at: the plan of everything that differs, what of it is ticked, and the
// plan of just that, which is the one that is applied.

import { resolve } from 'node:path';
import { EventEmitter, type Disposable, type Event } from 'vscode';
import type { RestorePlanDocument } from '../../core/documents/documents.ts';
import { planTree, type ChangeTree } from '../../core/views/change-tree.ts';
import {
  isNothingTicked,
  leftOutAnew,
  onlyPaths,
  selectionOptions,
  withTicks,
  type LeftOut,
} from '../../core/views/preview-selection.ts';
import { nothingWritten, writtenBetween, type Written } from '../../core/views/preview-texts.ts';
import type { CallOptions, RestoreOptions } from '../../engine/index.ts';
import { DisposableStore, toDisposable } from '../host/disposables.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import { createCoalesced } from '../host/run-coalesced.ts';
import { quietCall } from '../host/with-progress.ts';
import { watchPlan } from './watch-plan.ts';

/** After so long without a write nothing is said of one. */
const quietAfterMs = 10_000;

export interface SessionStart {
  readonly project: ProjectModel;
  /** What is to be restored before anything is unticked. */
  readonly base: RestoreOptions;
  /** True where the last restore is taken back. */
  readonly isUndo: boolean;
}

/** What would be applied now. */
export interface SelectedPlan {
  readonly options: RestoreOptions;
  readonly plan: RestorePlanDocument;
}

export class RestoreSession implements Disposable {
  readonly project: ProjectModel;
  readonly base: RestoreOptions;
  readonly isUndo: boolean;
  readonly #owned = new DisposableStore();
  readonly #changed = this.#owned.add(new EventEmitter<void>());
  readonly #select = createCoalesced(() => this.#inTurn(() => this.#planSelected()));
  readonly #abort = new AbortController();
  #full: RestorePlanDocument;
  #dataDirs: readonly string[];
  #tree: ChangeTree;
  #leftOut: LeftOut = new Set();
  #selected: SelectedPlan | null;
  #isStale = false;
  /** Plans are made one after the other: each stands on the look of the newest full one. */
  #turn: Promise<unknown> = Promise.resolve();
  /** How many go on with what is shown, which then stays as it is. */
  #holds = 0;
  #written = nothingWritten;
  #writtenAtMs = 0;
  /** The ticks that `selected` was worked out for. */
  #plannedFor: LeftOut = this.#leftOut;

  /** Ticks, the plan of them, or whether it still holds changed. */
  readonly onDidChange: Event<void> = this.#changed.event;

  private constructor(
    { project, base, isUndo }: SessionStart,
    full: RestorePlanDocument,
    dataDirs: readonly string[],
  ) {
    this.project = project;
    this.base = base;
    this.isUndo = isUndo;
    this.#full = full;
    this.#dataDirs = dataDirs;
    this.#tree = planTree(full, dataDirs);
    this.#selected = { options: base, plan: full };
    this.#watchData();
  }

  /** Works out the plan. Changes nothing. */
  static async open(start: SessionStart, call: CallOptions): Promise<RestoreSession> {
    const { project, base } = start;
    const [full, { dataDirs }] = await Promise.all([
      project.engine.planRestore({ ...base, rows: 0 }, call),
      project.engine.show(base.snapshot),
    ]);
    const paths = dataDirs.map(({ path }) => path);
    return new RestoreSession(start, full, paths);
  }

  /** Of everything that differs. */
  get full(): RestorePlanDocument {
    return this.#full;
  }

  get tree(): ChangeTree {
    return this.#tree;
  }

  get leftOut(): LeftOut {
    return this.#leftOut;
  }

  /** Null where nothing is ticked. While ticks are worked out, the one before. */
  get selected(): SelectedPlan | null {
    return this.#selected;
  }

  /** The data changed since, and was not looked at again: the numbers are old. */
  get isStale(): boolean {
    return this.#isStale;
  }

  /** What an application writes while one looks. */
  get written(): Written {
    return this.#written;
  }

  /** True where what is ticked is worked out and can be applied; its numbers are computed once more then. */
  get isReady(): boolean {
    const isSound = this.#selected !== null && this.#selected.plan.foreignKeys.length === 0;
    return isSound && this.#plannedFor === this.#leftOut;
  }

  async setLeftOut(leftOut: LeftOut): Promise<void> {
    // Another set even where it holds the same: what was planned before is not for it.
    this.#leftOut = new Set(leftOut);
    this.#changed.fire();
    await this.#select();
    this.#changed.fire();
  }

  /** Ticks only what is at or below these paths. */
  async tickOnly(paths: readonly string[]): Promise<void> {
    await this.setLeftOut(onlyPaths(this.#tree, paths));
  }

  /** Plans anew on the data as it is now; ticks stay. What was shown is shown until then. */
  async refresh(call: CallOptions): Promise<void> {
    await this.#inTurn(async () => {
      const full = await this.project.engine.planRestore({ ...this.base, rows: 0 }, call);
      const tree = planTree(full, this.#dataDirs);
      const leftOut = this.#leftOut;
      const next = leftOutAnew(this.#tree, tree, leftOut);
      const selected = await this.#planOf(full, tree, next);
      this.#noteWritten(selected);
      [this.#full, this.#tree, this.#isStale] = [full, tree, false];
      if (leftOut === this.#leftOut) {
        [this.#leftOut, this.#plannedFor, this.#selected] = [next, next, selected];
      } else await this.#planSelected();
    });
    this.#changed.fire();
  }

  /** Until it is let go nothing is planned anew by itself: a question stands on what is shown. */
  hold(): Disposable {
    this.#holds += 1;
    return toDisposable(() => void (this.#holds -= 1));
  }

  markStale(): void {
    if (this.#isStale) return;
    this.#isStale = true;
    this.#changed.fire();
  }

  /**
   * Lets the engine give back what it holds for further ticks. Only where no other preview of the project
   * follows: the engine holds one look at a time, and a plan that is the same has the same token.
   */
  async release(): Promise<void> {
    this.dispose();
    try {
      await this.project.engine.closePlan(this.#full.token);
    } catch {
      // The engine has ended, and what it held with it.
    }
  }

  dispose(): void {
    this.#abort.abort();
    this.#owned.dispose();
  }

  /** Holds while what is ticked does; a click while this runs makes it run once more. */
  async #planSelected(): Promise<void> {
    const leftOut = this.#leftOut;
    const selected = await this.#planOf(this.#full, this.#tree, leftOut);
    if (leftOut !== this.#leftOut) return;
    this.#selected = selected;
    this.#plannedFor = leftOut;
  }

  async #planOf(
    full: RestorePlanDocument,
    tree: ChangeTree,
    leftOut: LeftOut,
  ): Promise<SelectedPlan | null> {
    const { base } = this;
    if (isNothingTicked(tree, leftOut)) return null;
    const isBound = [base.data, base.only, base.table].some((list) => (list?.length ?? 0) > 0);
    const ticks = selectionOptions(tree, leftOut, !isBound);
    const options = withTicks(base, ticks);
    if (Object.keys(ticks).length === 0) return { options, plan: full };
    const call = quietCall(this.#abort.signal);
    const basedOn = full.token;
    const plan = await this.project.engine.planRestore({ ...options, rows: 0, basedOn }, call);
    return { options, plan };
  }

  async #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(task);
    // Whoever asked hears of a failure; the next one has its turn all the same.
    this.#turn = turn.catch(() => undefined);
    return await turn;
  }

  #noteWritten(selected: SelectedPlan | null): void {
    if (this.#selected === null || selected === null) return;
    const written = writtenBetween(this.#selected.plan, selected.plan);
    if (written.databases.length + written.files === 0) return;
    this.#written = written;
    this.#writtenAtMs = performance.now();
  }

  #watchData(): void {
    const folders = this.#dataDirs.map((path) => resolve(this.project.cwd, path));
    const { signal } = this.#abort;
    const isCurrent = async (): Promise<boolean> => {
      if (this.#holds > 0) return true;
      const holds = await this.project.engine.isPlanCurrent(
        this.#selected?.plan.token ?? this.#full.token,
      );
      if (holds) this.#forgetWritten();
      return holds;
    };
    const planAnew = async (): Promise<void> => {
      try {
        if (this.#holds === 0) await this.refresh(quietCall(signal));
      } catch {
        // It says so, and is tried again.
        if (!signal.aborted) this.markStale();
      }
    };
    this.#owned.add(watchPlan(folders, { isCurrent, planAnew }));
  }

  #forgetWritten(): void {
    if (this.#written === nothingWritten) return;
    if (performance.now() - this.#writtenAtMs < quietAfterMs) return;
    this.#written = nothingWritten;
    this.#changed.fire();
  }
}
