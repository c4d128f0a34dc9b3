// The Snapshots view: headings by day, snapshots under them, what each holds below.

import {
  EventEmitter,
  window,
  workspace,
  type Disposable,
  type Event,
  type TreeDataProvider,
  type TreeItem,
  type TreeView,
} from 'vscode';
import type { SnapshotEntry } from '../../core/documents/documents.ts';
import { formatCount } from '../../core/format/numbers.ts';
import { errorText } from '../../core/views/error-text.ts';
import { localDay, timeOfDay } from '../../core/format/time.ts';
import { groupRow, moreRow } from '../../core/views/day-groups.ts';
import { folderRow } from '../../core/views/data-rows.ts';
import { interruptedText } from '../../core/views/restore-texts.ts';
import { changesRow, snapshotMismatchesRow, snapshotRow } from '../../core/views/snapshot-rows.ts';
import { snapshotTooltip } from '../../core/views/snapshot-tooltip.ts';
import { clockNow } from '../host/clock.ts';
import { setContextKey } from '../host/context-keys.ts';
import { DisposableStore } from '../host/disposables.ts';
import type { Log } from '../host/log.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import type { Projects } from '../projects/projects.ts';
import { createCoalesced } from '../host/run-coalesced.ts';
import { runGuarded } from '../host/run-guarded.ts';
import { EngineError } from '../../core/errors.ts';
import { checkChildren } from './check-nodes.ts';
import { checkTooltip } from './check-tooltips.ts';
import { contentNodes } from './content-nodes.ts';
import { ViewNode, isNodeOf, type NodePayload } from './nodes.ts';
import { SnapshotChecks } from './snapshot-checks.ts';
import { SnapshotList, pageSize, type ListFilter } from './snapshot-list.ts';
import { tooltip, treeItem } from './tree-item.ts';

type GroupPayload = Extract<NodePayload, { kind: 'group' }>;

/** One project's part of the view; its nodes stay the same objects, so that single ones can be refreshed. */
interface Part {
  readonly list: SnapshotList;
  readonly folderNode: ViewNode;
  readonly groupNodes: Map<string, ViewNode<GroupPayload>>;
  readonly refresh: () => Promise<void>;
}

export class SnapshotsView implements TreeDataProvider<ViewNode>, Disposable {
  readonly #projects: Projects;
  readonly #log: Log;
  readonly #owned = new DisposableStore();
  readonly #changed = this.#owned.add(new EventEmitter<ViewNode | undefined>());
  readonly #view: TreeView<ViewNode>;
  readonly #parts = new Map<string, Part>();
  readonly #checks = new SnapshotChecks();
  #filter: { readonly options: ListFilter; readonly words: string } | undefined;

  readonly onDidChangeTreeData: Event<ViewNode | undefined> = this.#changed.event;

