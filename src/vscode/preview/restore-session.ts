// One restore that is looked at: the plan of everything that differs, what of it is ticked, and the
// plan of just that, which is the one that is applied.

import { resolve } from 'node:path';
import { EventEmitter, type Disposable, type Event } from 'vscode';
import type { RestorePlanDocument } from '../../core/documents/documents.ts';
import { planTree, type ChangeTree } from '../../core/views/change-tree.ts';
import {
  isNothingTicked,
  onlyPaths,
  selectionOptions,
  withTicks,
  type LeftOut,
} from '../../core/views/preview-selection.ts';
import type { CallOptions, RestoreOptions } from '../../engine/index.ts';
import { DisposableStore, MutableDisposable } from '../host/disposables.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import { createCoalesced } from '../host/run-coalesced.ts';
import { quietCall } from '../host/with-progress.ts';
import { watchPlan } from './watch-plan.ts';

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
  readonly #watch = this.#owned.add(new MutableDisposable<Disposable>());
  readonly #select = createCoalesced(() => this.#planSelected());
  readonly #abort = new AbortController();
  #full: RestorePlanDocument;
  #dataDirs: readonly string[];
  #tree: ChangeTree;
  #leftOut: LeftOut = new Set();
  #selected: SelectedPlan | null;
  #isStale = false;
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

  /** The data changed since. */
  get isStale(): boolean {
    return this.#isStale;
  }

  /** True where what is shown is what would be applied, and it can be. */
  get isReady(): boolean {
    const isSound = this.#selected !== null && this.#selected.plan.foreignKeys.length === 0;
    return isSound && !this.#isStale && this.#plannedFor === this.#leftOut;
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

  /** Plans anew on the data as it is now; ticks stay. */
  async refresh(call: CallOptions): Promise<void> {
    this.#full = await this.project.engine.planRestore({ ...this.base, rows: 0 }, call);
    this.#tree = planTree(this.#full, this.#dataDirs);
    this.#isStale = false;
    await this.setLeftOut(this.#leftOut);
    this.#watchData();
  }

  markStale(): void {
    this.#watch.set(undefined);
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
    const { base } = this;
    if (isNothingTicked(this.#tree, leftOut)) {
      this.#selected = null;
      this.#plannedFor = leftOut;
      return;
    }
    const isBound = [base.data, base.only, base.table].some((list) => (list?.length ?? 0) > 0);
    const ticks = selectionOptions(this.#tree, leftOut, !isBound);
    const options = withTicks(base, ticks);
    const isWhole = Object.keys(ticks).length === 0;
    const basedOn = this.#full.token;
    const plan = isWhole
      ? this.#full
      : await this.project.engine.planRestore(
          { ...options, rows: 0, basedOn },
          quietCall(this.#abort.signal),
        );
    if (leftOut !== this.#leftOut) return;
    this.#selected = { options, plan };
    this.#plannedFor = leftOut;
  }

  #watchData(): void {
    const folders = this.#dataDirs.map((path) => resolve(this.project.cwd, path));
    const isCurrent = async (): Promise<boolean> =>
      this.project.engine.isPlanCurrent(this.#selected?.plan.token ?? this.#full.token);
    this.#watch.set(watchPlan(folders, isCurrent, () => this.markStale()));
  }
}
