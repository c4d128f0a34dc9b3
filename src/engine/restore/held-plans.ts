// The plans that were shown, and the one look at live data that further ticks are planned on. A newer
// look takes the place of the one before: it holds copies of databases.

import type { RestorePlanDocument } from '../../core/documents/documents.ts';
import { uncancelled, type CallOptions } from '../options.ts';
import { type ProjectContext } from '../project/project-context.ts';
import { lookAtData, type PlanLook } from './plan-look.ts';
import { contentsOf, rowsOf, type ShownPlan } from './shown-plan.ts';
import type { RestoreOptions } from '../../core/documents/options.ts';
import { resolveEntry } from '../store/snapshot-rows.ts';

const maxShown = 1000;

export class HeldPlans {
  #look: PlanLook | undefined;
  /** Tokens of the plans that were made on it. */
  readonly #tokens = new Set<string>();
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
    if (this.#look === look) this.#tokens.add(document.token);
    if (this.#shown.size > maxShown) this.#shown.clear();
    const { token } = document;
    this.#shown.set(token, {
      token,
      rows: rowsOf(document),
      mismatches: document.mismatches.after,
      contents: contentsOf(worked),
    });
    return document;
  }

  shown(token: string): ShownPlan {
    return this.#shown.get(token) ?? { token, rows: null, mismatches: null, contents: '' };
  }

  async isCurrent(token: string): Promise<boolean> {
    const look = this.#look;
    if (look === undefined || !this.#tokens.has(token)) return false;
    return await look.isCurrent(uncancelled);
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
