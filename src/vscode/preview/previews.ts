// What the third view shows: one restore preview or one comparison at a time, with its documents and
// the context keys of its buttons. Looking changes nothing.

import { window, type Disposable } from 'vscode';
import type { DiffDocument } from '../../core/documents.ts';
import { plainText } from '../../core/text/lines.ts';
import { restorePlanText } from '../../core/text/restore-text.ts';
import { timeOfDay } from '../../core/text/time.ts';
import { diffTree, type ChangeTree } from '../../core/views/change-tree.ts';
import { noteRows } from '../../core/views/preview-notes.ts';
import type { PreviewMode } from '../../core/views/preview-rows.ts';
import { withBox, type LeftOut } from '../../core/views/preview-selection.ts';
import {
  changeEntries,
  compareMessage,
  compareTitle,
  loadingText,
  maxShownChanges,
  nothingTickedText,
  previewMessage,
  restoreTitle,
  sideName,
  staleText,
  type ChangeEntry,
  type ComparedSide,
} from '../../core/views/preview-texts.ts';
import { quotedSnapshot } from '../../core/views/restore-texts.ts';
import { clockNow } from '../clock.ts';
import { setContextKey } from '../context-keys.ts';
import { DisposableStore } from '../disposables.ts';
import { nowhere, parseDocumentUri } from '../document-uri.ts';
import type { Log } from '../log.ts';
import type { ProjectModel } from '../project-model.ts';
import { reportUri, type ReportAddress, type ReportDocuments } from '../report-documents.ts';
import { runGuarded } from '../run-guarded.ts';
import type { SnapshotFileSystem } from '../snapshot-file-system.ts';
import { quietCall } from '../with-progress.ts';
import { openEntries, openEntry, type ShownSides } from './open-changes.ts';
import { closeTabs, followTabs, type PreviewTabs } from './preview-tabs.ts';
import { previewViewId, PreviewView } from './preview-view.ts';
import { RestoreSession, type SessionStart } from './restore-session.ts';
import type { RowsDocuments } from './rows-documents.ts';

export interface OpenOptions {
  /** Opens the summary as well, and puts the keyboard into the tree. */
  readonly focus: boolean;
  /** Ticks only what is at or below these; none: what was ticked last time. */
  readonly paths?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A comparison as it was asked for and answered. */
export interface Comparison {
  readonly project: ProjectModel;
  readonly diff: DiffDocument;
  readonly sides: { readonly a: ComparedSide; readonly b: ComparedSide };
  readonly dataDirs: readonly string[];
}

type Shown =
  | { readonly kind: 'restore'; readonly session: RestoreSession }
  | { readonly kind: 'compare'; readonly comparison: Comparison; readonly tree: ChangeTree };

/** Shorter looks show nothing but their result. */
const loadingAfterMs = 300;

export class Previews implements Disposable {
  readonly view: PreviewView;
  readonly #reports: ReportDocuments;
  readonly #rows: RowsDocuments;
  readonly #files: SnapshotFileSystem;
  readonly #owned = new DisposableStore();
  readonly #tabs: ReturnType<typeof followTabs>;
  /** What was left out of each snapshot's preview, until the window closes. */
  readonly #ticks = new Map<string, LeftOut>();
  #shown: Shown | undefined;
  /** The look that takes its time now. */
  #loading: { readonly mode: PreviewMode } | undefined;

  constructor(
    {
      reports,
      rows,
      files,
    }: { reports: ReportDocuments; rows: RowsDocuments; files: SnapshotFileSystem },
    log: Log,
  ) {
    this.#reports = reports;
    this.#rows = rows;
    this.#files = files;
    rows.planOf = (cwd, snapshot) => {
      const session = this.session;
      const isIts = session?.project.cwd === cwd && session.full.snapshot.id === snapshot;
      return isIts && !session.isStale ? session : undefined;
    };
    this.view = this.#owned.add(new PreviewView());
    this.#tabs = this.#owned.add(followTabs(() => this.#tabsOf(this.#shown)));
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
    if (session.full.empty && session.full.blocked === null) {
      await this.close();
      await session.release();
      tellNothingDiffers(session);
      return undefined;
    }
    await this.#replace({ kind: 'restore', session });
    const known = this.#ticks.get(keyOf(session));
    if (paths) await session.tickOnly(paths);
    else if (known) await session.setLeftOut(known);
    if (focus) await this.#showSummary(session, true);
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
    await this.#replace({ kind: 'compare', comparison, tree });
    await this.view.reveal(false);
    const entries = changeEntries(tree, new Set());
    if (entries.length > 0 && entries.length <= maxShownChanges) await this.showAll();
  }

  /** Looks at the data again; ticks stay. */
  async refresh(): Promise<void> {
    const { session } = this;
    if (!session) return;
    await this.#whileLoading('restore', () => session.refresh(quietCall()), session);
    this.#rows.forget(this.#files);
    if (!session.full.empty || session.full.blocked !== null) return;
    await this.close();
    tellNothingDiffers(session);
  }

  async openNode(entry: ChangeEntry): Promise<void> {
    const sides = this.#sides();
    if (sides) await openEntry(entry, sides);
  }

