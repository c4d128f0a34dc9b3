// Rules that checks of a project found in this process: accepting one by its id needs all of it.

import type { Rule } from '../../core/check/rule.ts';
import type { ProjectContext } from '../project/project-context.ts';

const byProject = new WeakMap<ProjectContext, ReadonlyMap<string, Rule>>();

/** By id; those of the last check. */
export function rememberedRules(context: ProjectContext): ReadonlyMap<string, Rule> {
  return byProject.get(context) ?? new Map<string, Rule>();
}

export function rememberRules(context: ProjectContext, rules: readonly Rule[]): void {
  const inferred = rules.filter(({ origin }) => origin === 'inferred');
  byProject.set(context, new Map(inferred.map((rule) => [rule.id, rule])));
}
