// The one item in the status bar: how old the newest snapshot is, what runs, what needs somebody.

import {
  MarkdownString,
  StatusBarAlignment,
  ThemeColor,
  window,
  workspace,
  type Disposable,
  type StatusBarItem,
} from 'vscode';
import { statusText, statusTooltip } from '../../core/views/status-item-text.ts';
import type { Activities } from '../host/activities.ts';
import { clockNow } from '../host/clock.ts';
import { DisposableStore } from '../host/disposables.ts';
import { guardedPlaces } from '../guard/guarded-places.ts';
import type { Projects } from '../projects/projects.ts';
import { readSettings } from '../host/settings.ts';

const busyAfterMs = 300;
const lookingAfterMs = 1000;
const priority = 50;

const backgrounds = {
  none: undefined,
  warning: new ThemeColor('statusBarItem.warningBackground'),
  error: new ThemeColor('statusBarItem.errorBackground'),
};

export class StatusItem implements Disposable {
  readonly #projects: Projects;
  readonly #activities: Activities;
  readonly #owned = new DisposableStore();
  readonly #item: StatusBarItem;
  #busySince: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(projects: Projects, activities: Activities) {
    this.#projects = projects;
    this.#activities = activities;
    this.#item = this.#owned.add(
      window.createStatusBarItem('savepoint.status', StatusBarAlignment.Left, priority),
    );
    this.#item.name = 'Savepoint';
    this.#item.command = 'savepoint.menu';
    this.#owned.add(projects.onDidChange(() => this.update()));
    this.#owned.add(activities.onDidChange(() => this.update()));
    this.#owned.add(window.onDidOpenTerminal(() => this.update()));
    this.#owned.add(window.onDidCloseTerminal(() => this.update()));
    this.#owned.add(workspace.onDidGrantWorkspaceTrust(() => this.update()));
    this.#owned.add(
      workspace.onDidChangeConfiguration(
        (change) =>
          ['savepoint.statusBar', 'savepoint.guard', 'tasks'].some((name) =>
            change.affectsConfiguration(name),
          ) && this.update(),
      ),
    );
  }

  /** What it shows; undefined while it is hidden. */
  get text(): string | undefined {
    return this.#isShown ? this.#item.text : undefined;
  }

  get tooltip(): string {
    const { tooltip } = this.#item;
    return tooltip instanceof MarkdownString ? tooltip.value : (tooltip ?? '');
  }

  #isShown = false;

  update(): void {
    const clock = clockNow();
    const facts = this.#projects.all.map((project) => project.facts);
    const activity = this.#isLongBusy(clock.nowMs) ? this.#activities.current : undefined;
    const flash = this.#activities.flashed;
    const shown =
      activity === undefined && flash !== undefined
        ? {
            text: `$(${flash.icon}) ${flash.text}`,
            spoken: `Savepoint: ${flash.text}`,
            background: 'none' as const,
          }
        : (statusText(facts, workspace.isTrusted, activity, clock) ?? this.#lookingText());
    this.#isShown = shown !== undefined && facts.length > 0 && readSettings().statusBar;
    if (shown === undefined || !this.#isShown) {
      this.#item.hide();
      return;
    }
    this.#item.text = shown.text;
    this.#item.backgroundColor = backgrounds[shown.background];
    this.#item.accessibilityInformation = { label: shown.spoken };
    const tooltip = new MarkdownString(
      statusTooltip(facts, workspace.isTrusted, clock, guardedPlaces()),
    );
    tooltip.isTrusted = {
      enabledCommands: [
        'savepoint.snapshot',
        'savepoint.restore',
        'savepoint.showStatus',
        'savepoint.finishRestore',
        'savepoint.undoRestore',
      ],
    };
    this.#item.tooltip = tooltip;
    this.#item.show();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#owned.dispose();
  }

  /** What is over at once does not flicker. */
  #isLongBusy(nowMs: number): boolean {
    if (this.#activities.current === undefined) {
      this.#busySince = undefined;
      return false;
    }
    this.#busySince ??= nowMs;
    const leftMs = busyAfterMs - (nowMs - this.#busySince);
    if (leftMs > 0) this.#updateIn(leftMs);
    return leftMs <= 0;
  }

  #lookingText(): ReturnType<typeof statusText> {
    const since = this.#projects.lookingSinceMs;
    if (since === undefined || this.#projects.state !== 'starting') return undefined;
    const leftMs = lookingAfterMs - (Date.now() - since);
    if (leftMs > 0) {
      this.#updateIn(leftMs);
      return undefined;
    }
    return {
      text: '$(loading~spin) Savepoint',
      spoken: 'Savepoint: looking for data directories',
      background: 'none',
    };
  }

  #updateIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.update(), ms);
  }
}