  /** Everything that is ticked, in one editor. */
  async showAll(): Promise<void> {
    const [shown, sides] = [this.#shown, this.#sides()];
    if (!shown || !sides) return;
    const leftOut = shown.kind === 'restore' ? shown.session.leftOut : new Set<string>();
    const tree = shown.kind === 'restore' ? shown.session.tree : shown.tree;
    await openEntries(changeEntries(tree, leftOut), sides, titleOf(shown));
    this.#tabs.update();
  }

  /** Takes the view and its tabs away. */
  async close(): Promise<void> {
    await this.#replace(undefined);
  }

  dispose(): void {
    this.session?.dispose();
    this.#owned.dispose();
  }

  async #replace(shown: Shown | undefined): Promise<void> {
    const before = this.#tabsOf(this.#shown);
    const left = this.session;
    this.#shown = shown;
    const session = shown?.kind === 'restore' ? shown.session : undefined;
    session?.onDidChange(() => this.#update());
    this.#update();
    this.#tabs.update();
    if (left && left.project === session?.project) left.dispose();
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
      if (!kept) void this.#replace(undefined);
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

  /** Brings view, summary and keys to what is shown. */
  #update(): void {
    const [shown, loading] = [this.#shown, this.#loading];
    this.#updateKeys();
    if (!shown) this.view.show(loading?.mode ?? 'restore', undefined, loading ? loadingText : '');
    else if (shown.kind === 'restore') this.#showSession(shown.session);
    else this.#showComparison(shown.comparison, shown.tree);
    if (shown && loading) this.view.setMessage(loadingText);
  }

  #updateKeys(): void {
    const { session, comparison } = this;
    const kind = this.#shown?.kind ?? this.#loading?.mode;
    setContextKey('savepoint.preview', kind ?? false);
    setContextKey('savepoint.previewReady', session?.isReady === true && !this.#loading);
    setContextKey('savepoint.previewStale', session?.isStale === true);
    setContextKey('savepoint.comparedWithNow', comparison?.diff.b === 'live');
  }

  #showSession(session: RestoreSession): void {
    const { project, tree, leftOut, full, selected, isUndo, isStale } = session;
    const facts = { full, selected: selected?.plan ?? null, isUndo };
    const message = isStale ? staleText : previewMessage(facts, clockNow());
    const notes = noteRows(selected?.plan ?? full);
    this.view.show('restore', { project, mode: 'restore', tree, leftOut, notes }, message);
    this.#reports.update(summaryAddress(session), summaryText(session));
  }

  #showComparison({ project, diff, sides }: Comparison, tree: ChangeTree): void {
    const leftOut = new Set<string>();
    const changes = changeEntries(tree, leftOut).length;
    const message = compareMessage(diff, sides, changes, clockNow());
    this.view.show('compare', { project, mode: 'compare', tree, leftOut, notes: [] }, message);
  }

  async #showSummary(session: RestoreSession, preserveFocus: boolean): Promise<void> {
    await this.#reports.show(summaryAddress(session), summaryText(session), preserveFocus);
    this.#tabs.update();
  }

  #sides(): ShownSides | undefined {
    const shown = this.#shown;
    if (!shown) return undefined;
    if (shown.kind === 'restore') {
      const { project, full, isUndo } = shown.session;
      const right = isUndo ? 'after undo' : 'after restore';
      const sides = { a: 'live', b: full.snapshot.id, mode: 'restore' } as const;
      return { cwd: project.cwd, ...sides, left: 'now', right };
    }
    const { project, diff, sides } = shown.comparison;
    const [left, right] = [sideName(sides.a), sideName(sides.b)];
    return { cwd: project.cwd, a: diff.a, b: diff.b, mode: 'compare', left, right };
  }

  #tabsOf(shown: Shown | undefined): PreviewTabs | undefined {
    if (!shown) return undefined;
    const restore = shown.kind === 'restore' ? shown.session : undefined;
    const compared = shown.kind === 'compare' ? shown.comparison : undefined;
    const cwd = restore?.project.cwd ?? compared?.project.cwd;
    const ids = new Set([
      nowhere,
      ...(restore ? ['live', restore.full.snapshot.id] : []),
      ...(compared ? [compared.diff.a, compared.diff.b] : []),
    ]);
    return {
      summary: restore && reportUri(summaryAddress(restore)),
      isSide: (uri) => {
        const address = parseDocumentUri(uri);
        return address.cwd === cwd && ids.has(address.snapshot);
      },
      titles: new Set([titleOf(shown)]),
    };
  }
}

function titleOf(shown: Shown): string {
  if (shown.kind === 'compare') {
    const { a, b } = shown.comparison.sides;
    return compareTitle(a, b);
  }
  const { full, tree, leftOut, isUndo } = shown.session;
  if (isUndo) return 'Undo Last Restore';
  return restoreTitle(full.snapshot, changeEntries(tree, leftOut).length);
}

/** The same lines as `savepoint restore --dry-run` with these ticks. */
function summaryText({ selected }: RestoreSession): string {
  if (selected === null) return `${nothingTickedText}\n`;
  return `${restorePlanText(selected.plan, plainText(clockNow())).join('\n')}\n`;
}

/** Ticks are not part of it: the document stays the same one. */
function summaryAddress({ project, base }: RestoreSession): ReportAddress {
  return { kind: 'preview', cwd: project.cwd, args: { options: base } };
}

function keyOf({ project, full, isUndo, base }: RestoreSession): string {
  return JSON.stringify([project.cwd, full.snapshot.id, isUndo, base]);
}

function tellNothingDiffers({ full, isUndo }: RestoreSession): void {
  const text = isUndo
    ? `The data is already as it was at ${timeOfDay(Date.parse(full.snapshot.createdAt), clockNow())}.`
    : `The data is already as it was in ${quotedSnapshot(full.snapshot)}.`;
  void window.showInformationMessage(text);
}
