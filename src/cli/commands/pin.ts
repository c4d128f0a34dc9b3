import { tellEntries } from '../../core/text/change-text.ts';
import type { RunCommand } from '../command.ts';
import { entryOrEntries } from '../entry-document.ts';

export const runPin: RunCommand = async ({ project, terminal }, snapshots) => {
  const entries = await (await project()).pin(snapshots, true);
  return {
    document: entryOrEntries(entries, snapshots),
    lines: () => tellEntries('Pinned', entries, terminal.text),
  };
};
