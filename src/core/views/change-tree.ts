// What differs, as the tree of the third view: databases with their schema and tables, then folders.
// The same tree serves a restore preview and a comparison; what its rows say is in preview-rows.ts.

import { byName } from '../compare-text.ts';
import type {
  DatabaseDiff,
  DatabasePlan,
  DiffDocument,
  FileChange,
  RestorePlanDocument,
  SchemaChange,
  TableDiff,
} from '../documents/documents.ts';
import { isWithin, segmentsOf } from '../names.ts';
import { below } from '../format/names.ts';

/** A database that differs; `method` is null in a comparison. */
export interface ChangedDatabase {
  readonly path: string;
  readonly diff: DatabaseDiff | null;
  readonly method: DatabasePlan['method'] | null;
  /** True where its tables can be chosen one by one. */
  readonly isChoosable: boolean;
  readonly wholeBecause: string | null;
  readonly openIn: readonly string[];
}

export interface DatabaseNode {
  readonly kind: 'database';
  readonly path: string;
  /** As it stands below the data directory. */
  readonly name: string;
  readonly database: ChangedDatabase;
  readonly children: readonly (SchemaNode | TableNode)[];
}

export interface SchemaNode {
  readonly kind: 'schema';
  readonly database: ChangedDatabase;
  readonly changes: readonly SchemaChange[];
}

export interface TableNode {
  readonly kind: 'table';
  readonly database: ChangedDatabase;
  readonly table: TableDiff;
}

export interface FolderNode {
  readonly kind: 'folder';
  readonly path: string;
  /** Folders with one child are one row: `alpha/main/gemini/pro`. */
  readonly name: string;
  readonly children: readonly (FolderNode | FileNode)[];
}

export interface FileNode {
  readonly kind: 'file';
  readonly path: string;
  readonly name: string;
  readonly change: FileChange;
}

export type ChangeNode = DatabaseNode | SchemaNode | TableNode | FolderNode | FileNode;
type RootNode = DatabaseNode | FolderNode | FileNode;

export interface ChangeTree {
  readonly databases: readonly DatabaseNode[];
  /** Deletions last. */
  readonly files: readonly (FolderNode | FileNode)[];
}

/** @param dataDirs paths of the data directories, which the names leave out where there is one. */
export function planTree(plan: RestorePlanDocument, dataDirs: readonly string[]): ChangeTree {
  const databases = plan.databases
    .filter(({ method }) => method !== 'none')
    .map(({ path, diff, method, wholeBecause, openIn }): ChangedDatabase => {
      const isWhole = diff === null || diff.state !== 'changed' || diff.problem !== null;
      const isChoosable =
        method === 'live' && !isWhole && wholeBecause === null && diff.tables.length > 0;
      return { path, diff, method, isChoosable, wholeBecause, openIn };
    });
  return changeTree(databases, plan.fileChanges, dataDirs);
}

export function diffTree(diff: DiffDocument, dataDirs: readonly string[]): ChangeTree {
  const databases = diff.databases.map((database): ChangedDatabase => {
    const facts = { method: null, isChoosable: false, wholeBecause: null, openIn: [] };
    return { path: database.path, diff: database, ...facts };
  });
  return changeTree(databases, diff.fileChanges, dataDirs);
}

/** Keys of what is ticked or not by itself: files, tables, and databases without such a choice. */
export function leafKeys(node: ChangeNode): readonly string[] {
  switch (node.kind) {
    case 'database':
      return node.database.isChoosable
        ? node.children.flatMap((child) => (child.kind === 'table' ? leafKeys(child) : []))
        : [pathKey(node.path)];
    case 'schema':
      return [];
    case 'table':
      return node.database.isChoosable ? [tableKey(node.database.path, node.table.name)] : [];
    case 'folder':
      return node.children.flatMap(leafKeys);
    case 'file':
      return [pathKey(node.path)];
  }
}

/** Every root of the tree, in the order in which they are shown. */
export function rootsOf({ databases, files }: ChangeTree): readonly RootNode[] {
  return [...databases, ...files];
}

