// `restore` for an agent: it asks, a person decides. What is carried out is the plan that the person
// was shown, whatever the client sends with the answer.

import { randomBytes } from 'node:crypto';
import type { RestorePlanDocument } from '../../core/documents/documents.ts';
import {
  agentRestoreDeclined,
  agentRestoreQuestion,
  agentRestoreRefusal,
} from '../../core/text/agent-text.ts';
import { problemText } from '../../core/text/error-line.ts';
import { restorePlanText, restoreText } from '../../core/text/restore-text.ts';
import type { Project, RestoreOptions } from '../../engine/index.ts';
import {
  folderProperty,
  snapshotForms,
  type ArgumentsSchema,
  type ToolAnswer,
  type ToolArguments,
  type ToolCall,
} from './agent-tool.ts';

export const restoreDescription =
  'Brings the data back to what it was in a snapshot. Asks the user first; without a user who agrees nothing is changed. A safety snapshot is taken before, so that it can be undone with savepoint undo.';

export const restoreSchema: ArgumentsSchema = {
  type: 'object',
  properties: {
    snapshot: { type: 'string', description: snapshotForms },
    only: {
      type: 'array',
      items: { type: 'string' },
      description: 'Only these paths, relative to the project folder. Default: everything.',
    },
    table: {
      type: 'array',
      items: { type: 'string' },
      description: 'Only these tables, each as DATABASE:TABLE.',
    },
    keepNew: { type: 'boolean', description: 'Delete nothing that was made since.' },
    ...folderProperty,
  },
  required: ['snapshot'],
  additionalProperties: false,
};

export const decisions = ['Restore', 'Show Preview', 'Refuse'] as const;

/** What a person answered; `none` where nobody was asked yet. */
export type Decision = (typeof decisions)[number] | 'none';

/** A question for the person; `state` comes back with the answer. */
export interface Question {
  readonly message: string;
  readonly state: string;
}

export type RestoreStep =
  | { readonly kind: 'answer'; readonly answer: ToolAnswer; readonly isError?: boolean }
  | { readonly kind: 'ask'; readonly question: Question };

export interface RestoreTool {
  /**
   * Plans, and asks.
   * @param foreignFolder where the project is not the one the server was started for
   */
  readonly begin: (
    toolCall: ToolCall,
    args: ToolArguments,
    facts: { readonly canAsk: boolean; readonly foreignFolder: string | null },
  ) => Promise<RestoreStep>;
  /** What the person decided on the question with this state. */
  readonly goOn: (state: string, decision: Decision, toolCall: ToolCall) => Promise<RestoreStep>;
}

interface Pending {
  readonly project: Project;
  readonly options: RestoreOptions;
  readonly plan: RestorePlanDocument;
  readonly question: string;
}

/** Questions nobody answered are let go beyond this. */
const maxPending = 20;

export function createRestoreTool(): RestoreTool {
  const pending = new Map<string, Pending>();
  const put = async (one: Pending): Promise<string> => {
    const state = randomBytes(16).toString('hex');
    pending.set(state, one);
    const [oldest] = pending;
    if (pending.size > maxPending && oldest !== undefined) {
      pending.delete(oldest[0]);
      await oldest[1].project.closePlan(oldest[1].plan.token);
    }
    return state;
  };
  return {
    async begin({ project, agent, call, text }, args, { canAsk, foreignFolder }) {
      const { id } = await project.resolve(args.snapshot ?? '');
      const { only, table, keepNew } = args;
      const options: RestoreOptions = { snapshot: id, only, table, keepNew, rows: 0 };
      if (!canAsk) return refused(agentRestoreRefusal({ id }), id);
      const plan = await project.planRestore(options, call);
      if (plan.blocked !== null)
        return refused(problemText({ message: plan.blocked, hint: plan.blockedHint }), id);
      if (plan.empty) return answer(restorePlanText(plan, text), { restored: null, empty: true });
      const name = agent ?? 'An agent';
      const question = agentRestoreQuestion(name, plan, text.clock, foreignFolder);
      const state = await put({ project, options, plan, question });
      return { kind: 'ask', question: { message: question, state } };
    },

    async goOn(state, decision, { call, text }) {
      const asked = pending.get(state);
      if (asked === undefined) return refused('Refused: that question is not open any more', null);
      pending.delete(state);
      const { project, options, plan, question } = asked;
      if (decision === 'Show Preview') {
        const again = await put(asked);
        const lines = [question, '', ...restorePlanText(plan, text)];
        return { kind: 'ask', question: { message: lines.join('\n'), state: again } };
      }
      if (decision !== 'Restore') {
        await project.closePlan(plan.token);
        return refused(agentRestoreDeclined(plan.snapshot), plan.snapshot.id);
      }
      const done = await project.applyRestore(options, plan.token, call);
      return answer(restoreText(done, plan.snapshot, text), done);
    },
  };
}

function answer(lines: readonly string[], document: object): RestoreStep {
  return { kind: 'answer', answer: { lines, document } };
}

function refused(line: string, snapshot: string | null): RestoreStep {
  const document = { restored: null, refused: true, snapshot };
  return { kind: 'answer', answer: { lines: [line], document }, isError: true };
}
