// The projects of this window: one a workspace folder that is on this disk.

import { basename } from 'node:path';
import {
  EventEmitter,
  window,
  workspace,
  type Disposable,
  type Event,
  type WorkspaceFolder,
} from 'vscode';
import { notCoveredOf } from '../../core/views/coverage-rows.ts';
import type { OverallProblem, OverallState } from '../../core/views/status-item-text.ts';
import { overallProblem, overallState } from '../../core/views/status-item-text.ts';
import { setContextKey } from '../host/context-keys.ts';
import { DisposableStore } from '../host/disposables.ts';
import type { EngineClient } from '../process/engine-client.ts';
import type { Log } from '../host/log.ts';
import { ProjectModel } from './project-model.ts';

const staleMs = 10_000;

export class Projects implements Disposable {
  readonly #engine: EngineClient;
  readonly #log: Log;
  readonly #owned = new DisposableStore();
  readonly #models = new Map<string, { model: ProjectModel; owned: DisposableStore }>();
  readonly #changed = this.#owned.add(new EventEmitter<ProjectModel | undefined>());
  readonly #below = new Map<string, ProjectModel>();
  #lookingSinceMs: number | undefined;
  #refreshedMs = Date.now();
  readonly #changedSnapshots = this.#owned.add(new EventEmitter<ProjectModel>());

  /** Fires with the project whose status changed; undefined: folders came or went. */
  readonly onDidChange: Event<ProjectModel | undefined> = this.#changed.event;
  readonly onDidChangeSnapshots: Event<ProjectModel> = this.#changedSnapshots.event;

  constructor(engine: EngineClient, log: Log) {
    this.#engine = engine;
    this.#log = log;
    this.#owned.add(workspace.onDidChangeWorkspaceFolders(() => this.#update()));
    this.#owned.add(workspace.onDidGrantWorkspaceTrust(() => void this.refreshAll()));
    this.#owned.add(window.onDidChangeWindowState(({ focused }) => focused && this.#onFocus()));
    this.#update();
  }

  /** In the order of the workspace's folders. */
  get all(): readonly ProjectModel[] {
    return [...this.#models.values()].map(({ model }) => model);
  }

  get state(): OverallState {
    return overallState(
      this.all.map((project) => project.facts),
      workspace.isTrusted,
    );
  }

  /** When the first look began; undefined before it. */
  get lookingSinceMs(): number | undefined {
    return this.#lookingSinceMs;
  }

  get problem(): OverallProblem {
    return overallProblem(this.all.map((project) => project.facts));
  }

  /** The project in the folder `cwd`; one below a workspace folder is no part of the views. */
  at(cwd: string): ProjectModel {
    const known = this.#models.get(cwd)?.model ?? this.#below.get(cwd);
    if (known) return known;
    const folder = { name: basename(cwd), cwd };
    const model = this.#owned.add(new ProjectModel(folder, this.#engine, this.#log));
    this.#below.set(cwd, model);
    return model;
  }

  async loadAll(): Promise<void> {
    this.#lookingSinceMs ??= Date.now();
    await Promise.all(this.all.map((project) => project.load()));
  }

  async refreshAll(): Promise<void> {
    this.#refreshedMs = Date.now();
    await Promise.all(this.all.map((project) => project.refresh()));
  }

  dispose(): void {
    for (const { owned } of this.#models.values()) owned.dispose();
    this.#models.clear();
    this.#owned.dispose();
  }

  /** Data comes and goes without a sign while other programs have the focus. */
  #onFocus(): void {
    if (this.#lookingSinceMs !== undefined && Date.now() - this.#refreshedMs > staleMs)
      void this.refreshAll();
  }

  #update(): void {
    const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    const before = new Map(this.#models);
    this.#models.clear();
    for (const folder of folders) {
      const cwd = folder.uri.fsPath;
      this.#models.set(cwd, before.get(cwd) ?? this.#add(folder));
      before.delete(cwd);
    }
    for (const { owned } of before.values()) owned.dispose();
    this.#updateContext();
    this.#changed.fire(undefined);
    if (this.#lookingSinceMs !== undefined) void this.loadAll();
  }

  #add(folder: WorkspaceFolder): { model: ProjectModel; owned: DisposableStore } {
    const owned = new DisposableStore();
    const { name, uri } = folder;
    const model = owned.add(new ProjectModel({ name, cwd: uri.fsPath }, this.#engine, this.#log));
    owned.add(
      model.onDidChangeStatus(() => {
        this.#updateContext();
        this.#changed.fire(model);
      }),
    );
    owned.add(model.onDidChangeSnapshots(() => this.#changedSnapshots.fire(model)));
    return { model, owned };
  }

  #updateContext(): void {
    setContextKey('savepoint.state', this.state);
    setContextKey('savepoint.problem', this.problem);
    setContextKey(
      'savepoint.isUncovered',
      this.all.some(({ status }) => notCoveredOf(status?.detection).length > 0),
    );
    setContextKey(
      'savepoint.isInterrupted',
      this.all.some(({ status }) => (status?.pending ?? null) !== null),
    );
    setContextKey(
      'savepoint.canUndo',
      this.all.some(({ status }) => status?.canUndo === true),
    );
  }
}
