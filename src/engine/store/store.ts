// The store as the rest of the engine sees it. docs/format.md is the specification of what is on disk.

/** Hex SHA-256 of content. */
export type ContentHash = string;

/**
 * One entry of a folder. Trees are Merkle: a folder's entry names the tree object of what is in it,
 * so equal folders are one object and equal hashes need not be looked into.
 */
export type TreeEntry = FileNode | DirectoryNode | LinkNode;

interface NodeFacts {
  /** One name, no `/`; see core/names.ts for bytes that are not UTF-8. */
  readonly name: string;
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Nanoseconds since the Unix epoch. */
  readonly mtimeNs: bigint;
}

export interface FileNode extends NodeFacts {
  /** A `database` is one SQLite image without sidecars, its header as the live file has it. */
  readonly kind: 'file' | 'database';
  readonly size: number;
  /** Hash of the content, or, where `chunked`, of the list of its chunks' hashes. */
  readonly content: ContentHash;
  readonly chunked: boolean;
  /** Path from the project folder of the first name of the same inode, where there are several; else empty. */
  readonly hardlink: string;
}

export interface DirectoryNode extends NodeFacts {
  readonly kind: 'directory';
  readonly content: ContentHash;
}

export interface LinkNode extends NodeFacts {
  readonly kind: 'symlink';
  /** As it is, never followed; bytes as in names. */
  readonly target: string;
}

/** Where content of a snapshot is read. Readers never wait for a writer. */
export interface StoreReader {
  /** Entries in byte order of their names. @throws EngineError STORE_DAMAGED */
  readTree(hash: ContentHash): readonly TreeEntry[];
  /** The object's bytes, hash checked. @throws EngineError STORE_DAMAGED */
  readObject(hash: ContentHash): Buffer;
  /** Hashes of a file's chunks in order; one for a file that is not chunked. All but the last chunk are 64 KiB. */
  chunksOf(file: FileNode): readonly ContentHash[];
  /** Calls `use` with each chunk and its offset, in order; hash checked. */
  readChunks(
    file: FileNode,
    use: (chunk: Buffer, offset: number) => void,
    signal: AbortSignal,
  ): void;
  /**
   * Does `work`, which reads objects: many of them in one look at the catalog, where each would take
   * as long to look up as to read. Brief and not nested, because it keeps writers waiting. Absent
   * where looking up costs nothing.
   */
  readonly together?: <T>(work: () => T) => T;
}
