// `savepoint agent-hook`: what an agent is about to do comes on stdin; where it is destructive, a
// snapshot comes first. It always ends with exit code 0, and within its time limit: an agent takes
// other codes, or silence, for a refusal.

import { isAbsolute, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { findHookAgent } from '../../core/agents/hook-agents.ts';
import { hookAnswer, type HookNote } from '../../core/agents/hook-answer.ts';
import { readToolUse, type ToolUse } from '../../core/agents/tool-call.ts';
import { actorOf, whichAgent } from '../../core/agents/which-agent.ts';
import { EngineError, isCancellation } from '../../core/errors.ts';
import { hookSavedText, hookUnsavedText } from '../../core/text/agent-text.ts';
import { problemText } from '../../core/text/error-line.ts';
import { noProgress, type Project } from '../../engine/index.ts';
import type { CommandContext } from '../command.ts';
import { logHook } from './hook-log.ts';

export interface HookRun {
  /** As the agent's settings have it. */
  readonly name: string | undefined;
  /** Milliseconds since this process was started. */
  readonly limitMs: number;
  /** The project that a folder belongs to. */
  readonly projectAt: (folder: string) => Promise<Project>;
}

/** The document for the agent. */
export async function runHook(
  { engine, signal }: Pick<CommandContext, 'engine' | 'signal'>,
  { name, limitMs, projectAt }: HookRun,
): Promise<object> {
  const limit = AbortSignal.timeout(Math.max(1, Math.ceil(limitMs - performance.now())));
  const stopped = AbortSignal.any([signal, limit]);
  const log = (message: string): void => logHook(engine.storeDir, engine.now(), message);
  const known = name === undefined ? undefined : findHookAgent(name);
  if (name !== undefined && known === undefined) log(`no hook for an agent "${name}"`);
  // Until the event is read, nothing of what it says counts.
  let agent = whichAgent(known?.name, '');
  const run: Running = { projectAt, stopped, actor: null, about: null, isStopped: false };
  try {
    const event = await untilStopped(readStdin(), stopped);
    agent = whichAgent(known?.name, event);
    const use = readToolUse(event);
    if (use === null) {
      log(`${agent}: what came on stdin is no JSON object (${event.length} characters)`);
      return hookAnswer(agent, null);
    }
    run.actor = actorOf(agent, use.tool);
    return hookAnswer(agent, await untilStopped(save(use, run), stopped));
  } catch (error) {
    const reason = limit.aborted ? `it took longer than ${limitMs / 1000} s` : reasonOf(error);
    log(`${agent}: NOT saved: ${reason}`);
    return hookAnswer(agent, unsaved(reason, run));
  }
}

interface Running {
  readonly projectAt: HookRun['projectAt'];
  readonly stopped: AbortSignal;
  actor: string | null;
  /** What is looked at, or was found to be destructive; null where it was found harmless. */
  about: string | null;
  /** True where savepoint.json says that it must not run without a snapshot. */
  isStopped: boolean;
}

async function save(use: ToolUse, run: Running): Promise<HookNote | null> {
  if (use.commands.length + use.paths.length + use.sql.length === 0) return null;
  const cwd = use.cwd ?? process.cwd();
  const project = await run.projectAt(cwd);
  if (!(await isDestructive(use, { cwd, project, run }))) return null;
  try {
    const options = { command: run.about ?? '', actor: run.actor ?? undefined };
    const saved = await project.guard(options, { signal: run.stopped, progress: noProgress });
    return { kind: 'saved', text: hookSavedText(saved.id, saved.databasesOnly) };
  } catch (error) {
    // Nothing that could be lost.
    if (error instanceof EngineError && error.code === 'NO_DATA_DIRECTORY') return null;
    throw error;
  }
}

/** Looks at one thing after the other that it does, until one reaches into the data. */
async function isDestructive(
  { commands, paths, sql, tool }: ToolUse,
  { cwd, project, run }: { readonly cwd: string; readonly project: Project; readonly run: Running },
): Promise<boolean> {
  const shell = process.platform === 'win32' && tool !== 'Bash' ? 'pwsh' : 'posix';
  const doings = [
    ...commands.map((command) => ({
      command,
      about: typeof command === 'string' ? command : command.join(' '),
    })),
    // Writing a file, moving or deleting it: what was there is gone as with rm.
    ...paths.map((path) => {
      const place = isAbsolute(path) ? path : resolve(cwd, path);
      return { command: ['rm', '-rf', '--', place], about: `${tool ?? 'change'} ${path}` };
    }),
  ];
  for (const { command, about } of doings) {
    run.about = about;
    const { destructive, onFailure } = await project.matchCommand({ command, cwd, shell });
    run.isStopped = destructive && onFailure === 'stop';
    if (destructive) return true;
  }
  const [statement] = sql;
  // Which database is meant only the tool knows.
  run.about = statement === undefined ? null : `${tool ?? 'SQL'} ${statement}`;
  run.isStopped = statement !== undefined && (await project.guardFailure()) === 'stop';
  return statement !== undefined;
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

const maxEventBytes = 16 * 1024 * 1024;

/** Until its end, or until it is one whole document: some agents keep it open. */
async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxEventBytes) throw new Error('what came on stdin is larger than 16 MB');
    const text = Buffer.concat(chunks).toString('utf8');
    if (text.trimEnd().endsWith('}') && readToolUse(text) !== null) return text;
  }
  return Buffer.concat(chunks).toString('utf8');
}
