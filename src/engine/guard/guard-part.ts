// The guard's part of an open project: is a command line destructive, and the snapshot before it.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../core/errors.ts';
import type {
  GuardDocument,
  GuardMatch,
  GuardMatchDocument,
  GuardedCommand,
} from '../../core/documents/guard.ts';
import type { NotSaved } from '../../core/documents/not-saved.ts';
import { matchArguments, matchLine } from '../../core/guard/match-line.ts';
import { parseGuardPattern } from '../../core/config/guard-patterns.ts';
import { learnedPatterns } from '../../core/guard/learned-pattern.ts';
import { redactCommand } from '../../core/guard/redact/redact-command.ts';
import { isWithin, parseProjectPath, type ProjectPath } from '../../core/names.ts';
import { findCovered } from '../coverage/find-covered.ts';
import { serversNotSaved } from '../coverage/servers.ts';
import { uncancelled, type CallOptions } from '../options.ts';
import type { ProjectContext } from '../project/project-context.ts';
import type { GuardOptions, Project } from '../project/project.ts';
import { snapshotProject, type TakenDocument } from '../snapshot/snapshot-project.ts';
import { learnedCommands } from '../store/learned-commands.ts';
import type { FoundDataDirs } from '../detect/found.ts';
import { configFileName } from '../detect/project-config.ts';
import { lostBeside, type LostBeside } from './beside/lost-beside.ts';
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
  { label, command, data, actor, match }: GuardOptions,
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
  const common = { found, reuse: label === undefined };
  const { beside = [], notSaved = [] } = match ?? {};
  const wanted = beside.flatMap((path) => parseProjectPath(path) ?? []);
  try {
    const taken = await snapshotProject(context, request, call, { ...common, beside: wanted });
    const moment = { id: taken.id, atMs: options.now() };
    writeSavedMoment(options, context.projectDir, moment);
    return toDocument(taken, [...notSaved, ...leftOf(taken, wanted)], null);
  } catch (error) {
    if (!(error instanceof EngineError) || !isAboutRoom(error)) throw error;
    if (wanted.length > 0) {
      // What is data comes before what only lies beside it.
      const left = wanted.map((path) => ({ what: path, path, reason: error.message }));
      const less = { beside: [], notSaved: [...notSaved, ...left] };
      return await guard(context, { label, command, data, actor, match: less }, call);
    }
    if (error.code !== 'OVER_LIMIT') throw error;
    const only = await databasesAlone(found, data ?? [], options, call);
    if (only.length === 0) throw error;
    const taken = await snapshotProject(context, request, call, { ...common, dataDirs: only });
    return toDocument(taken, notSaved, error.message);
  }
}

function isAboutRoom({ code }: EngineError): boolean {
  return code === 'OVER_LIMIT' || code === 'NO_ROOM';
}

/** What was to be taken, and could not be read. */
function leftOf({ skipped }: TakenDocument, beside: readonly ProjectPath[]): readonly NotSaved[] {
  return skipped
    .filter(({ path, reason }) => !isSpecial(reason) && beside.some((one) => isWithin(path, one)))
    .map(({ path, reason }) => ({ what: path, path, reason }));
}

function isSpecial(reason: string): boolean {
  return /^(named pipe|socket|device)$/.test(reason);
}

function toDocument(
  { id, createdAt, reused }: TakenDocument,
  notSaved: readonly NotSaved[],
  databasesOnly: string | null,
): GuardDocument {
  return { id, createdAt, reused: reused === true, databasesOnly, notSaved };
}

async function match(
  context: ProjectContext,
  { command, cwd, shell, variables, beside }: GuardedCommand,
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
  const counts = beside === 'always' || (beside !== undefined && isProject(found, context));
  const inFiles = counts ? lostBeside(matched, found, context.options) : nothingLost;
  const servers =
    matched.databases === null
      ? []
      : serversNotSaved(
          matched.databases,
          matched.command ?? '',
          found.dataDirs.length === 0 || where.facts.databases.length > 0,
          context.projectDir,
          context.options,
        );
  const lost = { ...inFiles, notSaved: [...servers, ...inFiles.notSaved] };
  const isLoss = lost.beside.length + lost.notSaved.length > 0;
  return {
    ...matched,
    ...(isLoss && !matched.destructive ? lossOf(command) : {}),
    ...lost,
    onFailure: settings.onFailure,
  };
}

const nothingLost: LostBeside = { beside: [], notSaved: [] };

/** Where somebody wants something saved, or has something saved already. */
function isProject(found: FoundDataDirs, context: ProjectContext): boolean {
  const { dataDirs, gone, projectDir } = found;
  return (
    dataDirs.length + gone.length > 0 ||
    existsSync(join(projectDir, configFileName)) ||
    context.read((store) => store !== null)
  );
}

function lossOf(command: GuardedCommand['command']): Partial<GuardMatch> {
  return {
    destructive: true,
    rule: 'what no version control holds',
    command: typeof command === 'string' ? command : command.join(' '),
  };
}

function isWindowsShell(shell: GuardedCommand['shell']): boolean {
  return shell === 'pwsh' || shell === 'cmd';
}
