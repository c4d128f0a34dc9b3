import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../core/errors.ts';
import {
  findProjectDir,
  hasSnapshots,
  openProject,
  type EngineOptions,
} from '../../engine/index.ts';
import { installHook, uninstallHook } from '../agents/install-hook.ts';
import { runHook } from '../agents/run-hook.ts';
import type { RunCommand } from '../command.ts';

interface Options {
  readonly install?: string;
  readonly uninstall?: string;
  readonly user?: boolean;
  readonly yes?: boolean;
  readonly timeout?: string | true;
}

const defaultSeconds = 10;

export const runAgentHook: RunCommand<Options> = async (context, [name], options) => {
  if (options.install !== undefined) return await installHook(context, options.install, options);
  if (options.uninstall !== undefined)
    return await uninstallHook(context, options.uninstall, options);
  if (process.stdin.isTTY) {
    throw new EngineError('USAGE', 'agent-hook reads on stdin what an agent sends', {
      hint: 'savepoint agent-hook --install NAME puts it into the settings of an agent',
    });
  }
  const { engine, globals } = context;
  const answer = await runHook(context, {
    name,
    limitMs: secondsOf(options.timeout) * 1000,
    projectDirAt: (folder) => globals.cwd ?? projectDirOf(folder, engine),
    openProject: async (projectDir) => await openProject(engine, projectDir),
  });
  return { document: answer, lines: () => [JSON.stringify(answer)] };
};

/** A wrong number must not end with 2, which agents take for a refusal. */
function secondsOf(text: Options['timeout']): number {
  const seconds = Number(text);
  return text !== true && seconds > 0 && seconds <= 600 ? seconds : defaultSeconds;
}

/** Agents tell which folder is open in them. */
const folderVariables = ['CLAUDE_PROJECT_DIR', 'CURSOR_PROJECT_DIR', 'GEMINI_PROJECT_DIR'];

/**
 * As for every command; but where no folder upwards is known to be a project, it is the one that is
 * open in the agent, or the work tree, and not the folder below it that the agent happens to be in.
 */
function projectDirOf(folder: string, { env, storeDir }: EngineOptions): string {
  const isKnown = (dir: string): boolean => hasSnapshots(storeDir, dir);
  const known = findProjectDir(folder, isKnown);
  const start = findProjectDir(folder, () => true);
  if (known !== start || isKnown(start)) return known;
  const open = folderVariables.map((name) => env[name]);
  return findProjectDir(folder, (dir) => open.includes(dir) || existsSync(join(dir, '.git')));
}