/** Of a folder and all that is in it, counted. */
export function countChanges(node: FolderNode | FileNode): { written: number; deleted: number } {
  if (node.kind === 'file') {
    const isDeleted = node.change.op === 'remove';
    return { written: isDeleted ? 0 : 1, deleted: isDeleted ? 1 : 0 };
  }
  const counts = node.children.map(countChanges);
  return {
    written: counts.reduce((sum, { written }) => sum + written, 0),
    deleted: counts.reduce((sum, { deleted }) => sum + deleted, 0),
  };
}

export function pathKey(path: string): string {
  return `path/${path}`;
}

export function tableKey(database: string, table: string): string {
  return `table/${database}:${table}`;
}

function changeTree(
  changed: readonly ChangedDatabase[],
  fileChanges: readonly FileChange[],
  dataDirs: readonly string[],
): ChangeTree {
  const paths = [...changed, ...fileChanges].map(({ path }) => path);
  const top = dataDirs.find((dir) => dir !== '.' && paths.every((path) => isWithin(path, dir)));
  const databases = changed.map((database): DatabaseNode => ({
    kind: 'database',
    path: database.path,
    name: below(database.path, top ?? ''),
    database,
    children: databaseChildren(database),
  }));
  return { databases, files: fileNodes(fileChanges, top ?? '') };
}

function databaseChildren(database: ChangedDatabase): readonly (SchemaNode | TableNode)[] {
  const { diff } = database;
  if (diff === null) return [];
  const schema: SchemaNode[] =
    diff.schema.length > 0 ? [{ kind: 'schema', database, changes: diff.schema }] : [];
  return [
    ...schema,
    ...diff.tables.map((table): TableNode => ({ kind: 'table', database, table })),
  ];
}

interface Branch {
  readonly path: string;
  readonly folders: Map<string, Branch>;
  readonly files: FileNode[];
}

function fileNodes(
  changes: readonly FileChange[],
  top: string,
): readonly (FolderNode | FileNode)[] {
  const root: Branch = { path: top, folders: new Map(), files: [] };
  const holders = new Set(changes.flatMap(({ path }) => foldersAbove(path)));
  for (const change of changes) {
    // A folder whose own mode or time changes is one with the row of what changes in it.
    if (change.kind === 'directory' && holders.has(change.path)) continue;
    const segments = segmentsOf(below(change.path, top));
    const branch = branchAt(root, segments.slice(0, -1));
    const name = segments.at(-1) ?? change.path;
    branch.files.push({ kind: 'file', path: change.path, name, change });
  }
  return nodesOf(root);
}

function branchAt(root: Branch, names: readonly string[]): Branch {
  let branch = root;
  for (const name of names) {
    let next = branch.folders.get(name);
    if (next === undefined) {
      const path =
        branch.path === '' || branch.path === '/'
          ? `${branch.path}${name}`
          : `${branch.path}/${name}`;
      next = { path, folders: new Map(), files: [] };
      branch.folders.set(name, next);
    }
    branch = next;
  }
  return branch;
}

function nodesOf(branch: Branch): readonly (FolderNode | FileNode)[] {
  const folders = Array.from(branch.folders, ([name, folder]) => folderNode(name, folder));
  const files = branch.files.toSorted(byName);
  const nodes = [...folders.toSorted(byName), ...files];
  const isGone = (node: FolderNode | FileNode): boolean => countChanges(node).written === 0;
  return [...nodes.filter((node) => !isGone(node)), ...nodes.filter(isGone)];
}

function folderNode(name: string, branch: Branch): FolderNode {
  const [only] = branch.folders;
  if (only !== undefined && branch.folders.size === 1 && branch.files.length === 0) {
    const [childName, child] = only;
    return folderNode(name === '/' ? `/${childName}` : `${name}/${childName}`, child);
  }
  return { kind: 'folder', path: branch.path, name, children: nodesOf(branch) };
}

function foldersAbove(path: string): readonly string[] {
  const folders: string[] = [];
  for (let slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
    folders.push(path.slice(0, slash));
  }
  return folders;
}
