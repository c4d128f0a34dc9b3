// What a snapshot holds: folders, files, and databases with their schema and tables.

import { entryRow, schemaRow, tableRow } from '../../core/views/snapshot-rows.ts';
import { ViewNode, isNodeOf } from './nodes.ts';

export async function contentNodes(node: ViewNode): Promise<ViewNode[]> {
  if (isNodeOf(node, 'snapshot')) return folderNodes(node, node.payload.entry.id, '');
  if (isNodeOf(node, 'dir')) return folderNodes(node, node.payload.snapshot, node.payload.path);
  if (isNodeOf(node, 'database')) return databaseNodes(node);
  return [];
}

async function folderNodes(node: ViewNode, snapshot: string, folder: string): Promise<ViewNode[]> {
  const entries = await node.project.engine.browse(snapshot, folder);
  return entries.map((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    const kind =
      entry.kind === 'directory' ? 'dir' : entry.kind === 'database' ? 'database' : 'file';
    const row = entryRow(snapshot, path, entry);
    return new ViewNode(node.project, row, { kind, snapshot, path, entry }, node);
  });
}

async function databaseNodes(node: ViewNode): Promise<ViewNode[]> {
  if (!isNodeOf(node, 'database')) return [];
  const { project, payload } = node;
  const { snapshot, path } = payload;
  const tables = await project.engine.tables(snapshot, path);
  const schema = { kind: 'schema', snapshot, path } as const;
  return [
    new ViewNode(project, schemaRow(snapshot, path), schema, node),
    ...tables.map((table) => {
      const row = tableRow(`snapshot/${snapshot}`, path, table);
      return new ViewNode(project, row, { kind: 'table', snapshot, path, table }, node);
    }),
  ];
}
