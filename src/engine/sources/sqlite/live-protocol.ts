// What the engine's process and its child that holds live connections say to each other: one JSON
// document a line, a question and its answer, on the child's stdin and stdout.

import type { BrokenForeignKey } from '../../../core/documents/documents.ts';
import type { TableChoice } from '../../../core/restore/selection.ts';

/** Paths in the form of core/names.ts, absolute. */
export type LiveQuestion =
  | {
      readonly op: 'hold';
      readonly databases: readonly { readonly path: string; readonly hasLog: boolean }[];
    }
  | { readonly op: 'copy'; readonly index: number; readonly copyPath: string }
  /** Without `index`: all. */
  | { readonly op: 'letGo'; readonly index?: number }
  | {
      readonly op: 'restore';
      readonly imagePath: string;
      readonly target: string;
      readonly writeVersion: 1 | 2;
      readonly changesPageSize: boolean;
      /** How long a locked target is tried again. */
      readonly timeoutMs: number;
    }
  | {
      readonly op: 'replaceTables';
      readonly imagePath: string;
      readonly target: string;
      readonly choice: TableChoice;
      /** How long a locked target is tried again. */
      readonly timeoutMs: number;
    }
  /** The answer to `locked`: the restore goes on, or ends with nothing changed. */
  | { readonly op: 'go' }
  | { readonly op: 'abort' };

/** Further facts depend on the question. */
export interface LiveAnswer {
  readonly ok: boolean;
  /** Why not; a word of this list, or what SQLite says. */
  readonly problem?: string;
  /** SQLite's primary result code, where it was SQLite. */
  readonly code?: string;
  /** `locked`: the target is locked for writing, nothing is written yet. */
  readonly event?: 'locked' | 'progress';
  readonly pages?: number;
  /** Foreign keys that the chosen tables would break: nothing was changed. */
  readonly foreignKeys?: readonly Omit<BrokenForeignKey, 'database'>[];
}
