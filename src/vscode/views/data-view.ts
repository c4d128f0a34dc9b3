// The Data view: what was found, what is covered and what is not.

import {
  EventEmitter,
  env,
  window,
  ColorThemeKind,
  type Disposable,
  type Event,
  type TreeDataProvider,
  type TreeItem,
  type TreeView,
} from 'vscode';
import { formatCount } from '../../core/text/numbers.ts';
import {
  contentsOf,
  dataDirRow,
  databaseRow,
  excludedOf,
  excludedRow,
  filesRow,
  folderRow,
  notCoveredRow,
  storeRow,
} from '../../core/views/data-rows.ts';
import { tableRow } from '../../core/views/snapshot-rows.ts';
import {
  dataDirTooltip,
  databaseTooltip,
  folderTooltip,
  storeTooltip,
  tableTooltip,
} from '../../core/views/data-tooltips.ts';
import { clockNow } from '../clock.ts';
import { DisposableStore } from '../disposables.ts';
import type { Log } from '../log.ts';
import type { ProjectModel } from '../project-model.ts';
import type { Projects } from '../projects.ts';
import { runGuarded } from '../run-guarded.ts';
import { ViewNode, isNodeOf, type NodePayload } from './nodes.ts';
import { tooltip, treeItem } from './tree-item.ts';

const lookingAfterMs = 1000;
const chartColors = {
  light: { line: '#005fb8', text: '#555555' },
  dark: { line: '#4daafc', text: '#b0b0b0' },
};

export class DataView implements TreeDataProvider<ViewNode>, Disposable {
  readonly #projects: Projects;
  readonly #log: Log;
  readonly #owned = new DisposableStore();
  readonly #changed = this.#owned.add(new EventEmitter<ViewNode | undefined>());
  readonly #view: TreeView<ViewNode>;
  #timer: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData: Event<ViewNode | undefined> = this.#changed.event;

  constructor(projects: Projects, log: Log) {
    this.#projects = projects;
    this.#log = log;
    this.#view = this.#owned.add(
      window.createTreeView('savepoint.data', { treeDataProvider: this, showCollapseAll: true }),
    );
    this.#owned.add(projects.onDidChange((project) => this.#onDidChange(project)));
    this.#owned.add(this.#view.onDidChangeVisibility(() => this.#onDidChangeVisibility()));
    this.#updateMessage();
  }

  /** The rows say how old the newest snapshot is. */
  refreshAges(): void {
    if (this.#view.visible) this.#changed.fire(undefined);
  }

  get message(): string | undefined {
    return this.#view.message;
  }

  getTreeItem(node: ViewNode): TreeItem {
    return treeItem(node);
  }

  getParent(node: ViewNode): ViewNode | undefined {
    return node.parent;
  }

  async getChildren(node?: ViewNode): Promise<ViewNode[]> {
    const children = await runGuarded(this.#log, 'data view', () => this.#children(node));
    return children ?? [];
  }

  async resolveTreeItem(item: TreeItem, node: ViewNode): Promise<TreeItem> {
    const text = await runGuarded(this.#log, 'data tooltip', () => tooltipOf(node));
    item.tooltip = text === undefined ? undefined : tooltip(text);
    return item;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#owned.dispose();
  }

  #onDidChangeVisibility(): void {
    this.#tellShown();
    this.refreshAges();
  }

  #tellShown(): void {
    for (const project of this.#projects.all) project.setShown(this.#view.visible);
  }

  #onDidChange(project: ProjectModel | undefined): void {
    if (project === undefined) this.#tellShown();
    this.#updateMessage();
    // While it looks, what was known before stays.
    if (!project?.isLooking) this.#changed.fire(undefined);
  }

  async #children(node: ViewNode | undefined): Promise<ViewNode[]> {
    if (node === undefined) return this.#roots();
    if (isNodeOf(node, 'folder')) return projectNodes(node.project, node);
    if (isNodeOf(node, 'dataDir')) return dataDirNodes(node);
    if (isNodeOf(node, 'liveDatabase')) return tableNodes(node);
    if (isNodeOf(node, 'notCovered')) {
      return node.payload.excluded.map((excluded) =>
        child(node, excludedRow(excluded), { kind: 'excluded', excluded }),
      );
    }
    return [];
  }

  async #roots(): Promise<ViewNode[]> {
    const projects = this.#projects.all;
    // The view has a progress bar meanwhile; no welcome text appears only to go again.
    await this.#projects.loadAll();
    // An empty tree shows the welcome text of the state.
    if (this.#projects.state !== 'found') return [];
    const [only] = projects;
    if (projects.length === 1 && only) return projectNodes(only, undefined);
    return projects.map((project) => {
      const count = project.status?.detection.dataDirs.length ?? 0;
      const row = folderRow(project.name, project.cwd, count);
      return new ViewNode(project, row, { kind: 'folder' }, undefined);
    });
  }

  #updateMessage(): void {
    this.#view.message = this.#messageText() ?? '';
  }

  /** Only where looking takes a while. */
  #lookingText(): string | undefined {
    const since = this.#projects.lookingSinceMs;
    if (since === undefined) return undefined;
    const leftMs = lookingAfterMs - (Date.now() - since);
    if (leftMs <= 0) return 'Looking for data directories...';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#updateMessage(), leftMs);
    return undefined;
  }

  #messageText(): string | undefined {
    const state = this.#projects.state;
    if (state === 'untrusted') return undefined;
    const projects = this.#projects.all;
    if (state === 'starting') return this.#lookingText();
    const error = projects.find((project) => project.error)?.error;
    if (error && this.#projects.problem === 'none') {
      return `Cannot look for data: ${error.message}`;
    }
    if (state !== 'found') return undefined;
    const detections = projects.flatMap(({ status }) => (status ? [status.detection] : []));
    const problem = detections.flatMap(({ configProblems }) => configProblems)[0];
    if (problem) {
      return `${problem.file}, line ${formatCount(problem.line)}: ${problem.message} Its other entries still apply.`;
    }
    const dirs = detections.flatMap(({ dataDirs }) => dataDirs);
    if (dirs.length === 0) {
      return 'No data directory is there now. A restore brings back what a snapshot has.';
    }
    const bounded = detections.find(({ boundHit }) => boundHit);
    if (bounded) {
      return `Stopped looking after ${formatCount(bounded.foldersLookedAt)} folders. Missing something? Choose it by hand.`;
    }
    const guesses = dirs.filter(({ confidence }) => confidence === 'guess').length;
    if (guesses === 0 || dirs.length === 1) return undefined;
    return `${guesses} of ${dirs.length} ${guesses === 1 ? 'is a guess' : 'are guesses'}. Right-click to leave one out.`;
  }
}

