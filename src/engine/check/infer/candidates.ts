// Likely templates with what they are worth: counted over all rows, with the condition that tells which
// rows have no file.

import { printTemplate } from '../../../core/check/print-template.ts';
import {
  parseTemplate,
  type PathTemplate,
  type TemplatePart,
} from '../../../core/check/template.ts';
import type { Candidate } from './choose-templates.ts';
import type { RowSet } from '../row-source.ts';
import { countFits, type Scope } from './count-fits.ts';
import { ConditionTally, mayTell } from './find-condition.ts';
import { joinsIn } from './joined-tables.ts';
import type { LikelyTemplate, Table } from './likely-templates.ts';
import { holds, isWorthTelling, leastFits } from './thresholds.ts';

/**
 * The template, and where files of its rows lie in other folders beside the one that it names the
 * template for all of them. None where it does not hold.
 */
export function candidatesOf(
  likely: LikelyTemplate,
  table: Table,
  scope: Scope,
): readonly Candidate[] {
  const candidate = candidateOf(likely, table, scope);
  const anywhere = anywhereBeside(likely);
  if (anywhere === undefined || candidate?.evidence.misfits.length === 0) {
    return candidate === undefined ? [] : [candidate];
  }
  const wider = candidateOf({ ...likely, template: anywhere }, table, scope);
  const isMore = wider !== undefined && wider.found.size > (candidate?.found.size ?? 0);
  return [candidate, isMore && isUnique(wider) ? wider : undefined].filter(
    (one) => one !== undefined,
  );
}

/** `files/**\/{name}` of `files/a/{name}`; undefined where the folder is not one of several. */
function anywhereBeside({
  template,
  isNumber,
  isFolder,
}: LikelyTemplate): PathTemplate | undefined {
  const [first, second] = template.parts;
  if (isNumber || isFolder || first?.kind !== 'text' || second?.kind !== 'column') return undefined;
  const head = /^(?<upper>.+\/)[^/]+\/$/s.exec(first.text)?.groups?.['upper'];
  if (head === undefined) return undefined;
  const parts: TemplatePart[] = [{ kind: 'text', text: head }, { kind: 'below' }];
  return parseTemplate(printTemplate([...parts, ...template.parts.slice(1)])).template;
}

/** As good as every name has one file. */
function isUnique({ found, evidence: { fits } }: Candidate): boolean {
  return found.size <= fits * 1.05;
}

function candidateOf(likely: LikelyTemplate, table: Table, scope: Scope): Candidate | undefined {
  const { template, share, ...facts } = likely;
  try {
    const tally = share < 1 ? new ConditionTally(mayTell(table)) : undefined;
    const all = countFits(table.db, rowSetOf(table, template), template, { tally }, scope);
    if (all.found.size < leastFits) return undefined;
    const { where, evidence } = conditioned(table, template, all.evidence, tally, scope);
    const { fits, of } = evidence;
    const tableName = table.name;
    const joins = joinsIn(template, table.joins);
    const base = { ...facts, tableName, template, joins, found: all.found, where, evidence };
    if (holds(fits, of)) return { ...base, state: 'checked' };
    return isWorthTelling(fits, of) ? { ...base, state: 'suggested' } : undefined;
  } catch {
    // A damaged page ends the guess, not the check.
    return undefined;
  }
}

/** With the condition that explains what is missing, where there is one. */
function conditioned(
  table: Table,
  template: PathTemplate,
  evidence: Candidate['evidence'],
  counted: ConditionTally | undefined,
  scope: Scope,
): Pick<Candidate, 'where' | 'evidence'> {
  if (evidence.fits === evidence.of) return { where: null, evidence };
  const tally = counted ?? new ConditionTally(mayTell(table));
  const { db } = table;
  const rowSet = rowSetOf(table, template);
  if (counted === undefined) countFits(db, rowSet, template, { tally }, scope);
  const condition = tally.best();
  if (condition === undefined) return { where: null, evidence };
  const { sql: where, fits, misses } = condition;
  const { examples } = evidence;
  if (misses === 0) return { where, evidence: { fits, of: fits, examples, misfits: [] } };
  return { where, evidence: countFits(db, rowSet, template, { where }, scope).evidence };
}

function rowSetOf({ name, joins }: Table, template: PathTemplate): RowSet {
  return { table: name, joins: joinsIn(template, joins) };
}
