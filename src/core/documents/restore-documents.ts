// What documents of a restore say of its surroundings: programs in its way, and one left unfinished.

/** A file that is no database: whoever has it open goes on in its old version. */
export interface OpenFilePlan {
  readonly path: string;
  /** `node (4242)`. */
  readonly openIn: readonly string[];
}

/** A restore that was begun and not proven. */
export interface PendingRestore {
  readonly snapshot: string;
  readonly label: string | null;
  readonly safetySnapshot: string;
  readonly startedAt: string;
  readonly filesWritten: number;
  readonly filesTotal: number;
  /** What of the snapshot it was to bring back, as restore takes it; absent: all of it. */
  readonly selection?: {
    readonly only: readonly string[];
    readonly except: readonly string[];
    readonly table: readonly string[];
    readonly exceptTable: readonly string[];
    readonly keepNew: boolean;
  };
}
