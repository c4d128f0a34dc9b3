// The snapshot before a command, told in one line, and what savepoint.json wants where it fails. Only what
// is about the call itself is an error.

import { EngineError, isCancellation } from '../../core/errors.ts';
import type { GuardedCommand } from '../../core/documents/guard.ts';
import { guardLine, nothingToSaveLine, notSavedLine } from '../../core/text/guard-text.ts';
import type { Project } from '../../engine/index.ts';
import type { CommandContext } from '../command.ts';
import { askOnTerminal } from './ask-on-terminal.ts';

export interface SaveRequest {
  readonly label?: string | undefined;
  /** The command as a person types it. */
  readonly shown: string;
  /** Saved only where this is destructive; null: always. */
  readonly matched: GuardedCommand | null;
  /** False where nothing can keep the command from running any more. */
  readonly mayStop: boolean;
  /** Says nothing where there is no data directory. */
  readonly isQuiet: boolean;
}

export interface SaveOutcome {
  /** False where the command must not run. */
  readonly goesOn: boolean;
  /** True where a snapshot has what the command may destroy. */
  readonly isSaved: boolean;
}

export async function saveBefore(
  context: CommandContext,
  request: SaveRequest,
): Promise<SaveOutcome> {
  const { terminal, globals } = context;
  const { label, shown, matched } = request;
  const project = await context.project();
  const { data } = globals;
  try {
    if (matched !== null && !(await project.matchCommand(matched)).destructive)
      return { goesOn: true, isSaved: false };
    const document = await context.withProgress((call) =>
      project.guard({ label, command: shown, ...(data.length > 0 && { data }) }, call),
    );
    const style = terminal.errorStyle;
    terminal.err([guardLine(document, { clock: terminal.text.clock, style })]);
    return { goesOn: true, isSaved: true };
  } catch (error) {
    const goesOn = await afterFailure(error, context, project, request);
    return { goesOn, isSaved: false };
  } finally {
    await project.close();
  }
}

/** False where the command must not run. */
async function afterFailure(
  error: unknown,
  { terminal, signal }: CommandContext,
  project: Project,
  { shown, mayStop, isQuiet }: SaveRequest,
): Promise<boolean> {
  const style = terminal.errorStyle;
  if (isCancellation(error)) throw error;
  if (error instanceof EngineError && isAboutCall(error)) throw error;
  if (error instanceof EngineError && error.code === 'NO_DATA_DIRECTORY') {
    if (!isQuiet) terminal.err([nothingToSaveLine(project.path, style)]);
    return true;
  }
  const problem = error instanceof Error ? error : new Error(String(error));
  const wish = mayStop ? await project.guardFailure() : 'run';
  if (wish === 'ask') {
    const answer = await askOnTerminal(notSavedLine(problem, shown, 'ask', style), signal);
    if (answer !== undefined) return answer;
  }
  const then = wish === 'stop' ? 'stop' : 'run';
  terminal.err([notSavedLine(problem, shown, then, style)]);
  return then === 'run';
}

function isAboutCall({ code }: EngineError): boolean {
  return code === 'USAGE' || code === 'LABEL_INVALID';
}
