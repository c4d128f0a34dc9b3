// What the Data view tells quietly of each folder: commands that ran unguarded, snapshots of a branch.

import { EventEmitter, type Disposable, type Event, type Terminal } from 'vscode';
import type { BranchSnapshot, UnguardedRun } from '../../core/views/guard-rows.ts';

export type Notice =
  | { readonly kind: 'unguarded'; readonly run: UnguardedRun; readonly terminal: Terminal }
  | { readonly kind: 'branchSnapshot'; readonly found: BranchSnapshot };

const maxNotices = 5;
const dayMs = 24 * 60 * 60_000;

export class Notices implements Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly #byFolder = new Map<string, readonly Notice[]>();

  readonly onDidChange: Event<void> = this.#changed.event;

  /** Newest first; those of the last day. @param cwd absolute path of the folder */
  of(cwd: string): readonly Notice[] {
    const sinceMs = Date.now() - dayMs;
    return (this.#byFolder.get(cwd) ?? []).filter((notice) => facts(notice).atMs > sinceMs);
  }

  add(cwd: string, notice: Notice): void {
    this.#byFolder.set(cwd, [notice, ...this.of(cwd)].slice(0, maxNotices));
    this.#changed.fire();
  }

  /** Of one kind there may be one only. */
  replace(cwd: string, kind: Notice['kind'], notice: Notice | undefined): void {
    const others = this.of(cwd).filter((one) => one.kind !== kind);
    this.#byFolder.set(cwd, notice === undefined ? others : [notice, ...others]);
    this.#changed.fire();
  }

  dismiss(cwd: string, id: string): void {
    const left = this.of(cwd).filter((notice) => facts(notice).id !== id);
    this.#byFolder.set(cwd, left);
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

function facts(notice: Notice): UnguardedRun | BranchSnapshot {
  return notice.kind === 'unguarded' ? notice.run : notice.found;
}
