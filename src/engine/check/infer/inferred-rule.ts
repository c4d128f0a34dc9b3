// What was found as a rule: its paths relative to the data directory that has all of it, and what
// rules that are known already have of the same.

import { ruleId, ruleTitle, type PathTarget, type Rule } from '../../../core/check/rule.ts';
import { literalText } from '../../../core/check/print-template.ts';
import { parseTemplate, type PathTemplate } from '../../../core/check/template.ts';
import { isWithin } from '../../../core/names.ts';
import { escapeGlob } from '../../detect/exclusion-matcher.ts';
import type { Candidate } from './choose-templates.ts';
import type { Coverage } from './covered-folders.ts';

export interface InferDataDir {
  readonly name: string;
  readonly path: string;
}

/** Undefined where the paths lie in no folder that a rule can start from. */
export function toRule(
  candidate: Candidate,
  { name: table, database }: { readonly name: string; readonly database: string },
  coverage: Coverage | undefined,
  scopeBase: string,
  dataDirs: readonly InferDataDir[],
): Rule | undefined {
  const owner = dataDirs.find(({ path }) => path === '.' || isWithin(database, path));
  if (owner === undefined) return undefined;
  const base = scopeBase === '' ? baseOf(candidate, owner.path) : scopeBase;
  const start = scopeBase === '' && base !== '' ? base.length + 1 : 0;
  const template = withoutFolder(candidate.template, start);
  if (template === undefined) return undefined;
  const within = (glob: string): string =>
    withoutPrefix(glob, start === 0 ? '' : `${escapeGlob(base)}/`);
  const target: PathTarget = {
    kind: 'path',
    base,
    template,
    holds: [],
    covers: coverage === undefined ? null : within(coverage.covers),
    tombstones: coverage?.tombstones.map(within) ?? [],
    size: null,
    hash: null,
    json: null,
    count: null,
    tellsEmpty: false,
    formerly: [],
  };
  return {
    id: ruleId(database, table, template.text),
    title: ruleTitle(table, target),
    dataDir: owner.name,
    database,
    table,
    joins: candidate.joins,
    where: candidate.where,
    severity: 'error',
    grace: null,
    target,
    origin: 'inferred',
    state: candidate.state,
    evidence: candidate.evidence,
    at: null,
  };
}

/** The data directory where all paths lie in it, else the project folder. */
function baseOf({ template }: Candidate, path: string): string {
  return path !== '.' && template.text.startsWith(`${literalText(path)}/`) ? path : '';
}

function withoutFolder(template: PathTemplate, start: number): PathTemplate | undefined {
  return start === 0 ? template : parseTemplate(template.text.slice(start)).template;
}

function withoutPrefix(glob: string, prefix: string): string {
  return glob.startsWith(prefix) ? glob.slice(prefix.length) : glob;
}

export function isKnown({ id }: Rule, known: readonly Rule[]): boolean {
  return known.some((rule) => rule.id === id);
}
