// What the third view shows now, and what follows from it: message, titles, summary, sides, tabs.

import type { DiffDocument } from '../../core/documents/documents.ts';
import { plainText } from '../../core/format/lines.ts';
import { formatCount } from '../../core/format/numbers.ts';
import { restorePlanText } from '../../core/text/restore-text.ts';
import type { ChangeTree } from '../../core/views/change-tree.ts';
import { noteRows } from '../../core/views/preview-notes.ts';
import type { LeftOut } from '../../core/views/preview-selection.ts';
import {
  changeEntries,
  compareMessage,
  compareTitle,
  maxShownChanges,
  nothingTickedText,
  previewMessage,
  sideName,
  staleText,
  type ChangeEntry,
  type ComparedSide,
} from '../../core/views/preview-texts.ts';
import { quotedSnapshot } from '../../core/views/restore-texts.ts';
import { clockNow } from '../host/clock.ts';
import { nowhere, parseDocumentUri } from '../documents/document-uri.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import { reportUri, type ReportAddress } from '../documents/report-documents.ts';
import type { ShownSides } from './open-changes.ts';
import type { PreviewTabs } from './preview-tabs.ts';
import type { PreviewContent } from './preview-view.ts';
import type { RestoreSession } from './restore-session.ts';

/** A comparison as it was asked for and answered. */
export interface Comparison {
  readonly project: ProjectModel;
  readonly diff: DiffDocument;
  readonly sides: { readonly a: ComparedSide; readonly b: ComparedSide };
  /** Names or paths of the data directories that were asked for; none: all. */
  readonly data: readonly string[];
  readonly dataDirs: readonly string[];
}

export type Shown =
  | { readonly kind: 'restore'; readonly session: RestoreSession }
  | { readonly kind: 'compare'; readonly comparison: Comparison; readonly tree: ChangeTree };

const everything: LeftOut = new Set();

export function contentOf(shown: Shown): PreviewContent {
  if (shown.kind === 'compare') {
    const { project } = shown.comparison;
    return { project, mode: 'compare', tree: shown.tree, leftOut: everything, notes: [] };
  }
  const { project, tree, leftOut, full, selected } = shown.session;
  return { project, mode: 'restore', tree, leftOut, notes: noteRows(selected?.plan ?? full) };
}

export function messageOf(shown: Shown): string {
  if (shown.kind === 'compare') {
    const { diff, sides } = shown.comparison;
    return compareMessage(diff, sides, entriesShown(shown).length, clockNow());
  }
  const { full, selected, isUndo, isStale, written } = shown.session;
  if (isStale) return staleText;
  const facts = { full, selected: selected?.plan ?? null, isUndo, written };
  return previewMessage(facts, clockNow());
}

/** Of the multi-diff: how many of all it shows where not all. */
export function titleOf(shown: Shown): string {
  const { length } = entriesShown(shown);
  if (length <= maxShownChanges) return plainTitle(shown);
  return `${plainTitle(shown)}: first ${maxShownChanges} of ${formatCount(length)}`;
}

function plainTitle(shown: Shown): string {
  if (shown.kind === 'compare') {
    const { a, b } = shown.comparison.sides;
    return compareTitle(a, b);
  }
  const { full, isUndo } = shown.session;
  return isUndo ? 'Undo Last Restore' : `Restore ${quotedSnapshot(full.snapshot)}`;
}

/** What is ticked, as documents. */
export function entriesShown(shown: Shown): readonly ChangeEntry[] {
  return shown.kind === 'compare'
    ? changeEntries(shown.tree, everything)
    : changeEntries(shown.session.tree, shown.session.leftOut);
}

/** The same lines as `savepoint restore --dry-run` with these ticks. */
export function summaryText({ selected }: RestoreSession): string {
  if (selected === null) return `${nothingTickedText}\n`;
  return `${restorePlanText(selected.plan, plainText(clockNow())).join('\n')}\n`;
}

/** Ticks are not part of it: the document stays the same one. */
export function summaryAddress({ project, base }: RestoreSession): ReportAddress {
  return { kind: 'preview', cwd: project.cwd, args: { options: base } };
}

export function sidesOf(shown: Shown): ShownSides {
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

export function tabsOf(shown: Shown): PreviewTabs {
  const { cwd, a, b } = sidesOf(shown);
  const sides = new Set([nowhere, a, b]);
  return {
    summary: shown.kind === 'restore' ? reportUri(summaryAddress(shown.session)) : undefined,
    isSide: (uri) => {
      const address = parseDocumentUri(uri);
      return address.cwd === cwd && sides.has(address.snapshot);
    },
    title: plainTitle(shown),
  };
}
