import type { SnapshotEntry } from '../../core/documents/documents.ts';
import type { ProjectModel } from './project-model.ts';

// What a command on a snapshot works on.

export interface SnapshotTarget {
  readonly project: ProjectModel;
  readonly entry: SnapshotEntry;
}
