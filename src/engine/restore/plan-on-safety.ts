// The plan that a restore carries out, made on its own safety snapshot.

import { inferOptions } from '../check/remembered-rules.ts';
import type { CallOptions } from '../options.ts';
import type { Capture } from '../capture/capture.ts';
import { readOrigin } from '../snapshot/origin.ts';
import type { SnapshotTaken } from '../snapshot/take-snapshot.ts';
import { filesOpenElsewhere, processesWithOpen } from '../disk/open-by.ts';
import { ComparedDatabases, type ComparedSides } from './compared-databases.ts';
import { describePlan, type DescribedPlan } from './describe-plan.ts';
import { createMismatchChecker, type MismatchChecker } from './plan-mismatches.ts';
import { workOutPlan, type LiveSide, type WorkedOutPlan } from './plan-restore.ts';
import { madeSince, shownRows } from './shown-plan.ts';
import { safetySide, type Run } from './restore-run.ts';

export async function planOnSafety(
  run: Run,
  safety: SnapshotTaken,
  call: CallOptions,
): Promise<{ worked: WorkedOutPlan; described: DescribedPlan }> {
  const { writer, context } = run;
  const { capture, manifest } = safety;
  const worked = workOutAsShown(run, { ...capture, reader: writer.reader });
  const before = safetySide(run, manifest, call);
  const databaseImage = async (path: string): Promise<string | null> =>
    capture.images.get(path) ?? (await before.databaseImage(path));
  const sides = { before: { ...before, databaseImage }, after: run.snapshot };
  const compared = new ComparedDatabases(sides);
  const isShown = shownRows(run.shown, worked) !== null;
  const mismatches = isShown ? undefined : mismatchChecker(run, worked, capture, sides);
  try {
    const describing = {
      compared,
      listing: isShown ? null : { rows: 0 },
      openIn: processesWithOpen,
      openFiles: filesOpenElsewhere,
      mismatches,
      log: context.options.log,
      branch: readOrigin(context.projectDir, context.options).branch,
    };
    return { worked, described: await describePlan(worked, describing, call) };
  } finally {
    compared.close();
    mismatches?.close();
  }
}

/** Without what was made since the plan was shown, where that stays. */
function workOutAsShown(run: Run, live: LiveSide): WorkedOutPlan {
  const { shown, isUnderWrites, tree, writer } = run;
  const subject = { ...run, snapshot: tree, reader: writer.reader };
  if (shown === undefined || !isUnderWrites) return workOutPlan(subject, live);
  const worked = workOutPlan({ ...subject, madeSince: [] }, live);
  const made = madeSince(shown, worked);
  return made.length === 0 ? worked : workOutPlan({ ...subject, madeSince: made }, live);
}

/** Looking for rules in large databases takes longer than restoring them. */
const maxInferredBytes = 32 * 1024 * 1024;

function mismatchChecker(
  { context, found, writer, manifest, tree }: Run,
  { live }: WorkedOutPlan,
  capture: Capture,
  sides: ComparedSides,
): MismatchChecker {
  const { reader, db } = writer;
  const bytes = capture.databases.reduce((sum, database) => sum + database.bytes, 0);
  const infer = bytes > maxInferredBytes ? null : inferOptions(db);
  const liveFacts = { ...capture, reader, root: capture.tree, tree: live };
  return createMismatchChecker(context.options, {
    found,
    manifest,
    reader,
    live: liveFacts,
    snapshot: tree,
    sides,
    infer,
  });
}
