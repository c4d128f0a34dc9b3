// `savepoint agent-hook`: what an agent is about to do comes on stdin; where it is destructive, a
// snapshot comes first. It always ends with exit code 0, and within its time limit: an agent takes
// other codes, or silence, for a refusal.

import { realpathSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { findHookAgent } from '../../core/agents/hook-agents.ts';
import { hookAnswer, type HookNote } from '../../core/agents/hook-answer.ts';
import { readToolUse, type ToolUse } from '../../core/agents/tool-call.ts';
import { actorOf, isAfterTool, whichAgent } from '../../core/agents/which-agent.ts';
import type { HookAgentName } from '../../core/documents/agent-hooks.ts';
import { EngineError, isCancellation } from '../../core/errors.ts';
import type { GuardMatchDocument } from '../../core/documents/guard.ts';
import type { NotSaved } from '../../core/documents/not-saved.ts';
import { hookLeftOutText, hookSavedText, hookUnsavedText } from '../../core/text/agent-text.ts';
import { problemText } from '../../core/text/error-line.ts';
import { noProgress, type Project } from '../../engine/index.ts';
import type { CommandContext } from '../command.ts';
import { learnBehind, type LearnPlace } from '../guard/learn-later.ts';
import { shellLine } from '../guard/shell-line.ts';
import { lastHookCall, noteHookCall } from './hook-calls.ts';
import { readHookEvent } from './hook-event.ts';
import { logHook } from './hook-log.ts';

export interface HookRun {
  /** As the agent's settings have it. */
  readonly name: string | undefined;
  /** Milliseconds since this process was started. */
  readonly limitMs: number;
  /** The folder of the project that a folder belongs to. */
  readonly projectDirAt: (folder: string) => string;
  readonly openProject: (projectDir: string) => Promise<Project>;
}

/** So long at least it looks at what was sent, also where this process was slow to start. */
const shortestMs = 500;

/** The document for the agent. */
export async function runHook(
  { engine, signal }: Pick<CommandContext, 'engine' | 'signal'>,
  { name, limitMs, projectDirAt, openProject }: HookRun,
): Promise<object> {
  const leftMs = Math.max(shortestMs, Math.ceil(limitMs - performance.now()));
  const limit = AbortSignal.timeout(leftMs);
  const stopped = AbortSignal.any([signal, limit]);
  const log = (message: string): void => logHook(engine.storeDir, engine.now(), message);
  const known = name === undefined ? undefined : findHookAgent(name);
  if (name !== undefined && known === undefined) log(`no hook for an agent "${name}"`);
  // Until the event is read, nothing of what it says counts.
  let agent = whichAgent(known?.name, {});
  const run: Running = {
    projectAt: async (folder) => await openProject(projectDirAt(folder)),
    stopped,
    actor: null,
    about: null,
    isStopped: false,
  };
  try {
    const begun = (): void => void (run.about = 'what the agent sent');
    const event = await untilStopped(readHookEvent(process.stdin, begun), stopped);
    agent = whichAgent(known?.name, event.fields);
    if (event.problem !== null) log(`${agent}: of what came on stdin: ${event.problem}`);
    if (event.isEmpty) log(`${agent}: nothing came on stdin`);
    const use = readToolUse(event.fields);
    const cwd = use.cwd ?? process.cwd();
    const projectDir = projectDirAt(cwd);
    if (isAfterTool(event.fields)) {
      learnOf(use, { engine, projectDir: realpathSync(projectDir), cwd }, agent);
      return hookAnswer(agent, null);
    }
    if (!event.isEmpty) noteHookCall(engine.storeDir, projectDir, agent, engine.now());
    run.actor = actorOf(agent, use.tool);
    return hookAnswer(agent, await untilStopped(save(use, event.problem, run), stopped));
  } catch (error) {
    const reason = limit.aborted ? `it took longer than ${limitMs / 1000} s` : reasonOf(error);
    log(`${agent}: NOT saved: ${reason}`);
    return hookAnswer(agent, unsaved(reason, run));
  }
}

/** What it ran began behind its last call of the hook, and is over. */
function learnOf({ commands }: ToolUse, place: LearnPlace, agent: HookAgentName): void {
  const sinceMs = lastHookCall(place.engine.storeDir, place.projectDir, agent);
  const [command] = commands;
  if (sinceMs === undefined || command === undefined) return;
  learnBehind(place, typeof command === 'string' ? command : shellLine(command), sinceMs);
}

interface Running {
  /** The project that a folder belongs to. */
  readonly projectAt: (folder: string) => Promise<Project>;
  readonly stopped: AbortSignal;
  actor: string | null;
  /** What is looked at, or was found to be destructive; null where it was found harmless. */
  about: string | null;
  /** True where savepoint.json says that it must not run without a snapshot. */
  isStopped: boolean;
}

/** @param problem why that is not all that is about to happen: the rest counts as what it may be */
async function save(use: ToolUse, problem: string | null, run: Running): Promise<HookNote | null> {
  if (use.commands.length + use.paths.length + use.sql.length === 0 && problem === null)
    return null;
  const cwd = use.cwd ?? process.cwd();
  const doings = doingsOf(use, cwd);
  run.about = doings[0]?.about ?? run.about;
  const project = await run.projectAt(cwd);
  const match = await destructiveMatch(doings, use, { cwd, project, run });
  if (match === null) {
    if (problem === null) return null;
    run.about = `what the agent sent: ${problem}`;
    run.isStopped = (await project.guardFailure()) === 'stop';
  }
  return await guarded(match ?? { beside: [], notSaved: [] }, project, run);
}

/** The snapshot, and what of it the agent is told. */
async function guarded(match: Match, project: Project, run: Running): Promise<HookNote | null> {
  try {
    const options = { command: run.about ?? '', actor: run.actor ?? undefined, match };
    const saved = await project.guard(options, { signal: run.stopped, progress: noProgress });
    return partNote(hookSavedText(saved.id, saved.databasesOnly), saved.notSaved, run);
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'NO_DATA_DIRECTORY') throw error;
    return partNote(null, match.notSaved, run);
  }
}

