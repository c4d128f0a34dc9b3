// Notices afterwards that a command ran unguarded. Too late to protect anything, and never said to have.

import { randomUUID } from 'node:crypto';
import {
  ShellExecution,
  tasks,
  TerminalShellExecutionCommandLineConfidence,
  window,
  workspace,
  type Disposable,
  type TerminalShellExecution,
  type TerminalShellExecutionEndEvent,
} from 'vscode';
import { maybePattern } from '../../core/guard/maybe-pattern.ts';
import { redactCommand } from '../../core/guard/redact/redact-command.ts';
import { asksForSnapshot } from '../../core/views/guard-texts.ts';
import { DisposableStore } from '../host/disposables.ts';
import { runGuarded } from '../host/run-guarded.ts';
import type { Services } from '../services.ts';
import { isGuarded } from './guarded-terminal.ts';
import { projectOf } from '../projects/project-of.ts';
import { wasSavedSince } from './save-before.ts';

/** A hook of the user's own saves this long before the editor hears of the command, at most. */
const savedBeforeMs = 30_000;
/** What the editor saves before, it then starts at once. */
const justBeforeMs = 3_000;
const newestLookedAt = 5;

type Watching = Pick<Services, 'log' | 'notices' | 'projects'>;

export function registerTerminalWatch(services: Watching): Disposable {
  const owned = new DisposableStore();
  const maybe = new RegExp(maybePattern(), 'i');
  const started = new WeakMap<TerminalShellExecution, number>();
  owned.add(
    window.onDidStartTerminalShellExecution(({ execution }) => {
      if (!isTask(execution)) started.set(execution, Date.now());
    }),
  );
  owned.add(
    window.onDidEndTerminalShellExecution((event) => {
      const line = knownLine(event);
      if (line === undefined || asksForSnapshot(line) || !maybe.test(line)) return;
      const startedMs = started.get(event.execution);
      if (startedMs === undefined) return;
      void runGuarded(services.log, 'terminal', () => look(services, event, line, startedMs));
    }),
  );
  return owned;
}

/** Tasks are guarded as tasks: what ran before one is not to be seen from here. */
function isTask({ commandLine }: TerminalShellExecution): boolean {
  return tasks.taskExecutions.some(({ task }) => {
    if (!(task.execution instanceof ShellExecution)) return false;
    const { commandLine: line, command } = task.execution;
    const text = line ?? (typeof command === 'string' ? command : command?.value);
    return text !== undefined && commandLine.value.includes(text);
  });
}

/** Undefined where the editor guesses, or where the hook was asked before. */
function knownLine({ terminal, execution }: TerminalShellExecutionEndEvent): string | undefined {
  const { value, isTrusted, confidence } = execution.commandLine;
  const isKnown = isTrusted || confidence === TerminalShellExecutionCommandLineConfidence.High;
  const line = value.trim();
  return workspace.isTrusted && isKnown && line !== '' && !isGuarded(terminal) ? line : undefined;
}

async function look(
  { projects, notices }: Watching,
  { terminal, execution, shellIntegration }: TerminalShellExecutionEndEvent,
  line: string,
  startedMs: number,
): Promise<void> {
  const place = execution.cwd ?? shellIntegration.cwd;
  const cwd = typeof place === 'string' ? place : place?.fsPath;
  const project = cwd === undefined ? undefined : projectOf(projects.all, cwd);
  if (!project || (project.status?.detection.dataDirs.length ?? 0) === 0) return;
  const match = await project.engine.matchCommand({ command: line, cwd });
  const { destructive, certain, notSaved } = match;
  // Of what only may have reached the data nobody is told afterwards.
  if (!destructive || !certain) return;
  const command = redactCommand(line, { env: process.env, secrets: [] });
  const entries = await project.engine.list({ reasons: ['guard'], limit: newestLookedAt });
  const wasSaved = entries.some(
    (entry) =>
      Date.parse(entry.createdAt) > startedMs - savedBeforeMs &&
      (entry.command ?? '').endsWith(withoutFirst(command)),
  );
  if (wasSaved || wasSavedSince(project, startedMs - justBeforeMs)) return;
  const run = { id: randomUUID(), command, atMs: Date.now(), notSaved };
  notices.add(project.cwd, { kind: 'unguarded', run, terminal });
}

/** The hook puts in what an alias stands for: what follows that has to be the same. */
function withoutFirst(line: string): string {
  return line.trim().replace(/^\S+\s*/, '');
}
