// The plans that were shown, and the one look at live data that further ticks are planned on. A newer
// look takes the place of the one before: it holds copies of databases.

import type { RestorePlanDocument } from '../../core/documents/documents.ts';
import { pathFilter } from '../../core/restore/selection.ts';
import { uncancelled, type CallOptions } from '../options.ts';
import { type ProjectContext } from '../project/project-context.ts';
import { lookAtData, type PlanLook } from './plan-look.ts';
import { forgottenPlan, shownPlan, type ShownPlan } from './shown-plan.ts';
import type { RestoreOptions } from '../../core/documents/options.ts';
import { resolveEntry } from '../store/snapshot-rows.ts';

/** The oldest goes first: a preview under an application that writes plans again and again. */
const maxShown = 100;

type Scope = (path: string) => boolean;

export class HeldPlans {
  #look: PlanLook | undefined;
  /** Tokens of the plans that were made on it, and what each of them may touch, by the selection. */
  readonly #tokens = new Map<string, Map<string, Scope>>();
  // Counting rows twice, for the question and for the answer, would double the wait.
  readonly #shown = new Map<string, ShownPlan>();

  /** @throws as `Project.planRestore` */
  async plan(
    context: ProjectContext,
    options: RestoreOptions,
    call: CallOptions,
  ): Promise<RestorePlanDocument> {
    const look =
      this.#lookFor(context, options) ?? (await lookAtData(context, options.snapshot, call));
    if (look !== this.#look) {
      this.close();
      this.#look = look;
    }
    const { document, worked } = await look.plan(options, call);
    const { token } = document;
    if (this.#look === look) {
      const { selection } = worked.subject;
      // Selections that leave out what does not differ make the same plan: it may touch what any of them has.
      const scopes = this.#tokens.get(token) ?? new Map<string, Scope>();
      this.#tokens.set(token, scopes.set(JSON.stringify(selection), pathFilter(selection)));
    }
    this.#shown.delete(token);
    this.#shown.set(token, shownPlan(worked, document));
    const [oldest] = this.#shown.keys();
    if (this.#shown.size > maxShown && oldest !== undefined) this.#shown.delete(oldest);
    return document;
  }

  shown(token: string): ShownPlan {
    return this.#shown.get(token) ?? forgottenPlan(token);
  }

  /** Asks only about what the plan may touch. */
  async isCurrent(token: string): Promise<boolean> {
    const scopes = [...(this.#tokens.get(token)?.values() ?? [])];
    if (this.#look === undefined || scopes.length === 0) return false;
    return await this.#look.isCurrent((path) => scopes.some((isIn) => isIn(path)), uncancelled);
  }

  /** Of another token than one of the look that is held: nothing. */
  close(token?: string): void {
    if (token !== undefined && !this.#tokens.has(token)) return;
    this.#look?.close();
    this.#look = undefined;
    this.#tokens.clear();
  }

  #lookFor(context: ProjectContext, { basedOn, snapshot }: RestoreOptions): PlanLook | undefined {
    const look = this.#look;
    if (look === undefined || basedOn === undefined || !this.#tokens.has(basedOn)) return undefined;
    const { id } = context.read((store) => resolveEntry(store, snapshot));
    return id === look.id ? look : undefined;
  }
}
