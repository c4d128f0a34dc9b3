import { EngineError } from '../../core/errors.ts';
import { findProjectDir, hasSnapshots, openProject } from '../../engine/index.ts';
import { installHook, uninstallHook } from '../agents/install-hook.ts';
import { runHook } from '../agents/run-hook.ts';
import type { RunCommand } from '../command.ts';

interface Options {
  readonly install?: string;
  readonly uninstall?: string;
  readonly user?: boolean;
  readonly yes?: boolean;
  readonly timeout?: number;
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
    limitMs: (options.timeout ?? defaultSeconds) * 1000,
    projectAt: async (folder) => {
      const place =
        globals.cwd ?? findProjectDir(folder, (dir) => hasSnapshots(engine.storeDir, dir));
      return await openProject(engine, place);
    },
  });
  return { document: answer, lines: () => [JSON.stringify(answer)] };
};
