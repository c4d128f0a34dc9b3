// The Data view: what was found, what is covered and what is not.

import {
  EventEmitter,
  env,
  window,
  type Disposable,
  type Event,
  type TreeDataProvider,
  type TreeItem,
  type TreeView,
  type ViewBadge,
} from 'vscode';
import type { TableInfo } from '../../core/documents/browse.ts';
import type { DetectedDatabase } from '../../core/documents/documents.ts';
import { formatCount, plural } from '../../core/format/numbers.ts';
import { ago } from '../../core/format/time.ts';
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
import { coverageRow, coverageTooltip, notCoveredOf } from '../../core/views/coverage-rows.ts';
import { tableRow } from '../../core/views/snapshot-rows.ts';
import {
  dataDirTooltip,
  databaseTooltip,
  folderTooltip,
  storeTooltip,
  tableTooltip,
} from '../../core/views/data-tooltips.ts';
import { branchRow, unguardedRow, unguardedTooltip } from '../../core/views/guard-rows.ts';
import { chartColors } from '../../core/views/history-chart.ts';
import { mismatchPage, newCount } from '../../core/views/mismatch-rows.ts';
import { clockNow } from '../host/clock.ts';
import { chartTheme } from '../host/chart-theme.ts';
import { DisposableStore } from '../host/disposables.ts';
import type { Notices } from './notices.ts';
import type { Log } from '../host/log.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import type { Projects } from '../projects/projects.ts';
import { createCoalesced } from '../host/run-coalesced.ts';
import { runGuarded } from '../host/run-guarded.ts';
import { checkChildren, checkNodes } from './check-nodes.ts';
import { checkTooltip } from './check-tooltips.ts';
import { ViewNode, isNodeOf, type NodePayload } from './nodes.ts';
import { tooltip, treeItem } from './tree-item.ts';

const lookingAfterMs = 1000;
/** Where one from before an event is looked for. */
const newestLookedAt = 100;

export class DataView implements TreeDataProvider<ViewNode>, Disposable {
  readonly #projects: Projects;
  readonly #notices: Notices;
  readonly #log: Log;
  readonly #owned = new DisposableStore();
  readonly #changed = this.#owned.add(new EventEmitter<ViewNode | undefined>());
  readonly #view: TreeView<ViewNode>;
  /** How many mismatches of a rule are shown, where somebody asked for more. */
  readonly #shownMismatches = new Map<string, number>();
  readonly #opened = new Set<string>();
  #shownText = '';
  #timer: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData: Event<ViewNode | undefined> = this.#changed.event;

