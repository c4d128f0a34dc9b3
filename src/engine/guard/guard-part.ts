// The guard's part of an open project: is a command line destructive, and the snapshot before it.

import { EngineError } from '../../core/errors.ts';
import type {
  GuardDocument,
  GuardMatchDocument,
  GuardedCommand,
} from '../../core/documents/guard.ts';
import { matchArguments, matchLine } from '../../core/guard/match-line.ts';
import { parseGuardPattern } from '../../core/config/guard-patterns.ts';
import { learnedPatterns } from '../../core/guard/learned-pattern.ts';
import { redactCommand } from '../../core/guard/redact-command.ts';
import { findCovered } from '../coverage/find-covered.ts';
import { uncancelled, type CallOptions } from '../options.ts';
import type { ProjectContext } from '../project/project-context.ts';
import type { GuardOptions, Project } from '../project/project.ts';
import { snapshotProject, type TakenDocument } from '../snapshot/snapshot-project.ts';
import { learnedCommands } from '../store/learned-commands.ts';
import { databasesAlone } from './databases-alone.ts';
import { createGuardFacts } from './guard-facts.ts';
import { writeSavedMoment, writeWatched } from '../project/watched-paths.ts';

type GuardPart = Pick<Project, 'guard' | 'matchCommand' | 'guardFailure'>;

export function guardPart(context: ProjectContext): GuardPart {
  return {
    guard: async (options, call) => await guard(context, options, call),
    matchCommand: async (command) => await match(context, command),
    guardFailure: async () => context.config().guard.onFailure,
  };
}

async function guard(
  context: ProjectContext,
  { label, command, data, actor }: GuardOptions,
  call: CallOptions,
): Promise<GuardDocument> {
  call.progress.phase('looking');
  const found = context.find();
  const { options } = context;
  const { secrets } = found.config;
  const request = {
    label,
    data,
    actor,
    reason: 'guard',
    command: redactCommand(command, { env: options.env, secrets }),
  } as const;
  const reuse = label === undefined;
  try {
    const taken = await snapshotProject(context, request, call, { found, reuse });
    const moment = { id: taken.id, atMs: options.now() };
    writeSavedMoment(options, context.projectDir, moment);
    return toDocument(taken, null);
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'OVER_LIMIT') throw error;
    const only = await databasesAlone(found, data ?? [], options, call);
    if (only.length === 0) throw error;
    const document = await snapshotProject(context, request, call, {
      found,
      reuse,
      dataDirs: only,
    });
    return toDocument(document, error.message);
  }
}

function toDocument(
  { id, createdAt, reused }: TakenDocument,
  databasesOnly: string | null,
): GuardDocument {
  return { id, createdAt, reused: reused === true, databasesOnly };
}

async function match(
  context: ProjectContext,
  { command, cwd, shell, variables }: GuardedCommand,
): Promise<GuardMatchDocument> {
  // Folders that only rows name are data too, from the first command on.
  const { found } = await findCovered(context, context.find(), uncancelled, { isQuick: true });
  const { guard: settings } = found.config;
  const learned = learnedCommands(context.place().storePath);
  writeWatched(context.options, found, learned);
  const where = {
    cwd: cwd ?? context.projectDir,
    facts: createGuardFacts({ options: context.options, found, variables }),
    // The last one that fits decides: a person's word goes over what was seen.
    patterns: [
      ...learnedPatterns(
        learned.map(({ command: known }) => known),
        { env: context.options.env, secrets: found.config.secrets },
      ),
      ...settings.commands.flatMap((text) => parseGuardPattern(text) ?? []),
    ],
  };
  const matched =
    typeof command === 'string'
      ? matchLine(isWindowsShell(shell) ? command.replaceAll('\\', '/') : command, where)
      : matchArguments(command, where);
  return { ...matched, onFailure: settings.onFailure };
}

function isWindowsShell(shell: GuardedCommand['shell']): boolean {
  return shell === 'pwsh' || shell === 'cmd';
}
