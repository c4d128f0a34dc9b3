// What stands behind a row of a view: which project, and what of it. Commands get these from menus.

import type { BrowseEntry, TableInfo } from '../../core/documents/browse.ts';
import type {
  CheckDocument,
  CheckRule,
  DataDirDocument,
  DetectedDatabase,
  Diagnosis,
  Excluded,
  Mismatch,
  SnapshotEntry,
  StatusDocument,
} from '../../core/documents/documents.ts';
import type { DayGroup } from '../../core/views/day-groups.ts';
import type { ChangeNode } from '../../core/views/change-tree.ts';
import type { NoteRow } from '../../core/views/preview-notes.ts';
import type { PreviewRow } from '../../core/views/preview-rows.ts';
import type { BranchSnapshot, UnguardedRun } from '../../core/views/guard-rows.ts';
import type { CoverageEntry } from '../../core/documents/coverage.ts';
import type { RuleGroup } from '../../core/views/mismatch-rows.ts';
import type { Row } from '../../core/views/row.ts';
import type { Terminal } from 'vscode';
import type { ProjectModel } from '../projects/project-model.ts';

interface EntryPayload<K> {
  readonly kind: K;
  readonly snapshot: string;
  readonly path: string;
  readonly entry: BrowseEntry;
}

export type NodePayload =
  | { readonly kind: 'folder' }
  // Data
  | { readonly kind: 'dataDir'; readonly dir: DataDirDocument }
  | { readonly kind: 'liveDatabase'; readonly database: DetectedDatabase }
  | { readonly kind: 'liveTable'; readonly database: string; readonly table: TableInfo }
  | { readonly kind: 'files'; readonly path: string }
  | { readonly kind: 'coverage'; readonly entry: CoverageEntry }
  | { readonly kind: 'notCovered'; readonly excluded: readonly Excluded[] }
  | { readonly kind: 'excluded'; readonly excluded: Excluded }
  | { readonly kind: 'unguarded'; readonly run: UnguardedRun; readonly terminal: Terminal }
  | { readonly kind: 'branchSnapshot'; readonly found: BranchSnapshot }
  | { readonly kind: 'store'; readonly status: StatusDocument }
  // Mismatches, of live data or below a snapshot
  | { readonly kind: 'mismatches'; readonly check: CheckDocument }
  | { readonly kind: 'diagnosis'; readonly diagnosis: Diagnosis }
  | {
      readonly kind: 'rule';
      readonly group: RuleGroup;
      /** `live` or a snapshot's id. */
      readonly side: string;
    }
  | {
      readonly kind: 'mismatch';
      readonly mismatch: Mismatch;
      readonly rule: CheckRule;
      readonly side: string;
      /** Path of the rule's data directory; empty where it is not there now. */
      readonly dataDir: string;
    }
  | { readonly kind: 'moreMismatches'; readonly shown: number }
  | { readonly kind: 'suggestions'; readonly rules: readonly CheckRule[] }
  | { readonly kind: 'suggestion'; readonly rule: CheckRule }
  // Snapshots
  | { readonly kind: 'group'; readonly group: DayGroup }
  | { readonly kind: 'more'; readonly group: DayGroup }
  | { readonly kind: 'snapshot'; readonly entry: SnapshotEntry }
  | { readonly kind: 'snapshotMismatches'; readonly entry: SnapshotEntry }
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'changes';
      readonly entry: SnapshotEntry;
      /** The one taken before it. */
      readonly before: SnapshotEntry;
    }
  | EntryPayload<'dir'>
  | EntryPayload<'file'>
  | EntryPayload<'database'>
  | { readonly kind: 'schema'; readonly snapshot: string; readonly path: string }
  // Restore Preview, Compare
  | { readonly kind: 'change'; readonly node: ChangeNode; readonly row: PreviewRow }
  | { readonly kind: 'note'; readonly row: NoteRow }
  | {
      readonly kind: 'table';
      readonly snapshot: string;
      /** The database's. */
      readonly path: string;
      readonly table: TableInfo;
    };

export class ViewNode<P extends NodePayload = NodePayload> {
  readonly project: ProjectModel;
  readonly parent: ViewNode | undefined;
  /** What it stands for and says now: these change with time, while the node stays. */
  payload: P;
  row: Row;

  constructor(project: ProjectModel, row: Row, payload: P, parent: ViewNode | undefined) {
    this.project = project;
    this.row = row;
    this.payload = payload;
    this.parent = parent;
  }

  /** Unique over all folders of the window. */
  get id(): string {
    return `${this.project.cwd}|${this.row.id}`;
  }
}

export function isNodeOf<K extends NodePayload['kind']>(
  node: ViewNode | undefined,
  ...kinds: readonly K[]
): node is ViewNode<Extract<NodePayload, { kind: K }>> {
  return node !== undefined && (kinds as readonly string[]).includes(node.payload.kind);
}
