// The third view: one restore preview or one comparison at a time, with its documents and the context
// keys of its buttons. Looking changes nothing.

import { window, type Disposable } from 'vscode';
import type { RestorePlanDocument } from '../../core/documents/documents.ts';
import { timeOfDay } from '../../core/format/time.ts';
import { diffTree } from '../../core/views/change-tree.ts';
import type { PreviewMode } from '../../core/views/preview-rows.ts';
import { withBox, type LeftOut } from '../../core/views/preview-selection.ts';
import {
  loadingText,
  maxShownChanges,
  nothingBesideText,
  type ChangeEntry,
} from '../../core/views/preview-texts.ts';
import { quotedSnapshot } from '../../core/views/restore-texts.ts';
import { clockNow } from '../host/clock.ts';
import { setContextKey } from '../host/context-keys.ts';
import { DisposableStore } from '../host/disposables.ts';
import type { Log } from '../host/log.ts';
import {
  reportUri,
  type ReportAddress,
  type ReportDocuments,
} from '../documents/report-documents.ts';
import { runGuarded } from '../host/run-guarded.ts';
import type { SnapshotFileSystem } from '../documents/snapshot-file-system.ts';
import { quietCall } from '../host/with-progress.ts';
import { openEntries, openEntry } from './open-changes.ts';
import { closeTabs, followTabs } from './preview-tabs.ts';
import { previewViewId, PreviewView } from './preview-view.ts';
import { RestoreSession, type SessionStart } from './restore-session.ts';
import type { HeldPlan, RowChangesDocuments } from '../documents/row-changes-documents.ts';
import {
  contentOf,
  entriesShown,
  messageOf,
  sidesOf,
  summaryAddress,
  summaryText,
  tabsOf,
  titleOf,
  type Comparison,
  type Shown,
} from './shown.ts';

export interface OpenOptions {
  /** Opens the summary as well, and puts the keyboard into the tree. */
  readonly focus: boolean;
  /** Ticks only what is at or below these; none: what was ticked last time. */
  readonly paths?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PreviewParts {
  readonly reports: ReportDocuments;
  readonly rowChanges: RowChangesDocuments;
  readonly files: SnapshotFileSystem;
}

/** Shorter looks show nothing but their result. */
const loadingAfterMs = 300;

export class Previews implements Disposable {
  readonly view: PreviewView;
  readonly #parts: PreviewParts;
  readonly #owned = new DisposableStore();
  readonly #tabs: ReturnType<typeof followTabs>;
  /** What was left out of each snapshot's preview, until the window closes. */
  readonly #ticks = new Map<string, LeftOut>();
  #shown: Shown | undefined;
  /** The plan of everything that documents were told of. */
  #followed: RestorePlanDocument | undefined;
  /** The look that takes its time now. */
  #loading: { readonly mode: PreviewMode } | undefined;

  constructor(parts: PreviewParts, log: Log) {
    this.#parts = parts;
    this.view = this.#owned.add(new PreviewView());
    this.#tabs = this.#owned.add(followTabs(() => this.#shown && tabsOf(this.#shown)));
    this.#owned.add(
      this.view.onDidToggle((toggles) => {
        const { session } = this;
        if (!session) return;
        let { leftOut } = session;
        for (const { node, isTicked } of toggles) leftOut = withBox(leftOut, node, isTicked);
        void runGuarded(log, 'preview ticks', () => this.setLeftOut(leftOut));
      }),
    );
    this.#update();
  }

  /** The restore that is looked at. */
  get session(): RestoreSession | undefined {
    return this.#shown?.kind === 'restore' ? this.#shown.session : undefined;
  }

  /** The plan of what is looked at, where it is of this snapshot and still holds. */
  heldPlan(cwd: string, snapshot: string): HeldPlan | undefined {
    const { session } = this;
    const isIts = session?.project.cwd === cwd && session.full.snapshot.id === snapshot;
    return isIts && !session.isStale ? session : undefined;
  }

  get comparison(): Comparison | undefined {
    return this.#shown?.kind === 'compare' ? this.#shown.comparison : undefined;
  }

