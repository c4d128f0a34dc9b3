// Metadata against files, for any side: live data, a snapshot, what a restore would leave.
//
//   checkRules({ rules, files, databases, ignored, nowMs }, { signal, previous? }) -> RulesCheck
//
// `files` is any FileIndex: indexLiveFiles() of a walk, indexTree() of a snapshot's tree, and
// changeFileIndex(base, path -> index it comes from | null) for what a plan would make of one.
// `databases` are images: imageDatabase(path, identity, () => imagePath). The caller closes them.
// Rules come from collectRules(); check-open-side.ts does both.
// With `previous`, a rule whose databases have the same identity and whose folder has the same
// fingerprint is not run again: what a tick costs is what it changes.

import type { CheckRule, Diagnosis, Mismatch } from '../../core/documents/documents.ts';
import { mismatchKey } from '../../core/check/mismatch-key.ts';
import { compareMismatches } from '../../core/check/order.ts';
import { targetText, type Rule } from '../../core/check/rule.ts';
import { sharedClaims } from './claimed-paths.ts';
import { ignoreMatcher } from './ignore-matcher.ts';
import { runRule } from './run-rule.ts';
import type { CheckableSide, RuleOutcome } from './rule-run.ts';
import { ruleFolder } from './rule-folder.ts';

export type { CheckableSide } from './rule-run.ts';

export interface CheckRulesOptions {
  readonly signal: AbortSignal;
  /** What an earlier side of the same data had. */
  readonly previous?: RulesCheck | undefined;
}

export interface RulesCheck {
  /** Errors first, then by rule and path; without what is ignored. */
  readonly mismatches: readonly Mismatch[];
  readonly diagnoses: readonly Diagnosis[];
  readonly rules: readonly CheckRule[];
  readonly ignored: number;
  /** Places in savepoint.json of what is ignored and is no mismatch. */
  readonly unusedIgnores: readonly (readonly (string | number)[])[];
  /** Rules that could not run, with the key of their reference that is wrong. */
  readonly broken: readonly BrokenRule[];
  readonly checkedRows: number;
  readonly checkedFiles: number;
  /** Sorted, each once. */
  readonly keys: readonly string[];
  /** For `previous`. */
  readonly outcomes: ReadonlyMap<string, KeptOutcome>;
}

export interface BrokenRule {
  readonly rule: Rule;
  readonly problem: string;
  readonly key: string | null;
}

export interface KeptOutcome {
  /** Equal where the rule would find the same again. */
  readonly basis: string;
  readonly outcome: RuleOutcome;
}

/** @throws the signal's reason */
export async function checkRules(
  side: CheckableSide,
  { signal, previous }: CheckRulesOptions,
): Promise<RulesCheck> {
  const outcomes = new Map<string, KeptOutcome>();
  const shared = sharedClaims(side.rules);
  for (const rule of side.rules) {
    if (rule.state !== 'checked') continue;
    const basis = basisOf(rule, side);
    const shares = shared.has(rule.id);
    const kept = previous?.outcomes.get(rule.id);
    const isKept = kept?.basis === basis && (kept.outcome.claims !== null || !shares);
    const outcome = isKept ? kept.outcome : await runRule(rule, side, shares, signal);
    outcomes.set(rule.id, { basis, outcome });
  }
  return toCheck(side, outcomes);
}

function basisOf(rule: Rule, { files, databases, nowMs }: CheckableSide): string {
  const own = [rule.database, rule.target.kind === 'row' ? rule.target.database : rule.database];
  const identities = own.map((path) => databases.find((one) => one.path === path)?.identity ?? '');
  const grace = rule.grace === null ? '' : String(nowMs);
  const folder = rule.target.kind === 'path' ? files.fingerprint(ruleFolder(rule.target)) : '';
  const { where, target, evidence } = rule;
  const asked = JSON.stringify([where, target, evidence === null]);
  return [...identities, grace, folder, asked].join('\n');
}

