import { checkLabel } from '../../core/snapshots/resolve-snapshot.ts';
import { tellEntries } from '../../core/text/change-text.ts';
import type { RunCommand } from '../command.ts';

export const runRename: RunCommand = async ({ project, terminal }, [snapshot = '', label = '']) => {
  const kept = checkLabel(label) ?? '';
  const entry = await (await project()).rename(snapshot, kept);
  const did = kept === '' ? 'Took the label away:' : 'Renamed';
  return { document: entry, lines: () => tellEntries(did, [entry], terminal.text) };
};
