import type { OptionsOf } from '../../core/documents/command-options.ts';
import type { SnapshotEntry } from '../../core/documents/documents.ts';
import { deleteQuestion, tellEntries } from '../../core/text/change-text.ts';
import type { Project } from '../../engine/index.ts';
import { ask } from '../ask.ts';
import type { RunCommand } from '../command.ts';
import { entryOrEntries } from '../entry-document.ts';
import { declined } from '../restore-and-tell.ts';

export const runDelete: RunCommand<OptionsOf<'delete'>> = async (
  context,
  snapshots,
  { yes = false },
) => {
  const project = await context.project();
  const { terminal, signal } = context;
  const entries = await resolveAll(project, snapshots);
  if (!yes && terminal.canAsk && !(await ask(deleteQuestion(entries, terminal.text), signal))) {
    return declined();
  }
  const deleted = await project.delete(entries.map(({ id }) => id));
  return {
    document: entryOrEntries(deleted, snapshots),
    lines: () => tellEntries('Deleted', deleted, terminal.text),
  };
};

/** All of them first: a wrong name deletes nothing. */
async function resolveAll(
  project: Project,
  snapshots: readonly string[],
): Promise<readonly SnapshotEntry[]> {
  const entries: SnapshotEntry[] = [];
  for (const snapshot of snapshots) entries.push(await project.resolve(snapshot));
  return entries.filter(({ id }, index) => entries.findIndex((one) => one.id === id) === index);
}
