// The snapshot that waits for another one to be compared with.

import { setContextKey } from '../host/context-keys.ts';
import type { SnapshotTarget } from '../projects/snapshot-target.ts';

export class CompareSelection {
  #selected: SnapshotTarget | undefined;

  constructor() {
    setContextKey('savepoint.selectedForCompare', false);
  }

  get selected(): SnapshotTarget | undefined {
    return this.#selected;
  }

  select(target: SnapshotTarget): void {
    this.#selected = target;
    setContextKey('savepoint.selectedForCompare', true);
  }
}
