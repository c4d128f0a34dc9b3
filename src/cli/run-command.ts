// One command with its project, its progress bar and its Ctrl+C. From here on the engine is loaded.

import { EngineError } from '../core/errors.ts';
import { pendingRestoreLine } from '../core/text/error-line.ts';
import {
  findProjectDir,
  hasSnapshots,
  noProgress,
  openProject,
  type Project,
} from '../engine/index.ts';
import type { CommandContext, GlobalOptions, Outcome, RunCommand } from './command.ts';
import { createEngineOptions } from './engine-options.ts';
import { exitCode } from './exit-codes.ts';
import { listenForInterrupt } from './interrupt.ts';
import type { CommandCall } from './program.ts';
import type { ProgressBar } from './progress-bar.ts';
import type { Terminal } from './terminal.ts';

/** Answers the exit code. */
export async function runCommand(call: CommandCall, terminal: Terminal): Promise<number> {
  let bar: ProgressBar | undefined;
  let opened: Promise<Project> | undefined;
  const signal = listenForInterrupt(() => bar?.stop());
  const engine = createEngineOptions(call.globals, terminal);
  const context: CommandContext = {
    terminal,
    globals: call.globals,
    engine,
    signal,
    project: async () => {
      opened ??= openProject(engine, projectDirOf(call.globals, engine.storeDir));
      return await opened;
    },
    withProgress: async (work) => {
      if (!terminal.showsProgress) return await work({ signal, progress: noProgress });
      const { createProgressBar } = await import('./progress-bar.ts');
      bar = createProgressBar();
      try {
        return await work({ signal, progress: bar.progress });
      } finally {
        bar.stop();
      }
    },
  };
  const command: RunCommand = await call.load();
  try {
    if (call.tellsPending) await tellPending(context);
    const outcome = await command(context, call.args, call.options);
    if (outcome !== null) print(outcome, context);
    return outcome?.exitCode ?? exitCode.done;
  } finally {
    await closeProject(opened);
  }
}

function projectDirOf({ cwd }: GlobalOptions, storeDir: string): string {
  return cwd ?? findProjectDir(process.cwd(), (dir) => hasSnapshots(storeDir, dir));
}

function print({ document, lines }: Outcome, { terminal, globals }: CommandContext): void {
  terminal.out(globals.json ? [JSON.stringify(document, null, 2)] : lines());
}

async function tellPending({ project, terminal }: CommandContext): Promise<void> {
  const pending = await (await project()).pendingRestore().catch((error: unknown) => {
    // A store that cannot be read is told by the command itself.
    if (error instanceof EngineError) return null;
    throw error;
  });
  if (pending !== null) terminal.err([pendingRestoreLine(pending, terminal.errorStyle)]);
}

async function closeProject(opened: Promise<Project> | undefined): Promise<void> {
  // Where it could not be opened, the command has failed with that error.
  const project = await opened?.catch(() => undefined);
  await project?.close();
}
