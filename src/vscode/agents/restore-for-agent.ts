// A restore that an agent asks for: a person sees what it would do, and decides.

import { window } from 'vscode';
import type { RestorePlanDocument } from '../../core/documents/documents.ts';
import { agentRestoreDeclined, agentRestoreQuestion } from '../../core/text/agent-text.ts';
import { problemText } from '../../core/text/error-line.ts';
import { plainText } from '../../core/format/lines.ts';
import { restorePlanText, restoreText } from '../../core/text/restore-text.ts';
import type { RestoreOptions } from '../../engine/index.ts';
import { clockNow } from '../host/clock.ts';
import { applyRestore, previewRestore } from '../flows/restore-flow.ts';
import type { AgentToolCall, AgentToolInput } from './agent-tool.ts';

export type Decision = 'Show Preview' | 'Restore' | 'Refuse';

/** The question, and the answer of a person. */
export type AskPerson = (plan: RestorePlanDocument, folder: string | null) => Promise<Decision>;

export const askAboutRestore: AskPerson = async (plan, folder) => {
  const question = agentRestoreQuestion('An agent', plan, clockNow(), folder);
  const answers: readonly { title: Decision; isCloseAffordance?: boolean }[] = [
    { title: 'Show Preview' },
    { title: 'Restore' },
    { title: 'Refuse', isCloseAffordance: true },
  ];
  const chosen = await window.showWarningMessage(question, { modal: true }, ...answers);
  return chosen?.title ?? 'Refuse';
};

/** What the agent is told. */
export async function restoreForAgent(
  { services, project, call }: AgentToolCall,
  { snapshot = '', only, table, keepNew }: AgentToolInput,
  ask: AskPerson,
): Promise<readonly string[]> {
  const { engine } = project;
  const entry = await engine.resolve(snapshot);
  const options: RestoreOptions = { snapshot: entry.id, only, table, keepNew, rows: 0 };
  const plan = await engine.planRestore(options, call);
  if (plan.blocked !== null)
    return [problemText({ message: plan.blocked, hint: plan.blockedHint })];
  const text = plainText(clockNow());
  if (plan.empty) return restorePlanText(plan, text);
  const isOnly = services.projects.all.length === 1;
  const decision = await ask(plan, isOnly ? null : project.cwd);
  if (decision === 'Restore') {
    const done = await applyRestore(services, project, options, plan.token);
    return restoreText(done, entry, text);
  }
  await engine.closePlan(plan.token);
  if (decision === 'Refuse') return [agentRestoreDeclined(entry)];
  await previewRestore(services, project, options);
  return ['The user looks at the preview and decides there. Nothing was changed yet.'];
}
