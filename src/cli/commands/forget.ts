import { doneLine } from '../../core/text/change-text.ts';
import { plural } from '../../core/format/numbers.ts';
import { ask } from '../ask.ts';
import type { RunCommand } from '../command.ts';
import { declined } from '../restore-and-tell.ts';

interface Options {
  readonly all?: boolean;
  readonly yes?: boolean;
}

export const runForget: RunCommand<Options> = async (context, _args, options) => {
  const { all = false, yes = false } = options;
  const project = await context.project();
  const { terminal, signal } = context;
  if (!yes && terminal.canAsk) {
    const which = all
      ? 'all snapshots of all projects'
      : `${plural((await project.list()).length, 'snapshot')} of ${project.path}`;
    if (!(await ask(`Delete ${which}? This cannot be undone.`, signal))) return declined();
  }
  const deleted = await project.forget(all);
  const did = `Deleted ${plural(deleted, 'snapshot')}`;
  return { document: { deleted }, lines: () => doneLine(did, terminal.text) };
};