  constructor(projects: Projects, notices: Notices, log: Log) {
    this.#projects = projects;
    this.#notices = notices;
    this.#log = log;
    this.#view = this.#owned.add(
      window.createTreeView('savepoint.data', { treeDataProvider: this, showCollapseAll: true }),
    );
    this.#owned.add(projects.onDidChange((project) => this.#onDidChange(project)));
    this.#owned.add(notices.onDidChange(() => this.#changed.fire(undefined)));
    this.#owned.add(this.#view.onDidChangeVisibility(() => this.#onDidChangeVisibility()));
    this.#owned.add(this.#view.onDidExpandElement(({ element }) => this.#opened.add(element.id)));
    this.#owned.add(
      this.#view.onDidCollapseElement(({ element }) => this.#opened.delete(element.id)),
    );
    this.#updateMessage();
  }

  /** The rows say how old the newest snapshot is. */
  refreshAges(): void {
    if (this.#view.visible) this.#changed.fire(undefined);
  }

  get message(): string | undefined {
    return this.#view.message;
  }

  get badge(): ViewBadge | undefined {
    return this.#view.badge;
  }

  /** Opens the mismatches of a project, in the view that is opened for it. */
  async revealMismatches(project: ProjectModel): Promise<void> {
    const roots = await this.getChildren();
    const folder = roots.find((node) => isNodeOf(node, 'folder') && node.project === project);
    const nodes = folder ? await this.getChildren(folder) : roots;
    const node = nodes.find((child) => isNodeOf(child, 'mismatches') && child.project === project);
    if (node) await this.#view.reveal(node, { select: true, focus: true, expand: true });
  }

  showMore(node: ViewNode): void {
    if (!isNodeOf(node, 'moreMismatches') || !node.parent) return;
    this.#shownMismatches.set(node.parent.id, node.payload.shown + mismatchPage);
    this.#changed.fire(node.parent);
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
    this.#updateBadge();
    // While it looks, what was known before stays.
    if (project?.isLooking) return;
    if (project === undefined) this.#changed.fire(undefined);
    else void runGuarded(this.#log, 'data view', this.#refreshIfOther);
  }

  /** A refresh takes hovers away: an application that writes all the time causes one only where rows differ. */
  readonly #refreshIfOther = createCoalesced(async () => {
    // Nobody looks: what it shows is asked for when somebody does.
    if (!this.#view.visible) {
      this.#changed.fire(undefined);
      return;
    }
    const text = await this.#textOf(undefined);
    if (text !== this.#shownText) this.#changed.fire(undefined);
    this.#shownText = text;
  });

  /** The rows that are shown from the start, and the tables that were opened. */
  async #textOf(parent: ViewNode | undefined): Promise<string> {
    const lines: string[] = [];
    for (const node of await this.#children(parent)) {
      lines.push(JSON.stringify([node.id, node.row]));
      const isOpen = node.row.expand === 'expanded' || this.#opened.has(node.id);
      if (isOpen || isNodeOf(node, 'rule')) lines.push(await this.#textOf(node));
    }
    return lines.join('\n');
  }

  async #children(node: ViewNode | undefined): Promise<ViewNode[]> {
    if (node === undefined) return this.#roots();
    if (isNodeOf(node, 'folder')) return projectNodes(node.project, node, this.#notices);
    if (isNodeOf(node, 'dataDir')) return dataDirNodes(node);
    if (isNodeOf(node, 'liveDatabase')) return tableNodes(node);
    const found = checkChildren(node, this.#shownMismatches);
    if (found) return found;
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
    if (projects.length === 1 && only) return projectNodes(only, undefined, this.#notices);
    return projects.map((project) => {
      const count = project.status?.detection.dataDirs.length ?? 0;
      const row = folderRow(project.name, project.cwd, count);
      return new ViewNode(project, row, { kind: 'folder' }, undefined);
    });
  }

  #updateMessage(): void {
    this.#view.message = this.#messageText() ?? '';
  }

  /** Only for what the newest snapshot did not have: it goes with the next one. */
  #updateBadge(): void {
    const value = this.#projects.all
      .flatMap(({ check }) => check.document ?? [])
      .reduce((sum, document) => sum + newCount(document), 0);
    if (value === (this.#view.badge?.value ?? 0)) return;
    const tooltip = plural(value, 'new mismatch', 'new mismatches');
    this.#view.badge = value === 0 ? undefined : { value, tooltip };
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
      return `${problem.file}, line ${formatCount(problem.line)}: ${problem.message}. Its other entries still apply.`;
    }
    const rule = projects.flatMap(({ check }) => check.document?.configProblems ?? [])[0];
    if (rule) {
      return `${rule.file}, line ${formatCount(rule.line)}: ${rule.message}. Its other rules still apply.`;
    }
    const dirs = detections.flatMap(({ dataDirs }) => dataDirs);
    if (dirs.length === 0) {
      return 'No data directory is there now. A restore brings back what a snapshot has.';
    }
    const bounded = detections.find(({ boundHit }) => boundHit);
    if (bounded) {
      return `Stopped looking after ${formatCount(bounded.foldersLookedAt)} folders. Missing something? Choose it by hand.`;
    }
    const old = projects.flatMap(({ oldSinceMs }) => oldSinceMs ?? []);
    if (old.length > 0) {
      return `The data changed since these numbers were read, ${ago(Math.min(...old), clockNow())}.`;
    }
    const guesses = dirs.filter(({ confidence }) => confidence === 'guess').length;
    if (guesses === 0 || dirs.length === 1) return undefined;
    return `${guesses} of ${dirs.length} ${guesses === 1 ? 'is a guess' : 'are guesses'}. Right-click to leave one out.`;
  }
}

function child(parent: ViewNode, row: ViewNode['row'], payload: NodePayload): ViewNode {
  return new ViewNode(parent.project, row, payload, parent);
}

function projectNodes(
  project: ProjectModel,
  parent: ViewNode | undefined,
  notices: Notices,
): ViewNode[] {
  const { status } = project;
  if (!status) return [];
  const make = (row: ViewNode['row'], payload: NodePayload) =>
    new ViewNode(project, row, payload, parent);
  const { dataDirs } = status.detection;
  const notCovered = notCoveredOf(status.detection);
  const nodes: ViewNode[] = [
    ...notCovered.map((entry) => make(coverageRow(entry), { kind: 'coverage', entry })),
    ...dataDirs.map((dir) =>
      make(dataDirRow(dir, status.newest, clockNow(), dataDirs.length === 1), {
        kind: 'dataDir',
        dir,
      }),
    ),
  ];
  nodes.push(...checkNodes(project, parent));
  const shown = new Set(notCovered.map(({ path }) => path));
  const excluded = excludedOf(dataDirs).filter(({ path }) => !shown.has(path));
  if (excluded.length > 0) {
    nodes.push(make(notCoveredRow(excluded.length), { kind: 'notCovered', excluded }));
  }
  for (const notice of notices.of(project.cwd)) {
    const clock = clockNow();
    const isRun = notice.kind === 'unguarded';
    const row = isRun ? unguardedRow(notice.run, clock) : branchRow(notice.found, clock);
    nodes.push(make(row, notice));
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

/** Counting reads a database: once for each look at the data. */
const tablesOf = new WeakMap<DetectedDatabase, Promise<readonly TableInfo[]>>();

async function readTables(
  project: ProjectModel,
  database: DetectedDatabase,
): Promise<readonly TableInfo[]> {
  const beganMs = performance.now();
  const tables = await project.engine.tables('live', database.path);
  project.addLookTime(performance.now() - beganMs);
  return tables;
}

async function tableNodes(node: ViewNode): Promise<ViewNode[]> {
  if (!isNodeOf(node, 'liveDatabase')) return [];
  const { database } = node.payload;
  const { path } = database;
  const reading = tablesOf.get(database) ?? readTables(node.project, database);
  tablesOf.set(database, reading);
  // What failed is tried again.
  reading.catch(() => tablesOf.delete(database));
  const tables = await reading;
  return tables.map((table) =>
    child(node, tableRow('live', path, table), { kind: 'liveTable', database: path, table }),
  );
}

async function tooltipOf(node: ViewNode): Promise<string | undefined> {
  if (isNodeOf(node, 'folder')) return folderTooltip(node.project.cwd, node.project.status);
  if (isNodeOf(node, 'dataDir')) {
    const { dir } = node.payload;
    const { points } = await node.project.engine.history(dir.name, 30);
    return dataDirTooltip(dir, points, chartColors[chartTheme()]);
  }
  if (isNodeOf(node, 'liveDatabase')) return databaseTooltip(node.payload.database);
  if (isNodeOf(node, 'liveTable')) return liveTableTooltip(node);
  if (isNodeOf(node, 'coverage')) return coverageTooltip(node.payload.entry);
  if (isNodeOf(node, 'store')) {
    return storeTooltip(node.payload.status, remoteText(), clockNow());
  }
  if (isNodeOf(node, 'unguarded')) return unguardedRunTooltip(node);
  return (await checkTooltip(node)) ?? node.row.spoken;
}

async function unguardedRunTooltip(node: ViewNode): Promise<string | undefined> {
  if (!isNodeOf(node, 'unguarded')) return undefined;
  const { run } = node.payload;
  const entries = await node.project.engine.list({ limit: newestLookedAt });
  const before = entries.find(({ createdAt }) => Date.parse(createdAt) < run.atMs);
  return unguardedTooltip(run, before ?? null, clockNow());
}

async function liveTableTooltip(node: ViewNode): Promise<string | undefined> {
  if (!isNodeOf(node, 'liveTable')) return undefined;
  const { database, table } = node.payload;
  const dir = isNodeOf(node.parent?.parent, 'dataDir') ? node.parent.parent.payload.dir : undefined;
  const history = dir && (await node.project.engine.history(dir.name, 5));
  return tableTooltip(database, table, history?.points);
}

/** `SSH: host` and the like: the store is where the data is. */
function remoteText(): string | undefined {
  return env.remoteName === undefined ? undefined : `the remote side (${env.remoteName})`;
}
