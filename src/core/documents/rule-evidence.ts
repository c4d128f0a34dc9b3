// How often a rule holds.

/** What the rows of a rule say of their files beside the path. */
export interface ComparedColumn {
  readonly what: 'size' | 'hash';
  /** Column, or SQL expression. */
  readonly column: string;
  /** Of the files that were compared, those that are as their row says. */
  readonly fits: number;
  readonly of: number;
}

export interface RuleEvidence {
  readonly fits: number;
  readonly of: number;
  /** At most ten paths that fit, and at most 1,000 that do not. */
  readonly examples: readonly string[];
  readonly misfits: readonly string[];
}