function toCheck(side: CheckableSide, outcomes: ReadonlyMap<string, KeptOutcome>): RulesCheck {
  const matcher = ignoreMatcher(side.ignored, side.rules);
  const told = side.rules.filter((rule) => isMeant(rule, outcomes.get(rule.id)?.outcome));
  const mismatches: Mismatch[] = [];
  const rules: CheckRule[] = [];
  const unreadable = new Set<string | null>();
  // What several rules cannot read is told once.
  const isFirst = ({ path }: Mismatch): boolean => unreadable.size < unreadable.add(path).size;
  const isUnclaimed = orphanFilter(outcomes);
  const rowsByTable = new Map<string, number>();
  let ignored = 0;
  for (const rule of told) {
    const outcome = outcomes.get(rule.id)?.outcome;
    const found = outcome?.mismatches ?? [];
    const once = found.filter((mismatch) =>
      mismatch.kind === 'unreadable' ? isFirst(mismatch) : isUnclaimed(mismatch),
    );
    const reported = once.filter((mismatch) => !matcher.isIgnored(mismatch));
    mismatches.push(...reported);
    ignored += once.length - reported.length;
    rules.push(toCheckRule(rule, outcome, reported.length, once.length - reported.length));
    if (outcome?.rows !== null && outcome?.rows !== undefined) {
      rowsByTable.set(`${rule.database}\0${rule.table}`, outcome.rows);
    }
  }
  const broken = told.flatMap((rule): BrokenRule[] => {
    const outcome = outcomes.get(rule.id)?.outcome;
    const problem = outcome?.problem ?? null;
    return problem === null ? [] : [{ rule, problem, key: outcome?.problemKey ?? null }];
  });
  const diagnoses = [
    ...[...outcomes.values()].flatMap(({ outcome }) => outcome.diagnoses),
    ...damagedDatabases(side, mismatches),
  ];
  return {
    mismatches: mismatches.toSorted(compareMismatches),
    diagnoses: eachOnce(diagnoses),
    rules,
    ignored,
    unusedIgnores: matcher.unused().flatMap(({ at }) => (at === undefined ? [] : [at])),
    broken,
    checkedRows: [...rowsByTable.values()].reduce((sum, rows) => sum + rows, 0),
    checkedFiles: countFiles(side),
    keys: [...new Set(mismatches.map(mismatchKey))].toSorted(),
    outcomes,
  };
}

/** False for a file that a row of another rule has, and for one that another rule has told already. */
function orphanFilter(outcomes: ReadonlyMap<string, KeptOutcome>): (mismatch: Mismatch) => boolean {
  const claims = [...outcomes.values()].flatMap(({ outcome }) => outcome.claims ?? []);
  const told = new Set<string>();
  return ({ kind, path }) => {
    if (kind !== 'orphan-file' || path === null) return true;
    if (told.has(path) || claims.some((one) => one.hasInProject(path))) return false;
    told.add(path);
    return true;
  };
}

/** Databases that are none any more, where no rule that asks them tells so. */
function damagedDatabases(
  { databases }: CheckableSide,
  told: readonly Mismatch[],
): readonly Diagnosis[] {
  const isTold = (path: string): boolean => told.some((one) => one.path === path);
  return databases
    .filter(({ path, wasSound }) => wasSound === true && !isTold(path))
    .map(({ path, problem }) => ({
      code: 'damaged-database',
      severity: 'error',
      title: 'Damaged database',
      detail: `${path}: ${problem ?? ''}`,
      paths: [path],
    }));
}

/** A layout knows tables and columns of all versions of its system: those that are not there are not meant. */
function isMeant(rule: Rule, outcome: RuleOutcome | undefined): boolean {
  const key = outcome?.problemKey ?? null;
  return rule.origin !== 'layout' || key === null || key === 'database';
}

/** Two rules may meet the same cause: the paths of one are those of the other. */
function eachOnce(diagnoses: readonly Diagnosis[]): readonly Diagnosis[] {
  return diagnoses.filter(
    (one, index) =>
      !diagnoses.some(
        (other, at) =>
          other.code === one.code &&
          (at < index
            ? other.paths.length >= one.paths.length
            : other.paths.length > one.paths.length) &&
          one.paths.every((path) => other.paths.includes(path)),
      ),
  );
}

function toCheckRule(
  rule: Rule,
  outcome: RuleOutcome | undefined,
  mismatches: number,
  ignored: number,
): CheckRule {
  const problem = outcome?.problem ?? null;
  const compared = outcome?.compared ?? [];
  return {
    id: rule.id,
    title: rule.title,
    dataDir: rule.dataDir,
    database: rule.database,
    table: rule.table,
    target: targetText(rule.target),
    where: rule.where,
    covers: rule.target.kind === 'path' ? rule.target.covers : null,
    origin: rule.origin,
    state: problem === null ? rule.state : 'broken',
    evidence: problem === null ? (outcome?.evidence ?? rule.evidence) : null,
    problem,
    ...(compared.length === 0 ? {} : { compared }),
    mismatches,
    ignored,
  };
}

/** Without databases, as everywhere. */
function countFiles({ files, databases }: CheckableSide): number {
  let count = 0;
  for (const kind of files.kinds.values()) if (kind !== 'directory') count += 1;
  const own = databases.filter(({ path, problem }) => problem === null && files.kinds.has(path));
  return count - own.length;
}