  /** Undefined where nothing differs, or another look began meanwhile. */
  async openRestore(
    start: SessionStart,
    { focus, paths, signal }: OpenOptions,
  ): Promise<RestoreSession | undefined> {
    const session = await this.#whileLoading('restore', () =>
      RestoreSession.open(start, quietCall(signal)),
    );
    if (signal?.aborted === true) {
      session.dispose();
      return undefined;
    }
    if (isEmpty(session)) {
      await this.close();
      await session.release();
      tellNothingDiffers(session);
      return undefined;
    }
    await this.#replace({ kind: 'restore', session });
    const known = this.#ticks.get(keyOf(session));
    if (paths) await session.tickOnly(paths);
    else if (known) await session.setLeftOut(known);
    if (focus) {
      await this.#parts.reports.show(summaryAddress(session), summaryText(session), true);
      this.#tabs.update();
    }
    await this.view.reveal(focus);
    return session;
  }

  async setLeftOut(leftOut: LeftOut): Promise<void> {
    const { session } = this;
    if (!session) return;
    this.#ticks.set(keyOf(session), leftOut);
    await session.setLeftOut(leftOut);
  }

  /** Shows a comparison; the tree, and all together where they are not too many. */
  async openComparison(comparison: Comparison): Promise<void> {
    const tree = diffTree(comparison.diff, comparison.dataDirs);
    const shown = { kind: 'compare', comparison, tree } as const;
    await this.#replace(shown);
    await this.view.reveal(false);
    const { length } = entriesShown(shown);
    if (length > 0 && length <= maxShownChanges) await this.showAll();
  }

  /** Looks at the data again; ticks stay. */
  async refresh(): Promise<void> {
    const { session } = this;
    if (!session) return;
    await this.#whileLoading('restore', () => session.refresh(quietCall()), session);
    if (!isEmpty(session)) return;
    await this.close();
    tellNothingDiffers(session);
  }

  async openNode(entry: ChangeEntry): Promise<void> {
    if (this.#shown) await openEntry(entry, sidesOf(this.#shown));
  }

  /** Everything that is ticked, in one editor. */
  async showAll(): Promise<void> {
    const shown = this.#shown;
    if (!shown) return;
    const entries = entriesShown(shown);
    if (entries.length === 0) {
      void window.showInformationMessage(nothingBesideText);
      return;
    }
    await openEntries(entries, sidesOf(shown), titleOf(shown));
    this.#tabs.update();
  }

  /** The summary of the preview that is shown; undefined for another address. */
  summaryOf(address: ReportAddress): string | undefined {
    const { session } = this;
    const isIts = session && isSame(summaryAddress(session), address);
    return isIts ? summaryText(session) : undefined;
  }

  /** Ages go on without anything happening. */
  refreshAges(): void {
    const shown = this.#shown;
    if (!shown || this.#loading) return;
    this.view.setMessage(messageOf(shown));
    this.#updateSummary();
  }

  /** Takes the view and its tabs away. */
  async close(): Promise<void> {
    await this.#replace(undefined);
  }

  dispose(): void {
    this.session?.dispose();
    this.#owned.dispose();
  }

  /** @param isFollowed true where another look runs, which takes the place of the engine's. */
  async #replace(shown: Shown | undefined, isFollowed = false): Promise<void> {
    const before = this.#shown && tabsOf(this.#shown);
    const left = this.session;
    this.#shown = shown;
    const { session } = this;
    this.#followed = session?.full;
    session?.onDidChange(() => this.#follow(session));
    this.#update();
    this.#tabs.update();
    if (isFollowed || left?.project === session?.project) left?.dispose();
    else await left?.release();
    if (before) await closeTabs(before);
  }

  /** Looking takes a while with much data: the view says so, and what it showed is over. */
  async #whileLoading<T>(
    mode: PreviewMode,
    look: () => Promise<T>,
    kept?: RestoreSession,
  ): Promise<T> {
    const looking = look();
    const loading = { mode };
    const timer = setTimeout(() => {
      this.#loading = loading;
      if (!kept) void this.#replace(undefined, true);
      this.#update();
    }, loadingAfterMs);
    try {
      return await window.withProgress({ location: { viewId: previewViewId } }, () => looking);
    } finally {
      clearTimeout(timer);
      if (this.#loading === loading) this.#loading = undefined;
      this.#update();
    }
  }

  /** Rows that are shown side by side are of the newest plan, too. */
  #follow(session: RestoreSession): void {
    if (this.session !== session) return;
    if (session.full !== this.#followed) this.#parts.rowChanges.forget(this.#parts.files);
    this.#followed = session.full;
    this.#update();
  }

  /** Brings view, summary and keys to what is shown. */
  #update(): void {
    const [shown, loading] = [this.#shown, this.#loading];
    const kind = shown?.kind ?? loading?.mode;
    setContextKey('savepoint.preview', kind ?? false);
    setContextKey('savepoint.previewReady', this.session?.isReady === true && !loading);
    setContextKey('savepoint.previewStale', this.session?.isStale === true);
    setContextKey('savepoint.comparedWithNow', this.comparison?.diff.b === 'live');
    const message = loading ? loadingText : shown ? messageOf(shown) : '';
    this.view.show(kind ?? 'restore', shown && contentOf(shown), message);
    this.#updateSummary();
  }

  #updateSummary(): void {
    const { session } = this;
    if (session) this.#parts.reports.update(summaryAddress(session), summaryText(session));
  }
}

function isEmpty({ full }: RestoreSession): boolean {
  return full.empty && full.blocked === null;
}

function isSame(a: ReportAddress, b: ReportAddress): boolean {
  return reportUri(a).toString() === reportUri(b).toString();
}

function keyOf({ project, full, isUndo, base }: RestoreSession): string {
  return JSON.stringify([project.cwd, full.snapshot.id, isUndo, base]);
}

function tellNothingDiffers({ full, isUndo }: RestoreSession): void {
  const time = timeOfDay(Date.parse(full.snapshot.createdAt), clockNow());
  const then = isUndo ? `at ${time}` : `in ${quotedSnapshot(full.snapshot)}`;
  void window.showInformationMessage(`The data is already as it was ${then}.`);
}
