// Runs one rule over one state of the data.

import { basename } from 'node:path/posix';
import type { Rule } from '../../core/check/rule.ts';
import { runPathRule } from './path-rule.ts';
import { RuleProblem } from './row-reader.ts';
import { runRowRule } from './row-rule.ts';
import type { CheckableState, RuleOutcome } from './rule-run.ts';

/** @throws the signal's reason */
export async function runRule(
  rule: Rule,
  state: CheckableState,
  signal: AbortSignal,
): Promise<RuleOutcome> {
  const run = { rule, state, breathe: breather(signal) };
  try {
    return rule.target.kind === 'path'
      ? await runPathRule(run, rule.target)
      : await runRowRule(run, rule.target);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RuleProblem) return broken(error.message, error.key);
    // SQLite's words: damage, a collation or module that only the application has.
    const words = error instanceof Error ? error.message : String(error);
    return broken(`${basename(rule.database)}: ${words}`, null);
  }
}

function broken(problem: string, problemKey: string | null): RuleOutcome {
  return { mismatches: [], diagnoses: [], rows: null, evidence: null, problem, problemKey };
}

/** Lets cancellation and messages through now and then. */
function breather(signal: AbortSignal): () => Promise<void> {
  let last = performance.now();
  let calls = 0;
  return async () => {
    calls += 1;
    if (calls % 256 !== 0 || performance.now() - last < 40) return;
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
    last = performance.now();
  };
}
