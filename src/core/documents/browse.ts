// Documents of looking around: what days hold snapshots, what a folder or a database holds.

/** A day or month of the list, for views of thousands of snapshots. */
export interface DayCount {
  /** Local date `YYYY-MM-DD`. */
  readonly day: string;
  readonly count: number;
}

/** One entry of a folder inside a snapshot or of live data. */
export interface BrowseEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'symlink' | 'database';
  readonly bytes: number;
  readonly mtimeMs: number;
}

export interface TableInfo {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly { name: string; type: string; key: boolean }[];
}
