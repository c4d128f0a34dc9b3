// What differs between two snapshots, or a snapshot and now: everything in VS Code's own multi-diff.

import { commands, window, type Uri } from 'vscode';
import type { DatabaseDiff, DiffDocument } from '../core/documents.ts';
import { hasDifference } from '../core/text/diff-text.ts';
import { maxRowsShown } from '../core/views/rows-text.ts';
import { quotedSnapshot } from '../core/views/restore-texts.ts';
import { documentUri, rowsUri, schemaUri } from './document-uri.ts';
import type { ProjectModel } from './project-model.ts';
import { compareReport } from './render-report.ts';
import type { Services } from './services.ts';
import { withProgress } from './with-progress.ts';

/** More are a list to read, not to scroll. */
const maxEntries = 200;

type Change = readonly [label: Uri, before: Uri | undefined, after: Uri | undefined];

/** Shows what changed from `a` to `b`; either may be `live`. The older side stands left. */
export async function showComparison(
  services: Services,
  project: ProjectModel,
  a: string,
  b: string,
  { rows }: { readonly rows: number } = { rows: 100 },
): Promise<DiffDocument> {
  const options = { title: 'Comparing', afterMs: 1000, isSilent: false };
  const diff = await withProgress(options, (call) => project.remote.diff(a, b, { rows }, call));
  if (!hasDifference(diff)) {
    void window.showInformationMessage('No difference.');
    return diff;
  }
  const changes = changesOf(project.cwd, diff);
  const canShowAll = (await commands.getCommands(true)).includes('vscode.changes');
  const isReadable = diff.databases.every(({ problem }) => problem === null);
  const fits = changes.length > 0 && changes.length <= maxEntries && canShowAll && isReadable;
  if (fits && (await areShownWhole(project, diff))) {
    const title = `Compare ${await sideName(project, diff.a)} with ${await sideName(project, diff.b)}`;
    await commands.executeCommand('vscode.changes', title, changes);
    return diff;
  }
  const address = { kind: 'compare', cwd: project.cwd, args: { a: diff.a, b: diff.b } } as const;
  await services.reports.show(address, await compareReport(project.remote, diff), false);
  return diff;
}

/** The documents of tables end after so many rows: what differs behind them would look the same. */
async function areShownWhole(
  { remote }: ProjectModel,
  { a, b, databases }: DiffDocument,
): Promise<boolean> {
  for (const { path, state, tables } of databases) {
    if (tables.length === 0) continue;
    const sides = state === 'added' ? [b] : state === 'removed' ? [a] : [a, b];
    const names = new Set(tables.map(({ name }) => name));
    for (const side of sides)
      for (const { name, rows } of await remote.tables(side, path))
        if (names.has(name) && rows > maxRowsShown) return false;
  }
  return true;
}

async function sideName(project: ProjectModel, snapshot: string): Promise<string> {
  if (snapshot === 'live') return 'now';
  return quotedSnapshot(await project.remote.resolve(snapshot));
}

/** Schemas, tables, files, in that order. */
function changesOf(cwd: string, diff: DiffDocument): readonly Change[] {
  const { a, b, databases, files } = diff;
  const pair = (make: (snapshot: string) => Uri, op: 'add' | 'remove' | 'change'): Change => {
    const before = op === 'add' ? undefined : make(a);
    const after = op === 'remove' ? undefined : make(b);
    return [after ?? make(a), before, after];
  };
  const file = (path: string) => (snapshot: string) => documentUri(cwd, snapshot, path);
  return [
    ...databases.flatMap((database) => databaseChanges(cwd, database, pair)),
    ...files.added.map((path) => pair(file(path), 'add')),
    ...files.modified.map((path) => pair(file(path), 'change')),
    ...files.removed.map((path) => pair(file(path), 'remove')),
  ];
}

function databaseChanges(
  cwd: string,
  { path, state, schema, tables }: DatabaseDiff,
  pair: (make: (snapshot: string) => Uri, op: 'add' | 'remove' | 'change') => Change,
): readonly Change[] {
  const op = { added: 'add', removed: 'remove', changed: 'change' } as const;
  const opOfTable = (name: string) => {
    const own = schema.find((change) => change.type === 'table' && change.name === name);
    return own?.op ?? op[state];
  };
  const schemas =
    schema.length > 0 || state !== 'changed'
      ? [pair((snapshot) => schemaUri(cwd, snapshot, path), op[state])]
      : [];
  return [
    ...schemas,
    ...tables.map(({ name }) =>
      pair((snapshot) => rowsUri(cwd, snapshot, path, name), opOfTable(name)),
    ),
  ];
}
