// Rows that need a path, in this order:
//
// 1. Each row's paths are made from its columns. What is not there is a mismatch, unless nobody could
//    have looked (left out, behind a link), it is excused by its age, or it lies where an older
//    version of the system had it: those become one diagnosis.
// 2. What is there is compared with what the row says of it.
// 3. Where the rule covers paths, those without a row are mismatches.

import { basename } from 'node:path/posix';
import type { Diagnosis, Mismatch } from '../../core/documents/documents.ts';
import type { FormerPlace, Grace, PathTarget } from '../../core/check/rule.ts';
import { templateFolder, type PathTemplate } from '../../core/check/template.ts';
import { formatCount } from '../../core/format/numbers.ts';
import { ContentChecks } from './content-faults.ts';
import { ClaimedPaths } from './claimed-paths.ts';
import { CoveredPaths } from './covered-paths.ts';
import { EvidenceCounter } from './evidence.ts';
import { isYoung } from './grace.ts';
import type { FileIndex, Unknown } from './file-index.ts';
import {
  lookupIn,
  neededPaths,
  type NeededPath,
  type NeededPaths,
  type PathLookup,
} from './needed-paths.ts';
import { openRows, RuleProblem, type RowView } from './row-reader.ts';
import { coveredFolder, inBase } from './rule-folder.ts';
import { isLacking, lackingNames, UsualNames } from './usual-names.ts';
import { databaseOf, type RuleOutcome, type RuleRun } from './rule-run.ts';

export async function runPathRule(run: RuleRun, target: PathTarget): Promise<RuleOutcome> {
  const { rule, breathe } = run;
  const database = databaseOf(run, rule.database, 'database');
  refuseLinks(run.side.files, target);
  const reader = openRows(await database.open(), {
    table: rule.table,
    joins: rule.joins,
    databaseName: basename(rule.database),
    columns: columnsOf(target, rule.grace),
    expressions: {
      where: rule.where,
      size: target.size,
      hash: target.hash,
      json: target.json,
      count: target.count?.is ?? null,
    },
  });
  const paths = new PathRun(run, target);
  let rows = 0;
  for (const row of reader.rows()) {
    rows += 1;
    paths.row(row);
    await breathe();
  }
  return { ...paths.finish(), rows, problem: null, problemKey: null };
}

/** Links are not followed: what lies behind one may be anywhere. */
function refuseLinks(files: FileIndex, target: PathTarget): void {
  const { template, covers } = target;
  const refuse = (key: string, text: string, folder: string): void => {
    for (let end = folder.length; end > 0; end = folder.lastIndexOf('/', end - 1)) {
      const path = inBase(target.base, folder.slice(0, end));
      if (files.kinds.get(path) !== 'symlink') continue;
      throw new RuleProblem(
        `"${key}": "${text}" leads through the link "${path}", which is not followed`,
        key,
      );
    }
  };
  refuse('path', template.text, templateFolder(template));
  if (covers !== null) refuse('covers', covers, coveredFolder(covers));
}

function columnsOf(target: PathTarget, grace: Grace | null): ReadonlyMap<string, string> {
  const templates: readonly PathTemplate[] = [
    target.template,
    ...target.formerly.map(({ template }) => template),
  ];
  const columns = new Map(grace === null ? [] : [[grace.column, 'grace']]);
  for (const column of templates.flatMap((one) => one.columns)) columns.set(column, 'path');
  return columns;
}

class PathRun {
  readonly #run: RuleRun;
  readonly #target: PathTarget;
  readonly #mismatches: Mismatch[] = [];
  readonly #covered: CoveredPaths | null;
  /** Null where nobody asks what is claimed. */
  readonly #claims: ClaimedPaths | null;
  readonly #evidence = new EvidenceCounter();
  /** By former place: where the rows' files are. */
  readonly #former = new Map<FormerPlace, string[]>();
  readonly #unreadable = new Map<string, string>();
  readonly #lookup: PathLookup;
  readonly #usual: UsualNames;
  readonly #content: ContentChecks;

  constructor(run: RuleRun, target: PathTarget) {
    this.#run = run;
    this.#target = target;
    const claims = new ClaimedPaths(target.base);
    this.#covered = target.covers === null ? null : new CoveredPaths(target, target.covers, claims);
    this.#claims = this.#covered !== null || run.sharesClaims ? claims : null;
    this.#lookup = lookupIn(run.side.files, target.base);
    this.#content = new ContentChecks(run.side.files, target, run.rule.origin);
    this.#usual = new UsualNames(target.usually ?? []);
  }

