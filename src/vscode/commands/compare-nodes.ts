import { commands, type Uri } from 'vscode';
import { EngineError } from '../../core/errors.ts';
import { showComparison } from '../flows/compare-flow.ts';
import { documentUri, nowhere, parseDocumentUri, tableRowsUri } from '../documents/document-uri.ts';
import { oneSnapshot } from './targets.ts';
import { isNodeOf } from '../views/nodes.ts';
import { olderFirst } from './compare.ts';
import { documentOf } from './look.ts';
import type { Services } from '../services.ts';
import type { Handler } from './handler.ts';

/** A snapshot as a whole, or one document in it. */
export const compareWithNow: Handler = async (services, call) => {
  const { node } = call;
  const before = documentOf(node);
  if (node && before) {
    const after = await existing(services, documentOf(node, 'live') ?? before);
    const title = `${node.row.label} (snapshot ↔ now)`;
    return commands.executeCommand('vscode.diff', before, after, title, { preview: true });
  }
  const target = await oneSnapshot(services.projects, call, 'Compare with now: choose a snapshot');
  return target && showComparison(services, target.project, target.entry.id, 'live');
};

export const compareWithLast: Handler = async ({ projects }, { node }) => {
  if (!isNodeOf(node, 'liveTable')) return;
  const { cwd } = node.project;
  const newest = projects.at(cwd).status?.newest;
  if (!newest) {
    throw new EngineError('SNAPSHOT_NOT_FOUND', 'no snapshot yet', { hint: 'take one first' });
  }
  const { database, table } = node.payload;
  const uri = (snapshot: string) => tableRowsUri(cwd, snapshot, database, table.name);
  const title = `${node.row.label} (last snapshot ↔ now)`;
  const options = { preview: true };
  await commands.executeCommand('vscode.diff', uri(newest.id), uri('live'), title, options);
};

export const selectForCompare: Handler = async ({ compareSelection }, { node }) => {
  if (!isNodeOf(node, 'snapshot')) return;
  compareSelection.select({ project: node.project, entry: node.payload.entry });
};

export const compareWithSelected: Handler = async (services, { node }) => {
  const { selected } = services.compareSelection;
  if (!isNodeOf(node, 'snapshot') || !selected) return undefined;
  if (selected.project !== node.project) throw differentFolders();
  const [a, b] = olderFirst(selected.entry, node.payload.entry);
  return showComparison(services, node.project, a, b);
};

export const compareSelected: Handler = async (services, { nodes }) => {
  const [first, second] = nodes;
  if (!isNodeOf(first, 'snapshot') || !isNodeOf(second, 'snapshot')) return undefined;
  if (first.project !== second.project) throw differentFolders();
  const [a, b] = olderFirst(first.payload.entry, second.payload.entry);
  return showComparison(services, first.project, a, b);
};

/** What changed in a snapshot against the one before it. */
export const showChanges: Handler = async (services, { node }) => {
  if (!isNodeOf(node, 'changes')) return undefined;
  const { before, entry } = node.payload;
  return showComparison(services, node.project, before.id, entry.id);
};

/** The document, or an empty one in its place where it is not there now. */
async function existing(
  { log, snapshotFiles }: Pick<Services, 'log' | 'snapshotFiles'>,
  uri: Uri,
): Promise<Uri> {
  try {
    await snapshotFiles.stat(uri);
    return uri;
  } catch (error) {
    log.debug(`nothing to compare with: ${String(error)}`);
    const { cwd, names } = parseDocumentUri(uri);
    return documentUri(cwd, nowhere, names.join('/'));
  }
}

function differentFolders(): EngineError {
  return new EngineError('USAGE', 'these snapshots are of different folders', {
    hint: 'choose two of one folder',
  });
}
