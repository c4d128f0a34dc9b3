// The rows about what does not match: a heading, the rules, what each found, and rules to accept.
// A named diagnosis stands for the flood that it explains.

import { compareText } from '../compare-text.ts';
import { mismatchKey } from '../check/mismatch-key.ts';
import type {
  CheckDocument,
  CheckRule,
  Diagnosis,
  Mismatch,
  MismatchKind,
  Severity,
} from '../documents/documents.ts';
import { keyText } from '../format/cell-text.ts';
import { below } from '../format/names.ts';
import { formatCount, plural } from '../format/numbers.ts';
import { visible } from '../format/width.ts';
import { dotted, errorColor, infoColor, spokenList, warningColor, type Row } from './row.ts';

/** Mismatches of a rule that are shown before somebody asks for more. */
export const mismatchPage = 100;

export interface RuleGroup {
  readonly rule: CheckRule;
  /** Errors first; not empty. */
  readonly mismatches: readonly Mismatch[];
}

const severities: readonly Severity[] = ['error', 'warning', 'info'];

const icons = {
  error: ['error', errorColor],
  warning: ['warning', warningColor],
  info: ['info', infoColor],
} as const satisfies Record<Severity, readonly [string, string]>;

/** In words that menus ask for: no hyphen, at which they would break. */
const kindWords = {
  'missing-file': 'missingFile',
  'orphan-file': 'orphanFile',
  'changed-file': 'changedFile',
  'missing-row': 'missingRow',
  unreadable: 'unreadable',
} as const satisfies Record<MismatchKind, string>;

/** Mismatches by the rule that found them: rules with errors first, then by their titles. */
export function ruleGroups({ rules, mismatches }: CheckDocument): readonly RuleGroup[] {
  const found = Map.groupBy(mismatches, ({ rule }) => rule);
  const groups = rules.flatMap((rule): RuleGroup[] => {
    const own = found.get(rule.id) ?? [];
    return own.length === 0 ? [] : [{ rule, mismatches: own.toSorted(bySeverity) }];
  });
  return groups.toSorted(
    (a, b) => rank(worst(a)) - rank(worst(b)) || compareText(a.rule.title, b.rule.title),
  );
}

/** Rules that wait for somebody to accept them. */
export function suggestedRules({ rules }: CheckDocument): readonly CheckRule[] {
  return rules.filter(({ state }) => state === 'suggested');
}

/** True where there is something to show: what is expected alone is nothing. */
export function hasMismatches({ mismatches, diagnoses }: CheckDocument): boolean {
  return mismatches.length > 0 || diagnoses.length > 0;
}

