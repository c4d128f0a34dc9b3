// The part of an open project that compares metadata with files, and tells how it went over time.

import type { Rule } from '../../core/check/rule.ts';
import { EngineError } from '../../core/errors.ts';
import { uncancelled } from '../options.ts';
import type { Project } from '../project/project.ts';
import type { ProjectContext } from '../project/project-context.ts';
import { checkSide, type FindCovered } from './check-side.ts';
import { acceptedRules, expectedMismatch } from '../config/config-changes.ts';
import { addDismissedRule } from './dismissed-rules.ts';
import { historyOf } from './history.ts';
import { rememberedRules } from './inferred-memory.ts';

type CheckPart = Pick<Project, 'check' | 'history' | 'editConfig' | 'dismissRule'>;

export function checkPart(context: ProjectContext, findCovered: FindCovered): CheckPart {
  return {
    check: async (side, options, call) =>
      await checkSide(context, side, options, findCovered, call),
    history: async (dataDir, limit) => context.read((store) => historyOf(store, dataDir, limit)),
    async editConfig(change) {
      if (change.kind === 'ignore') {
        return expectedMismatch(context.projectDir, change, context.find());
      }
      const rules = await foundRules(context, change.rules, findCovered);
      return acceptedRules(context.projectDir, rules, context.find());
    },
    dismissRule: async (rule) =>
      context.write(uncancelled.signal, async ({ db }) => {
        addDismissedRule(db, rule);
      }),
  };
}

/**
 * The rules as the last check found them; where that was in another process, as one finds them now.
 * @throws EngineError USAGE where a rule is none that was found
 */
async function foundRules(
  context: ProjectContext,
  ids: readonly string[],
  findCovered: FindCovered,
): Promise<Rule[]> {
  const isKnown = (id: string): boolean => rememberedRules(context).has(id);
  if (!ids.every(isKnown)) {
    await checkSide(context, 'live', {}, findCovered, uncancelled);
  }
  return [...new Set(ids)].map((id) => {
    const rule = rememberedRules(context).get(id);
    if (rule !== undefined) return rule;
    throw new EngineError('USAGE', `no rule "${id}" was found in the data`, {
      hint: 'savepoint check --json has their ids',
    });
  });
}
