// Runs one rule over one side.

import { basename } from 'node:path/posix';
import type { Mismatch } from '../../core/documents/documents.ts';
import type { Rule } from '../../core/check/rule.ts';
import { sqliteCode } from '../sqlite/sqlite-driver.ts';
import { runPathRule } from './path-rule.ts';
import { RuleProblem } from './row-reader.ts';
import { runRowRule } from './row-rule.ts';
import type { CheckableSide, RuleOutcome } from './rule-run.ts';

/** @throws the signal's reason */
export async function runRule(
  rule: Rule,
  side: CheckableSide,
  sharesClaims: boolean,
  signal: AbortSignal,
): Promise<RuleOutcome> {
  const run = { rule, side, sharesClaims, breathe: breather(signal) };
  const closed = side.databases.find(
    ({ path, problem }) => problem !== null && databasesOf(rule).includes(path),
  );
  if (closed !== undefined) return unreadableDatabase(rule, closed.problem ?? '', closed.path);
  try {
    return rule.target.kind === 'path'
      ? await runPathRule(run, rule.target)
      : await runRowRule(run, rule.target);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RuleProblem) return broken(error.message, error.key);
    if (isDamagedDatabase(error)) return unreadableDatabase(rule, 'damaged');
    // SQLite's words: a collation or module that only the application has.
    const words = error instanceof Error ? error.message : String(error);
    return broken(`${basename(rule.database)}: ${words}`, null);
  }
}

/** One mismatch for the database, instead of one for each path that nobody can tell of. */
function unreadableDatabase(rule: Rule, problem: string, path = rule.database): RuleOutcome {
  const mismatch: Mismatch = {
    kind: 'unreadable',
    severity: 'error',
    database: path,
    table: null,
    key: null,
    path,
    rule: rule.id,
    detail: problem,
  };
  const outcome = broken('', null);
  return { ...outcome, mismatches: [mismatch], problem: null };
}

function databasesOf({ database, target }: Rule): readonly string[] {
  return target.kind === 'row' ? [database, target.database] : [database];
}

function isDamagedDatabase(error: unknown): boolean {
  const code = sqliteCode(error) ?? '';
  return code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB');
}

function broken(problem: string, problemKey: string | null): RuleOutcome {
  return {
    mismatches: [],
    diagnoses: [],
    rows: null,
    evidence: null,
    compared: [],
    claims: null,
    problem,
    problemKey,
  };
}

/** Ten million rows take a minute; what takes longer is an expression that never ends. */
const maxRuleMs = 2 * 60_000;

/** Lets cancellation and messages through now and then. */
function breather(signal: AbortSignal): () => Promise<void> {
  const startedAt = performance.now();
  let last = startedAt;
  let calls = 0;
  return async () => {
    calls += 1;
    if (calls % 16 !== 0 || performance.now() - last < 40) return;
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
    last = performance.now();
    if (last - startedAt > maxRuleMs) {
      throw new RuleProblem(`took longer than ${maxRuleMs / 60_000} minutes`, 'where');
    }
  };
}
