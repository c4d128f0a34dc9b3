import { allRemovals } from '../agents/install-hook.ts';
import { changeSettings } from '../agents/settings-change.ts';
import { shellRemovals } from '../agents/shell-lines.ts';
import type { RunCommand } from '../command.ts';
import { userHome } from '../engine-options.ts';

interface Options {
  readonly yes?: boolean;
}

/** The hooks in this project's settings and the user's; what is saved stays. */
export const runUninstall: RunCommand<Options> = async (context, _args, { yes = false }) => {
  const changes = [
    ...(await allRemovals(context)),
    ...shellRemovals(userHome(), context.engine.env),
  ];
  return await changeSettings(context, changes, {
    yes,
    question: 'Take all of this out?',
    told: ['The hooks are out; snapshots stay (savepoint forget --all deletes them)'],
    nothing: 'There are no hooks of savepoint here',
  });
};
