// What a walk over live data starts from and what it answers.

import { type DiskPath, type ProjectPath } from '../../../core/names.ts';
import type { Excluded, SkippedDocument } from '../../../core/documents/documents.ts';
import type { WalkRoot } from '../../disk/folder-walk.ts';
import type { FileIdentity } from '../../store/read-content.ts';
import type { DirectoryNode, FileNode, LinkNode } from '../../store/store.ts';

/** One folder or file that is captured. */
export interface CaptureRoot extends WalkRoot {
  /** True for a file that its system writes as JSON, so that anything else was caught half-written. */
  readonly mustParse: (path: string) => boolean;
  /** True for what only one command named, beside the data. */
  readonly isBeside?: boolean;
}

export interface WalkedFolder {
  readonly kind: 'directory';
  readonly node: DirectoryNode;
  readonly path: ProjectPath;
  /** False where nothing in it changed: then `node.content` is its tree and there are no children. */
  readonly changed: boolean;
  readonly children: readonly WalkedEntry[];
}

export interface WalkedFile {
  readonly kind: 'file' | 'database';
  /** Its content is empty where it has to be read. */
  readonly node: FileNode;
  readonly path: ProjectPath;
  readonly absolutePath: DiskPath;
  readonly known: boolean;
  readonly signature: string;
  /** True where the signature must not be trusted next time. */
  readonly young: boolean;
  /** What it must still be when it is read. */
  readonly identity: FileIdentity;
  /** True for a file with an unknown header and a write-ahead log or journal beside it. */
  readonly group: boolean;
  /** The path of the database that this is a further name of; undefined for all others. */
  readonly nameOf?: ProjectPath;
}

export interface WalkedLink {
  readonly kind: 'symlink';
  readonly node: LinkNode;
  readonly path: ProjectPath;
  readonly signature: string;
  readonly young: boolean;
}

export type WalkedEntry = WalkedFolder | WalkedFile | WalkedLink;

export interface Walk {
  /** One per root, in the given order; null where it is not there. */
  readonly roots: readonly (WalkedEntry | null)[];
  /** Without databases. */
  readonly files: number;
  readonly bytes: number;
  readonly skipped: readonly SkippedDocument[];
  readonly excluded: readonly Excluded[];
  /** Every symbolic link: they are captured as links. */
  readonly links: readonly Pick<WalkRoot, 'path' | 'absolutePath'>[];
  /** Every database, known or not, by the name that is its own. */
  readonly databases: readonly WalkedFile[];
  /** Paths of databases that have a further name outside of the roots. */
  readonly namedElsewhere: readonly string[];
}
