// The snapshot before a command, told in one line, with a line for each thing that it does not hold, and
// what savepoint.json wants where it fails or is not whole. Only what is about the call itself is an error.

import { writeFileSync } from 'node:fs';
import { EngineError, isCancellation } from '../../core/errors.ts';
import type { GuardDocument, GuardedCommand, GuardFailure } from '../../core/documents/guard.ts';
import type { GuardStatusDocument, NotSaved } from '../../core/documents/not-saved.ts';
import {
  afterLeftOut,
  guardLine,
  leftOutLines,
  nothingToSaveLine,
  notSavedLine,
} from '../../core/text/guard-text.ts';
import { learnedRule } from '../../core/guard/learned-pattern.ts';
import { problemText } from '../../core/text/error-line.ts';
import type { Project } from '../../engine/index.ts';
import type { CommandContext } from '../command.ts';
import { askOnTerminal } from './ask-on-terminal.ts';

export interface SaveRequest {
  readonly label?: string | undefined;
  /** The command as a person types it. */
  readonly shown: string;
  /** What is about to run; null where that is not known. */
  readonly command: GuardedCommand | null;
  /** True: saved only where it is destructive. */
  readonly isMatched: boolean;
  /** False where nothing can keep the command from running any more. */
  readonly mayStop: boolean;
  /** Says nothing where there is no data directory. */
  readonly isQuiet: boolean;
  /** A file for the same as data. */
  readonly status?: string | undefined;
}

export interface SaveOutcome {
  /** False where the command must not run. */
  readonly goesOn: boolean;
  /** True where a snapshot has what the command may destroy. */
  readonly isSaved: boolean;
  /** True where nobody has to look what it did: a rule knows it, or it is not known what it was. */
  readonly isRuled: boolean;
}

interface Saved {
  readonly document: GuardDocument | null;
  readonly isRuled: boolean;
  readonly notSaved: readonly NotSaved[];
}

export async function saveBefore(
  context: CommandContext,
  request: SaveRequest,
): Promise<SaveOutcome> {
  const project = await context.project();
  const seen: { notSaved: readonly NotSaved[] } = { notSaved: [] };
  try {
    const { document, notSaved, isRuled } = await save(context, project, request, seen);
    writeStatus(request, document, notSaved);
    const goesOn = await afterPart(notSaved, context, project, request);
    return { goesOn, isSaved: document !== null, isRuled };
  } catch (error) {
    const goesOn = await afterFailure(error, seen.notSaved, context, project, request);
    return { goesOn, isSaved: false, isRuled: false };
  } finally {
    await project.close();
  }
}

/** @param seen what is known not to be saved, also where the snapshot fails */
async function save(
  { terminal, globals, withProgress }: CommandContext,
  project: Project,
  { label, shown, command, isMatched }: SaveRequest,
  seen: { notSaved: readonly NotSaved[] },
): Promise<Saved> {
  const match = command === null ? undefined : await project.matchCommand(command);
  seen.notSaved = match?.notSaved ?? [];
  if (isMatched && match?.destructive === false)
    return { document: null, notSaved: [], isRuled: false };
  const { data } = globals;
  const options = { label, command: shown, match, ...(data.length > 0 && { data }) };
  const document = await withProgress((call) => project.guard(options, call));
  const style = terminal.errorStyle;
  const saved = guardLine(document, { clock: terminal.text.clock, style });
  terminal.err([saved, ...leftOutLines(document.notSaved, style)]);
  const isRuled = match === undefined || (match.destructive && match.rule !== learnedRule);
  return { document, notSaved: document.notSaved, isRuled };
}

/** False where the command must not run, for a part of what it may destroy is not saved. */
async function afterPart(
  notSaved: readonly NotSaved[],
  { terminal, signal }: CommandContext,
  project: Project,
  { shown, mayStop }: SaveRequest,
): Promise<boolean> {
  const wish: GuardFailure = notSaved.length > 0 && mayStop ? await project.guardFailure() : 'run';
  // What nobody can name is no question: pipes are typed all day. A guard that is to stop stops all the same.
  const isNamed = notSaved.some(({ path }) => path !== null);
  if (wish === 'run' || (wish === 'ask' && !isNamed)) return true;
  if (wish === 'ask') return (await askOnTerminal(afterLeftOut(shown, 'ask'), signal)) ?? true;
  terminal.err([afterLeftOut(shown, 'stop')]);
  return false;
}

/** False where the command must not run. */
async function afterFailure(
  error: unknown,
  notSaved: readonly NotSaved[],
  context: CommandContext,
  project: Project,
  request: SaveRequest,
): Promise<boolean> {
  const { terminal, signal } = context;
  const { shown, mayStop, isQuiet } = request;
  const style = terminal.errorStyle;
  if (isCancellation(error)) throw error;
  if (error instanceof EngineError && isAboutCall(error)) throw error;
  terminal.err(leftOutLines(notSaved, style));
  if (error instanceof EngineError && error.code === 'NO_DATA_DIRECTORY') {
    if (!isQuiet) terminal.err([nothingToSaveLine(project.path, style)]);
    writeStatus(request, null, notSaved);
    return await afterPart(notSaved, context, project, request);
  }
  const problem = error instanceof Error ? error : new Error(String(error));
  const whole = { what: 'the data', path: null, reason: problemText(problem) };
  writeStatus(request, null, [whole, ...notSaved]);
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

/** @throws EngineError USAGE where it cannot be written: nobody would know what was saved */
function writeStatus(
  { status }: SaveRequest,
  document: GuardDocument | null,
  notSaved: readonly NotSaved[],
): void {
  if (status === undefined) return;
  const written: GuardStatusDocument = {
    saved: document?.id ?? null,
    reused: document?.reused ?? false,
    notSaved: [...notSaved, ...databasesAlone(document)],
  };
  try {
    writeFileSync(status, `${JSON.stringify(written)}\n`);
  } catch (cause) {
    throw new EngineError('USAGE', `"${status}" cannot be written`, {
      path: status,
      hint: 'name another file behind --status',
      cause,
    });
  }
}

function databasesAlone(document: GuardDocument | null): readonly NotSaved[] {
  const reason = document?.databasesOnly ?? null;
  return reason === null ? [] : [{ what: 'files, but databases alone', path: null, reason }];
}