function child(parent: ViewNode, row: ViewNode['row'], payload: NodePayload): ViewNode {
  return new ViewNode(parent.project, row, payload, parent);
}

function projectNodes(project: ProjectModel, parent: ViewNode | undefined): ViewNode[] {
  const { status } = project;
  if (!status) return [];
  const make = (row: ViewNode['row'], payload: NodePayload) =>
    new ViewNode(project, row, payload, parent);
  const { dataDirs } = status.detection;
  const nodes = dataDirs.map((dir) =>
    make(dataDirRow(dir, status.newest, clockNow(), dataDirs.length === 1), {
      kind: 'dataDir',
      dir,
    }),
  );
  const excluded = excludedOf(dataDirs);
  if (excluded.length > 0) {
    nodes.push(make(notCoveredRow(excluded.length), { kind: 'notCovered', excluded }));
  }
  nodes.push(make(storeRow(status), { kind: 'store', status }));
  return nodes;
}

function dataDirNodes(node: ViewNode): ViewNode[] {
  if (!isNodeOf(node, 'dataDir')) return [];
  const { dir } = node.payload;
  const databases = dir.databases.map((database) =>
    child(node, databaseRow(dir, database), { kind: 'liveDatabase', database }),
  );
  const folders = contentsOf(dir).map((contents) =>
    child(node, filesRow(dir, contents), { kind: 'files', path: contents.path }),
  );
  return [...databases, ...folders];
}

async function tableNodes(node: ViewNode): Promise<ViewNode[]> {
  if (!isNodeOf(node, 'liveDatabase')) return [];
  const { path } = node.payload.database;
  const tables = await node.project.remote.tables('live', path);
  return tables.map((table) =>
    child(node, tableRow('live', path, table), { kind: 'liveTable', database: path, table }),
  );
}

async function tooltipOf(node: ViewNode): Promise<string | undefined> {
  if (isNodeOf(node, 'folder')) return folderTooltip(node.project.cwd, node.project.status);
  if (isNodeOf(node, 'dataDir')) {
    const history = await node.project.remote.list({ limit: 30 });
    return dataDirTooltip(node.payload.dir, history, chartColors[themeKind()]);
  }
  if (isNodeOf(node, 'liveDatabase')) return databaseTooltip(node.payload.database);
  if (isNodeOf(node, 'liveTable')) {
    return tableTooltip(node.payload.database, node.payload.table);
  }
  if (isNodeOf(node, 'store')) {
    return storeTooltip(node.payload.status, remoteText(), clockNow());
  }
  return node.row.spoken;
}

/** An image in a tooltip cannot read theme colours. */
function themeKind(): keyof typeof chartColors {
  const { kind } = window.activeColorTheme;
  const isLight = kind === ColorThemeKind.Light || kind === ColorThemeKind.HighContrastLight;
  return isLight ? 'light' : 'dark';
}

/** `SSH: host` and the like: the store is where the data is. */
function remoteText(): string | undefined {
  return env.remoteName === undefined ? undefined : `the remote side (${env.remoteName})`;
}