/** `2 errors, 1 warning`; empty where all matches. */
function severityCounts({ mismatches, diagnoses }: CheckDocument): string {
  const all = [...mismatches, ...diagnoses];
  const count = (severity: Severity) => all.filter((one) => one.severity === severity).length;
  const [errors, warnings, infos] = severities.map(count);
  return [
    errors ? plural(errors, 'error') : '',
    warnings ? plural(warnings, 'warning') : '',
    infos ? `${formatCount(infos)} info` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** How many the newest snapshot did not have. */
export function newCount({ mismatches }: CheckDocument): number {
  return mismatches.filter(({ isNew }) => isNew === true).length;
}

/** `2`, `2 (1 new)`. */
export function mismatchCounts(count: number, isNew: number): string {
  return isNew > 0 ? `${formatCount(count)} (${formatCount(isNew)} new)` : formatCount(count);
}

/**
 * @param idPrefix tells the same rows of live data and of snapshots apart.
 * @param age `2 min ago`, where the data changed since it was checked; else empty
 */
export function mismatchesRow(idPrefix: string, check: CheckDocument, age = ''): Row {
  const checked = age === '' ? '' : `checked ${age}`;
  const counts = severityCounts(check);
  const worstOf = severities.find((severity) =>
    [...check.mismatches, ...check.diagnoses].some((one) => one.severity === severity),
  );
  const isNew = newCount(check);
  return {
    id: `${idPrefix}/mismatches`,
    context: 'mismatches',
    icon: 'warning',
    iconColor: worstOf === 'info' ? infoColor : warningColor,
    label: 'Mismatches',
    description: dotted([counts, ignoredText(check.ignored), checked]),
    spoken: spokenList([
      `Mismatches: ${counts}`,
      isNew > 0 && `${formatCount(isNew)} new`,
      ignoredText(check.ignored),
      checked,
    ]),
    expand: 'expanded',
  };
}

export function diagnosisRow(idPrefix: string, diagnosis: Diagnosis): Row {
  const [icon, iconColor] = icons[diagnosis.severity];
  const label = visible(diagnosis.title);
  const description = visible(diagnosis.detail);
  return {
    id: `${idPrefix}/diagnosis/${diagnosis.code}/${diagnosis.paths[0] ?? ''}`,
    context: `diagnosis ${diagnosis.severity}`,
    icon,
    iconColor,
    label,
    description,
    spoken: spokenList([`${label}, ${diagnosis.severity}`, description]),
    expand: 'none',
  };
}

/** @param place the data directory where there are several; empty where there is one. */
export function ruleRow(idPrefix: string, { rule, mismatches }: RuleGroup, place: string): Row {
  const label = visible(rule.title);
  return {
    id: `${idPrefix}/rule/${rule.id}`,
    context: 'rule',
    icon: 'references',
    iconColor: null,
    label,
    description: dotted([
      formatCount(mismatches.length),
      ignoredText(rule.ignored),
      visible(place),
    ]),
    spoken: spokenList([
      `Rule ${label}`,
      plural(mismatches.length, 'mismatch', 'mismatches'),
      ignoredText(rule.ignored),
      place && `in ${visible(place)}`,
    ]),
    expand: mismatches.length <= mismatchPage ? 'expanded' : 'collapsed',
  };
}

/** @param dataDir path of the data directory, which paths leave out. */
export function mismatchRow(idPrefix: string, mismatch: Mismatch, dataDir: string): Row {
  const [icon, iconColor] = icons[mismatch.severity];
  const label = mismatchLabel(mismatch, dataDir);
  const detail = visible(mismatch.detail);
  const isNew = mismatch.isNew === true;
  return {
    id: `${idPrefix}/mismatch/${mismatchKey(mismatch)}`,
    context: mismatchContext(mismatch),
    icon,
    iconColor,
    label,
    description: dotted([detail, isNew && 'new']),
    spoken: spokenList([`${label}, ${mismatch.severity}`, detail, isNew && 'new']),
    expand: 'none',
  };
}

export function moreMismatchesRow(
  idPrefix: string,
  rule: CheckRule,
  shown: number,
  count: number,
): Row {
  const next = `Show ${formatCount(Math.min(mismatchPage, count - shown))} more`;
  const left = `${formatCount(count - shown)} left`;
  return {
    id: `${idPrefix}/rule/${rule.id}/more`,
    context: 'more',
    icon: 'ellipsis',
    iconColor: null,
    label: next,
    description: left,
    spoken: `${next}, ${left}`,
    expand: 'none',
  };
}

export function suggestionsRow(count: number): Row {
  return {
    id: 'suggestions',
    context: 'suggestions',
    icon: 'lightbulb',
    iconColor: null,
    label: 'Suggested rules',
    description: formatCount(count),
    spoken: `Suggested rules: ${formatCount(count)}`,
    expand: 'collapsed',
  };
}

/** @param place the data directory where there are several; empty where there is one. */
export function suggestionRow(rule: CheckRule, place: string): Row {
  const label = visible(rule.title);
  const fits = evidenceText(rule);
  return {
    id: `suggestion/${rule.id}`,
    context: 'suggestion',
    icon: 'lightbulb',
    iconColor: null,
    label,
    description: dotted([fits, visible(place)]),
    spoken: spokenList([`Suggested rule ${label}`, fits, place && `in ${visible(place)}`]),
    expand: 'none',
  };
}

/** `1,198 of 1,204 fit`. */
export function evidenceText({ evidence }: CheckRule): string {
  return evidence === null
    ? ''
    : `${formatCount(evidence.fits)} of ${formatCount(evidence.of)} fit`;
}

/** What a mismatch is called: the row's key, or the path that no row knows. */
function mismatchLabel(mismatch: Mismatch, dataDir: string): string {
  const { kind, key, table, path } = mismatch;
  const row = key === null ? '' : rowName(key);
  if (kind === 'missing-row') return `${visible(table ?? '')} ${row}`.trim();
  if (kind === 'missing-file' && row !== '') return row;
  return path === null ? row : visible(below(path, dataDir));
}

function mismatchContext({ kind, severity, database, table, key, path }: Mismatch): string {
  const words = ['mismatch', kindWords[kind], severity];
  if (database !== null && table !== null && key !== null) words.push('withRow');
  if (path !== null) words.push('withPath');
  // What brings a lost thing back; a file that no row knows would be deleted by it.
  if (kind !== 'orphan-file') words.push('restorable');
  return words.join(' ');
}

/** Parts of a key that say something: an owner that is empty says nothing. */
function rowName(key: NonNullable<Mismatch['key']>): string {
  const telling = Object.entries(key).filter(([, value]) => value !== '' && value !== null);
  return keyText(telling.length > 0 ? Object.fromEntries(telling) : key, '·', 40);
}

function ignoredText(ignored: number): string {
  return ignored > 0 ? `${formatCount(ignored)} ignored` : '';
}

function bySeverity(a: Mismatch, b: Mismatch): number {
  return rank(a.severity) - rank(b.severity);
}

function worst({ mismatches }: RuleGroup): Severity {
  return mismatches[0]?.severity ?? 'info';
}

function rank(severity: Severity): number {
  return severities.indexOf(severity);
}