  row(row: RowView): void {
    const { rule } = this.#run;
    const { template } = this.#target;
    const needed = rule.where === null || Number(row.expression('where')) === 1;
    if (!needed && this.#claims === null) return;
    const paths = neededPaths(template, (column) => row.column(column), this.#lookup);
    if (paths.kind === 'paths') {
      for (const path of paths.paths) this.#path(path, row, needed);
    } else this.#noPath(paths, row, needed);
  }

  #path({ path, below, found }: NeededPath, row: RowView, needed: boolean): void {
    const full = inBase(this.#target.base, path);
    if (below === undefined) this.#claims?.claim(path);
    else for (const one of found) this.#claims?.claim(one);
    const [first] = found;
    if (first !== undefined) {
      if (needed) this.#found(inBase(this.#target.base, first), row);
      return;
    }
    const former = this.#formerPlace(row, needed);
    if (!needed || former) return;
    const unknown = this.#unknown(full, below);
    if (unknown?.why === 'unreadable') this.#unreadable.set(unknown.path, unknown.reason);
    if (unknown !== undefined) return;
    this.#evidence.misfit(full);
    const isExcused = isYoung(this.#run.rule.grace, row, this.#run.side.nowMs);
    this.#report(row, {
      kind: 'missing-file',
      severity: isExcused ? 'info' : this.#run.rule.severity,
      path: full,
      detail: `no ${shortPath(this.#target, path, below)}${isExcused ? ' yet' : ''}`,
    });
  }

  /** Where a file may be in any folder, nothing can be told as long as one of them is closed. */
  #unknown(full: string, below: NeededPath['below']): Unknown | undefined {
    const { files } = this.#run.side;
    if (below === undefined) return files.unknown(full);
    return files.unknownBelow(inBase(this.#target.base, below.folder));
  }

  #found(full: string, row: RowView): void {
    const { files } = this.#run.side;
    this.#evidence.fit(full);
    const problem = files.kinds.get(full) === 'file' ? files.problem(full) : undefined;
    if (problem !== undefined) {
      this.#unreadable.set(full, problem);
      return;
    }
    const lacking = this.#target.holds.filter((name) => isLacking(files, full, name));
    if (lacking.length > 0) {
      const { severity } = this.#run.rule;
      this.#report(row, { kind: 'missing-file', severity, ...lackingNames(full, lacking) });
    }
    this.#usual.look(files, full, () => row.key());
    for (const fault of this.#content.faults(full, row)) {
      this.#report(row, { kind: 'changed-file', severity: 'warning', ...fault });
    }
  }

  #noPath(rendered: Exclude<NeededPaths, { kind: 'paths' }>, row: RowView, needed: boolean): void {
    const former = this.#formerPlace(row, needed);
    if (!needed || former || rendered.kind === 'none') return;
    // Of the rules of a layout one tells of such a row, for all of them.
    const isSilent = rendered.kind === 'empty' || this.#run.rule.origin === 'layout';
    if (isSilent && !this.#target.tellsEmpty) return;
    const why = rendered.kind === 'empty' ? `its ${rendered.column} is empty` : rendered.why;
    this.#report(row, {
      kind: 'missing-file',
      severity: 'info',
      path: null,
      detail: `unaddressable: ${why}`,
    });
  }

  /** True where the row's files lie at a place of an older version. */
  #formerPlace(row: RowView, needed: boolean): boolean {
    for (const place of this.#target.formerly) {
      const former = neededPaths(place.template, (column) => row.column(column), this.#lookup);
      const [path] = former.kind === 'paths' ? (former.paths[0]?.found ?? []) : [];
      if (path === undefined) continue;
      const full = inBase(this.#target.base, path);
      const { kinds } = this.#run.side.files;
      this.#claims?.claim(path);
      if (!needed || !kinds.has(`${full}/${place.holds}`)) continue;
      const paths = this.#former.get(place) ?? [];
      paths.push(full);
      this.#former.set(place, paths);
      return true;
    }
    return false;
  }

  finish(): Pick<RuleOutcome, 'mismatches' | 'diagnoses' | 'evidence' | 'compared' | 'claims'> {
    const { rule, side } = this.#run;
    for (const [path, reason] of this.#unreadable) {
      this.#mismatches.push({
        kind: 'unreadable',
        severity: 'warning',
        database: null,
        table: null,
        key: null,
        path,
        rule: rule.id,
        detail: reason,
      });
    }
    for (const { path, detail, key } of this.#usual.lacking()) {
      this.#mismatches.push({
        kind: 'missing-file',
        severity: 'warning',
        database: rule.database,
        table: rule.table,
        key,
        path,
        rule: rule.id,
        detail,
      });
    }
    for (const path of this.#covered?.orphans(side.files) ?? []) {
      this.#mismatches.push({
        kind: 'orphan-file',
        severity: 'warning',
        database: null,
        table: null,
        key: null,
        path,
        rule: rule.id,
        detail: 'no row',
      });
    }
    const diagnoses = [...this.#former].map(([place, paths]) => staleLayout(place, paths));
    const claims = this.#run.sharesClaims ? this.#claims : null;
    const evidence = this.#evidence.evidence();
    const compared = this.#content.compared();
    return { mismatches: this.#mismatches, diagnoses, evidence, compared, claims };
  }

  #report(row: RowView, found: Pick<Mismatch, 'kind' | 'severity' | 'path' | 'detail'>): void {
    const { database, table, id } = this.#run.rule;
    this.#mismatches.push({ ...found, database, table, key: row.key(), rule: id });
  }
}

const maxDiagnosisPaths = 1000;

function staleLayout({ one, many }: FormerPlace, paths: readonly string[]): Diagnosis {
  return {
    code: 'stale-layout',
    severity: 'error',
    title: 'Stale layout',
    detail: `${formatCount(paths.length)} ${paths.length === 1 ? one : many}`,
    paths: paths.toSorted().slice(0, maxDiagnosisPaths),
  };
}

/** `site/` where the template says so in so many words, else the path in the data directory. */
function shortPath(target: PathTarget, path: string, below: NeededPath['below']): string {
  if (below !== undefined) {
    return below.folder === '' ? below.path : `${below.path} in or below ${below.folder}`;
  }
  const last = path.slice(path.lastIndexOf('/') + 1);
  const end = target.holds.length > 0 || target.template.text.endsWith('/') ? '/' : '';
  const isLiteral = target.template.text.replace(/\/$/, '').endsWith(`/${last}`);
  return `${isLiteral ? last : path}${end}`;
}
