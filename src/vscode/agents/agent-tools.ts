// What the chat of this editor may call: save, list and compare without asking; a restore asks a person.

import {
  LanguageModelTextPart,
  LanguageModelToolResult,
  lm,
  type CancellationToken,
  type Disposable,
} from 'vscode';
import { EngineError, isCancellation } from '../../core/errors.ts';
import { diffText, type DiffSide } from '../../core/text/diff-text.ts';
import { problemText } from '../../core/text/error-line.ts';
import { plainText, type TextOptions } from '../../core/format/lines.ts';
import { listText } from '../../core/text/list-text.ts';
import { snapshotText } from '../../core/text/snapshot-text.ts';
import { clockNow } from '../host/clock.ts';
import { DisposableStore } from '../host/disposables.ts';
import { namedProject } from '../projects/named-project.ts';
import { quietCall } from '../host/with-progress.ts';
import { askAboutRestore, restoreForAgent } from './restore-for-agent.ts';
import type { AgentServices, AgentToolInput, AgentToolCall } from './agent-tool.ts';

type RunTool = (call: AgentToolCall, input: AgentToolInput) => Promise<readonly string[]>;

/** What is told to have asked; which of its models it was, the editor does not say. */
const agent = 'VS Code agent';

const defaultListed = 20;
const rowsPerTable = 10;

const agentTools: Readonly<Record<string, RunTool>> = {
  savepoint_snapshot: async ({ services, project, call }, { label }) => {
    const options = { label, reason: 'guard', actor: agent } as const;
    const taken = await services.activities.run('snapshot', () =>
      project.engine.snapshot(options, call),
    );
    void project.refresh();
    return snapshotText(taken, agentText());
  },
  savepoint_list: async ({ project }, { limit = defaultListed }) => {
    const entries = await project.engine.list({ limit });
    return listText(entries, await project.engine.storeSize(), agentText());
  },
  savepoint_diff: async ({ project, call }, { a = 'latest', b = 'live' }) => {
    const side = async (snapshot: string): Promise<DiffSide> =>
      snapshot === 'live' ? null : await project.engine.resolve(snapshot);
    const sides = { a: await side(a), b: await side(b) };
    const options = { rows: rowsPerTable, cells: 'shown' } as const;
    return diffText(await project.engine.diff(a, b, options, call), sides, agentText());
  },
  savepoint_restore: async (call, input) => restoreForAgent(call, input, askAboutRestore),
};

export function registerAgentTools(services: AgentServices): Disposable {
  const owned = new DisposableStore();
  for (const [name, run] of Object.entries(agentTools)) {
    owned.add(
      lm.registerTool<AgentToolInput>(name, {
        invoke: async ({ input }, token) => toResult(await answer(services, run, input, token)),
      }),
    );
  }
  return owned;
}

async function answer(
  services: AgentServices,
  run: RunTool,
  input: AgentToolInput,
  token: CancellationToken,
): Promise<readonly string[]> {
  const controller = new AbortController();
  const cancelled = token.onCancellationRequested(() => controller.abort());
  try {
    const project = namedProject(services.projects, input.folder, 'folder');
    return await run({ services, project, call: quietCall(controller.signal) }, input);
  } catch (error) {
    if (isCancellation(error)) throw error;
    // In words for the model: it can put a wrong argument right.
    if (error instanceof EngineError) return [problemText(error)];
    services.log.error(error instanceof Error ? error : String(error));
    throw error;
  } finally {
    cancelled.dispose();
  }
}

/** Wider than a terminal: a model has no line to wrap, and cut paths would mislead it. */
function agentText(): TextOptions {
  return { ...plainText(clockNow()), columns: 200 };
}

function toResult(lines: readonly string[]): LanguageModelToolResult {
  return new LanguageModelToolResult([new LanguageModelTextPart(lines.join('\n'))]);
}
