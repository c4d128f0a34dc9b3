// Command lines that changed data although no rule of the guard knew them.

import type { GuardedCommand } from './guard.ts';

export interface LearnedCommand {
  /** What all calls of it have in common: `pnpm test`; secrets are `***`. */
  readonly command: string;
  /** What it changed last: `1,204 rows`, `app.db`. */
  readonly changed: string;
  /** When that was: ISO 8601. */
  readonly lastAt: string;
  /** How often it was seen to change data. */
  readonly times: number;
}

/** A command that is over. */
export interface EndedCommand extends GuardedCommand {
  /** Ms since the Unix epoch, just before it began and just after it ended. */
  readonly startedMs: number;
  readonly endedMs: number;
  /** How long others are watched before what changed counts as its work. */
  readonly settleMs: number;
}
