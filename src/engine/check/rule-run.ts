// What a rule runs on, and what comes of it.

import type { Diagnosis, Mismatch } from '../../core/documents/documents.ts';
import type { ComparedColumn, RuleEvidence } from '../../core/documents/rule-evidence.ts';
import type { IgnoredMismatch, Rule } from '../../core/check/rule.ts';
import type { ClaimedPaths } from './claimed-paths.ts';
import type { FileIndex } from './file-index.ts';
import { RuleProblem } from './row-reader.ts';
import type { SideDatabase } from './side-database.ts';

export interface CheckableSide {
  readonly rules: readonly Rule[];
  readonly files: FileIndex;
  readonly databases: readonly SideDatabase[];
  readonly ignored: readonly IgnoredMismatch[];
  /** The moment of the side, milliseconds since the Unix epoch: grace periods end by it. */
  readonly nowMs: number;
}

export interface RuleOutcome {
  /** What is ignored among them. */
  readonly mismatches: readonly Mismatch[];
  readonly diagnoses: readonly Diagnosis[];
  /** Rows of the rule's table; null where they could not be read. */
  readonly rows: number | null;
  readonly evidence: RuleEvidence | null;
  readonly compared: readonly ComparedColumn[];
  /** What the rows have, where another rule covers the same folder. */
  readonly claims: ClaimedPaths | null;
  /** Why the rule could not run, in one line; null where it did. */
  readonly problem: string | null;
  /** The key of its reference in savepoint.json that the problem is about; null where it is about none. */
  readonly problemKey: string | null;
}

/** What it takes to run a rule on opened databases. */
export interface RuleRun {
  readonly rule: Rule;
  readonly side: CheckableSide;
  /** True where other rules have to know what this one's rows have. */
  readonly sharesClaims: boolean;
  readonly breathe: () => Promise<void>;
}

/** @throws RuleProblem where the side has no such database */
export function databaseOf({ side }: RuleRun, path: string, key: string): SideDatabase {
  const database = side.databases.find((one) => one.path === path);
  if (database === undefined) throw new RuleProblem(`no database "${path}"`, key);
  return database;
}