  constructor(projects: Projects, log: Log) {
    this.#projects = projects;
    this.#log = log;
    this.#view = this.#owned.add(
      window.createTreeView('savepoint.snapshots', {
        treeDataProvider: this,
        showCollapseAll: true,
        canSelectMany: true,
      }),
    );
    this.#owned.add(projects.onDidChange((project) => this.#onDidChange(project)));
    this.#owned.add(projects.onDidChangeSnapshots((project) => void this.refresh(project)));
    this.#owned.add(this.#view.onDidChangeVisibility(() => this.refreshAges()));
    setContextKey('savepoint.filtered', false);
  }

  get message(): string | undefined {
    return this.#view.message;
  }

  get filter(): ListFilter | undefined {
    return this.#filter?.options;
  }

  /** @param words what it lets through, for the message. */
  setFilter(options: ListFilter | undefined, words: string): void {
    this.#filter = options && { options, words };
    for (const { list } of this.#parts.values()) list.setFilter(options ?? {});
    setContextKey('savepoint.filtered', options !== undefined);
    this.#changed.fire(undefined);
  }

  async refresh(project: ProjectModel): Promise<void> {
    await runGuarded(this.#log, 'snapshots view', this.#part(project).refresh);
  }

  /** Ages and headings go on without anything happening. */
  refreshAges(): void {
    if (this.#view.visible) this.#changed.fire(undefined);
  }

  /** Selects a snapshot that was just taken, without moving the focus or opening the view. */
  async reveal(project: ProjectModel, id: string): Promise<void> {
    await this.#part(project).refresh();
    if (!this.#view.visible || this.#projects.state === 'none') return;
    for (const group of await this.getChildren(this.#rootOf(project))) {
      const children = await this.getChildren(group);
      const node = children.find(
        (child) => isNodeOf(child, 'snapshot') && child.payload.entry.id === id,
      );
      if (node) {
        await this.#view.reveal(node, { select: true, focus: false });
        return;
      }
      // The newest one is under the first heading with entries, or a filter hides it.
      break;
    }
  }

  /** Jumps to a snapshot, however old it is; what hides it goes. */
  async jumpTo(project: ProjectModel, entry: SnapshotEntry): Promise<void> {
    if (this.#filter) this.setFilter(undefined, '');
    const { list } = this.#part(project);
    const day = localDay(Date.parse(entry.createdAt), clockNow());
    for (const group of await this.getChildren(this.#rootOf(project))) {
      if (!isNodeOf(group, 'group')) continue;
      const { fromDay, toDay } = group.payload.group;
      if (day < fromDay || day > toDay) continue;
      await list.loadTo(group.payload.group, entry.id);
      this.#changed.fire(group);
      const node = (await this.getChildren(group)).find(
        (child) => isNodeOf(child, 'snapshot') && child.payload.entry.id === entry.id,
      );
      if (node) await this.#view.reveal(node, { select: true, focus: true });
      return;
    }
  }

  async showMore(node: ViewNode): Promise<void> {
    if (isNodeOf(node, 'moreMismatches')) {
      this.#checks.showMore(node);
      this.#changed.fire(node.parent);
    }
    if (!isNodeOf(node, 'more')) return;
    await this.#part(node.project).list.more(node.payload.group);
    this.#changed.fire(node.parent);
  }

  getTreeItem(node: ViewNode): TreeItem {
    return treeItem(node);
  }

  getParent(node: ViewNode): ViewNode | undefined {
    return node.parent;
  }

  async getChildren(node?: ViewNode): Promise<ViewNode[]> {
    return (await runGuarded(this.#log, 'snapshots view', () => this.#children(node))) ?? [];
  }

  async resolveTreeItem(item: TreeItem, node: ViewNode): Promise<TreeItem> {
    const text = await runGuarded(this.#log, 'snapshot tooltip', async () => {
      if (!isNodeOf(node, 'snapshot')) return checkTooltip(node);
      const { entry } = node.payload;
      const manifest = await node.project.engine.show(entry.id);
      return snapshotTooltip(entry, manifest, clockNow());
    });
    item.tooltip = tooltip(text ?? node.row.spoken);
    return item;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #part(project: ProjectModel): Part {
    const known = this.#parts.get(project.cwd);
    if (known) return known;
    const list = new SnapshotList(project.engine);
    list.setFilter(this.#filter?.options ?? {});
    const folderNode = new ViewNode(
      project,
      folderRowOf(project, false),
      { kind: 'folder' },
      undefined,
    );
    const part: Part = {
      list,
      folderNode,
      groupNodes: new Map(),
      refresh: createCoalesced(() => this.#refreshPart(part)),
    };
    this.#parts.set(project.cwd, part);
    return part;
  }

  async #refreshPart({ list, groupNodes }: Part): Promise<void> {
    const { groups, entries } = await list.refresh(clockNow());
    if (groups) this.#changed.fire(undefined);
    else {
      for (const id of entries) {
        const node = groupNodes.get(id);
        if (node) this.#changed.fire(node);
      }
    }
    this.#updateMessage();
  }

  #onDidChange(project: ProjectModel | undefined): void {
    if (project === undefined) {
      // Headings may stand under a folder now, or not any more.
      this.#parts.clear();
      this.#changed.fire(undefined);
    } else if (this.#projects.all.length > 1 && !project.isLooking) {
      // Whether it has data stands in its row.
      this.#changed.fire(undefined);
    }
    this.#updateMessage();
  }

  /** The folder node of a project, where the window has several. */
  #rootOf(project: ProjectModel): ViewNode | undefined {
    if (this.#projects.all.length <= 1) return undefined;
    return this.#part(project).folderNode;
  }

  async #children(node: ViewNode | undefined): Promise<ViewNode[]> {
    if (node === undefined) return this.#roots();
    if (isNodeOf(node, 'folder')) return this.#groupNodes(node.project, node);
    if (isNodeOf(node, 'group')) return this.#snapshotNodes(node);
    if (isNodeOf(node, 'snapshot')) {
      return [
        ...(await this.#changesNodes(node)),
        ...mismatchesNodes(node),
        ...(await contentNodes(node)),
      ];
    }
    if (isNodeOf(node, 'snapshotMismatches')) return this.#checks.nodes(node);
    const found = checkChildren(node, this.#checks.shown);
    if (found) return found;
    return contentNodes(node);
  }

  async #roots(): Promise<ViewNode[]> {
    const projects = this.#projects.all;
    void this.#projects.loadAll();
    const [only] = projects;
    if (only === undefined) return [];
    if (projects.length === 1) return this.#groupNodes(only, undefined);
    const groups = await Promise.all(
      projects.map(async (project) => this.#groupNodes(project, this.#rootOf(project))),
    );
    // Nothing anywhere: the welcome text of an empty view.
    if (groups.every(({ length }) => length === 0)) return [];
    return projects.map((project, index) => {
      const { folderNode } = this.#part(project);
      const isEmpty = this.#filter === undefined && groups[index]?.length === 0;
      folderNode.row = folderRowOf(project, isEmpty);
      return folderNode;
    });
  }

  async #groupNodes(project: ProjectModel, parent: ViewNode | undefined): Promise<ViewNode[]> {
    const { list, groupNodes } = this.#part(project);
    let groups;
    try {
      groups = await list.groups(clockNow());
      this.#updateMessage();
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      this.#log.warn(`${project.cwd}: ${error.message}`);
      // A newer store has a welcome text; what else fails is said above the rows that were there.
      if (error.code !== 'STORE_NEWER') {
        this.#view.message = `Cannot read the store: ${errorText(error)}`;
      }
      groups = list.loadedGroups;
    }
    const nodes = groups.map((group) => {
      const payload = { kind: 'group', group } as const;
      const row = groupRow(group);
      const node = groupNodes.get(group.id) ?? new ViewNode(project, row, payload, parent);
      return Object.assign(node, { payload, row });
    });
    groupNodes.clear();
    for (const node of nodes) groupNodes.set(node.payload.group.id, node);
    return nodes;
  }

  async #snapshotNodes(node: ViewNode): Promise<ViewNode[]> {
    if (!isNodeOf(node, 'group')) return [];
    const { project, payload } = node;
    const entries = await this.#part(project).list.entries(payload.group);
    const clock = clockNow();
    const nodes: ViewNode[] = entries.map((entry) => {
      const row = snapshotRow(entry, clock);
      return new ViewNode(project, row, { kind: 'snapshot', entry }, node);
    });
    const { group } = payload;
    if (entries.length < group.count && entries.length % pageSize === 0) {
      const row = moreRow(group.id, entries.length, group.count, pageSize);
      nodes.push(new ViewNode(project, row, { kind: 'more', group }, node));
    }
    return nodes;
  }

  async #changesNodes(node: ViewNode): Promise<ViewNode[]> {
    if (!isNodeOf(node, 'snapshot')) return [];
    const { project, payload } = node;
    const { entry } = payload;
    if (entry.changes === null || entry.unchanged) return [];
    const before = await this.#part(project).list.before(entry);
    if (before === undefined) return [];
    const time = timeOfDay(Date.parse(before.createdAt), clockNow());
    const row = changesRow(entry.id, entry.changes, time);
    return [new ViewNode(project, row, { kind: 'changes', entry, before }, node)];
  }

  #updateMessage(): void {
    this.#view.message = this.#messageText() ?? '';
  }

  #messageText(): string | undefined {
    const pending = this.#projects.all.flatMap(({ status }) => status?.pending ?? [])[0];
    if (pending) return interruptedText(pending, clockNow());
    if (!workspace.isTrusted) return 'Restricted Mode: look, but not take or restore.';
    if (!this.#filter) return undefined;
    const shown = [...this.#parts.values()].reduce((sum, { list }) => sum + list.count, 0);
    const all = this.#projects.all.reduce(
      (sum, { status }) => sum + (status?.store.snapshots ?? 0),
      0,
    );
    return `Showing ${formatCount(shown)} of ${formatCount(all)}: ${this.#filter.words}.`;
  }
}

function mismatchesNodes(node: ViewNode): ViewNode[] {
  if (!isNodeOf(node, 'snapshot')) return [];
  const { entry } = node.payload;
  // Checking reads databases: not in Restricted Mode.
  const row = snapshotMismatchesRow(entry, workspace.isTrusted);
  return row ? [new ViewNode(node.project, row, { kind: 'snapshotMismatches', entry }, node)] : [];
}

function folderRowOf({ name, cwd, status }: ProjectModel, isEmpty: boolean): ViewNode['row'] {
  return folderRow(name, cwd, status?.detection.dataDirs.length ?? 0, isEmpty);
}
