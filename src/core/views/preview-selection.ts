// Which boxes of a restore preview are ticked, and what that means for the restore. Only what is left
// out is remembered; what comes to differ while one looks is ticked where all beside it is.

import type { RestoreOptions } from '../documents/options.ts';
import { isWithin } from '../names.ts';
import {
  leafKeys,
  rootsOf,
  type ChangeNode,
  type ChangeTree,
  type DatabaseNode,
  type FileNode,
  type FolderNode,
} from './change-tree.ts';

/** Keys of what is left out: `leafKeys`. */
export type LeftOut = ReadonlySet<string>;

/** What the ticks add to the options of a restore; empty where everything is ticked. */
export interface SelectionOptions {
  readonly only?: readonly string[];
  readonly except?: readonly string[];
  readonly exceptTable?: readonly string[];
}

export interface BoxState {
  /** True where anything in it is ticked: an empty box means that nothing in here is touched. */
  readonly isTicked: boolean;
  readonly ticked: number;
  readonly all: number;
}

/** Undefined for a row without a box. */
export function boxOf(node: ChangeNode, leftOut: LeftOut): BoxState | undefined {
  const keys = leafKeys(node);
  if (keys.length === 0) return undefined;
  const ticked = keys.filter((key) => !leftOut.has(key)).length;
  return { isTicked: ticked > 0, ticked, all: keys.length };
}

/** Sets all that is in `node`, or none of it. */
export function withBox(leftOut: LeftOut, node: ChangeNode, isTicked: boolean): LeftOut {
  const next = new Set(leftOut);
  for (const key of leafKeys(node)) {
    if (isTicked) next.delete(key);
    else next.add(key);
  }
  return next;
}

/** Everything left out but what is in these nodes. */
export function onlyThese(tree: ChangeTree, nodes: readonly ChangeNode[]): LeftOut {
  const wanted = new Set(nodes.flatMap(leafKeys));
  return new Set(
    rootsOf(tree)
      .flatMap(leafKeys)
      .filter((key) => !wanted.has(key)),
  );
}

/** Everything left out but what is at or below one of these paths. */
export function onlyPaths(tree: ChangeTree, paths: readonly string[]): LeftOut {
  return onlyThese(
    tree,
    rootsOf(tree).flatMap((root) => nodesWithin(root, paths)),
  );
}

/**
 * The ticks of a newer tree: what was not there before is left out wherever something beside it is, so
 * that "only this" stays that while an application writes other things.
 */
export function leftOutAnew(before: ChangeTree, after: ChangeTree, leftOut: LeftOut): LeftOut {
  const known = new Set(rootsOf(before).flatMap(leafKeys));
  const next = new Set(leftOut);
  const add = (nodes: readonly ChangeNode[], isWhole: boolean): void => {
    for (const node of nodes) {
      const keys = leafKeys(node);
      const old = keys.filter((key) => known.has(key));
      if (old.length > 0) {
        if ('children' in node) add(node.children, !old.some((key) => leftOut.has(key)));
      } else if (!isWhole) for (const key of keys) next.add(key);
    }
  };
  add(rootsOf(after), ![...known].some((key) => leftOut.has(key)));
  return next;
}

export function isNothingTicked(tree: ChangeTree, leftOut: LeftOut): boolean {
  return rootsOf(tree).every((root) => boxOf(root, leftOut)?.isTicked !== true);
}

/**
 * The shorter of what is restored and what is not, as few paths as can say it.
 * @param canSayOnly false where the restore is bound to certain paths already.
 */
export function selectionOptions(
  tree: ChangeTree,
  leftOut: LeftOut,
  canSayOnly: boolean,
): SelectionOptions {
  const gone = gather(tree, (key) => leftOut.has(key));
  if (gone.paths.length + gone.tables.length === 0) return {};
  const tables = gone.tables.length > 0 ? { exceptTable: gone.tables } : {};
  const kept = gather(tree, (key) => !leftOut.has(key));
  if (canSayOnly && kept.paths.length + kept.partly.length < gone.paths.length) {
    return { only: [...kept.partly, ...kept.paths], ...tables };
  }
  return { ...(gone.paths.length > 0 ? { except: gone.paths } : {}), ...tables };
}

/** What `base` leaves out stays left out, whatever is ticked of the rest. */
export function withTicks(base: RestoreOptions, ticks: SelectionOptions): RestoreOptions {
  const except = [...(base.except ?? []), ...(ticks.except ?? [])];
  const exceptTable = [...(base.exceptTable ?? []), ...(ticks.exceptTable ?? [])];
  return {
    ...base,
    ...ticks,
    ...(except.length > 0 && { except }),
    ...(exceptTable.length > 0 && { exceptTable }),
  };
}

interface Gathered {
  readonly paths: string[];
  readonly tables: string[];
  /** Databases of which some tables are meant. */
  readonly partly: string[];
}

function gather(tree: ChangeTree, isMeant: (key: string) => boolean): Gathered {
  const gathered: Gathered = { paths: [], tables: [], partly: [] };
  for (const node of tree.databases) gatherDatabase(node, isMeant, gathered);
  for (const node of tree.files) gatherFiles(node, isMeant, tree, gathered);
  return gathered;
}

function gatherDatabase(
  node: DatabaseNode,
  isMeant: (key: string) => boolean,
  { paths, tables, partly }: Gathered,
): void {
  const keys = leafKeys(node);
  if (keys.every(isMeant)) {
    paths.push(node.path);
    return;
  }
  const meant = node.children.flatMap((child) =>
    child.kind === 'table' && leafKeys(child).some(isMeant) ? [child.table.name] : [],
  );
  tables.push(...meant.map((name) => `${node.path}:${name}`));
  if (meant.length > 0) partly.push(node.path);
}

function gatherFiles(
  node: FolderNode | FileNode,
  isMeant: (key: string) => boolean,
  tree: ChangeTree,
  gathered: Gathered,
): void {
  // A database below it has its own box.
  const holdsDatabase = tree.databases.some(({ path }) => isWithin(path, node.path));
  if (!holdsDatabase && leafKeys(node).every(isMeant)) gathered.paths.push(node.path);
  else if (node.kind === 'folder') {
    for (const child of node.children) gatherFiles(child, isMeant, tree, gathered);
  }
}

function nodesWithin(node: ChangeNode, paths: readonly string[]): readonly ChangeNode[] {
  if (node.kind === 'schema' || node.kind === 'table') return [];
  if (paths.some((path) => isWithin(node.path, path))) return [node];
  return node.kind === 'folder' ? node.children.flatMap((child) => nodesWithin(child, paths)) : [];
}