/** @param saved what was; null where there is nothing that could be */
function partNote(
  saved: string | null,
  notSaved: readonly NotSaved[],
  { about, isStopped }: Running,
): HookNote | null {
  if (notSaved.length === 0) return saved === null ? null : { kind: 'saved', text: saved };
  const text = hookLeftOutText(saved, notSaved, about ?? '', isStopped);
  return { kind: isStopped ? 'stopped' : 'unsaved', text };
}

interface Doing {
  readonly command: string | readonly string[];
  /** In words. */
  readonly about: string;
  /** True for a tool that writes the file: what lies beside the data is the agent's own work then. */
  readonly isEdit: boolean;
}

function doingsOf({ commands, paths, tool }: ToolUse, cwd: string): readonly Doing[] {
  return [
    ...commands.map((command) => ({
      command,
      about: typeof command === 'string' ? command : command.join(' '),
      isEdit: false,
    })),
    // Writing a file, moving or deleting it: what was there is gone as with rm.
    ...paths.map((path) => {
      const place = isAbsolute(path) ? path : resolve(cwd, path);
      return {
        command: ['rm', '-rf', '--', place],
        about: `${tool ?? 'change'} ${path}`,
        isEdit: true,
      };
    }),
  ];
}

type Match = Pick<GuardMatchDocument, 'beside' | 'notSaved'>;

/** What of all that it does destroys something; null where nothing does. */
async function destructiveMatch(
  doings: readonly Doing[],
  { sql, tool }: ToolUse,
  { cwd, project, run }: { readonly cwd: string; readonly project: Project; readonly run: Running },
): Promise<Match | null> {
  const shell = process.platform === 'win32' && tool !== 'Bash' ? 'pwsh' : 'posix';
  const found: Match[] = [];
  for (const { command, about, isEdit } of doings) {
    if (found.length === 0) run.about = about;
    const beside = isEdit ? undefined : 'in projects';
    const match = await project.matchCommand({ command, cwd, shell, beside });
    if (!match.destructive) continue;
    run.isStopped = match.onFailure === 'stop';
    found.push(match);
  }
  if (found.length > 0)
    return {
      beside: found.flatMap(({ beside }) => beside),
      notSaved: found.flatMap(({ notSaved }) => notSaved),
    };
  const [statement] = sql;
  // Which database is meant only the tool knows.
  run.about = statement === undefined ? null : `${tool ?? 'SQL'} ${statement}`;
  run.isStopped = statement !== undefined && (await project.guardFailure()) === 'stop';
  return statement === undefined ? null : { beside: [], notSaved: [] };
}

function unsaved(reason: string, { about, isStopped }: Running): HookNote | null {
  if (about === null) return null;
  const text = hookUnsavedText(reason, about, isStopped);
  return { kind: isStopped ? 'stopped' : 'unsaved', text };
}

function reasonOf(error: unknown): string {
  if (error instanceof EngineError) return problemText(error);
  if (isCancellation(error)) return 'it was interrupted';
  return error instanceof Error ? error.message : String(error);
}

/** Whatever `work` does after `signal` fired, nobody waits for it. */
async function untilStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const stopped = Promise.withResolvers<never>();
  const onAbort = (): void => stopped.reject(new DOMException('stopped', 'AbortError'));
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, stopped.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
