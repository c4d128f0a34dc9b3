// What `restore` and `undo` share: show the plan, ask, carry out exactly that plan, tell.

import type { OptionsOf } from '../core/documents/command-options.ts';
import { EngineError } from '../core/errors.ts';
import { restorePlanText, restoreQuestion, restoreText } from '../core/text/restore-text.ts';
import type { Project } from '../engine/index.ts';
import { ask } from './ask.ts';
import type { CommandContext, Outcome } from './command.ts';
import { exitCode } from './exit-codes.ts';

type RestoreOptions = Parameters<Project['planRestore']>[0];

/** Rows are counted, not listed. */
const rows = 0;

export async function restoreAndTell(
  context: CommandContext,
  restore: RestoreOptions,
  { dryRun = false, yes = false }: OptionsOf<'undo'>,
  verb: 'restore' | 'undo' = 'restore',
): Promise<Outcome | null> {
  const project = await context.project();
  if (dryRun) {
    const plan = await planOf(context, project, restore);
    return { document: plan, lines: () => restorePlanText(plan, context.terminal.text) };
  }
  // A new or empty folder has nothing to lose: only who can be asked is asked.
  const isSafe = restore.to !== undefined && !context.terminal.canAsk;
  if (yes || isSafe) return await apply(context, project, restore, undefined);
  if (!context.terminal.canAsk) {
    throw new EngineError('CONFIRMATION_NEEDED', `${verb} needs --yes without a terminal`);
  }
  const plan = await planOf(context, project, restore);
  const { terminal, globals } = context;
  // With --json stdout is for the document alone.
  const show = globals.json ? terminal.err : terminal.out;
  show(restorePlanText(plan, terminal.text));
  if (plan.blocked !== null) throw blockedError(plan.blocked, plan.blockedHint);
  if (plan.empty) return globals.json ? { document: plan, lines: () => [] } : null;
  if (!(await ask(restoreQuestion(plan), context.signal))) {
    return declined();
  }
  return await apply(context, project, restore, plan.token);
}

function blockedError(why: string, hint: string | undefined): EngineError {
  return new EngineError('RESTORE_BLOCKED', why, hint === undefined ? {} : { hint });
}

async function planOf(
  { withProgress }: CommandContext,
  project: Project,
  restore: RestoreOptions,
): ReturnType<Project['planRestore']> {
  return await withProgress((call) => project.planRestore({ ...restore, rows }, call));
}

async function apply(
  { withProgress, terminal }: CommandContext,
  project: Project,
  restore: RestoreOptions,
  token: string | undefined,
): Promise<Outcome> {
  const snapshot = await project.resolve(restore.snapshot);
  // Who reads a plan and types an answer takes a while, and the application goes on.
  const options = { ...restore, rows, underWrites: true };
  const done = await withProgress((call) => project.applyRestore(options, token, call));
  return { document: done, lines: () => restoreText(done, snapshot, terminal.text) };
}

/** A no is no error, but nothing was restored either: scripts learn it from the exit code. */
export function declined(): Outcome {
  const document = {
    error: { code: 'DECLINED', message: 'Nothing was changed', path: null, hint: null },
  };
  return { document, lines: () => ['Nothing was changed'], exitCode: exitCode.refused };
}
