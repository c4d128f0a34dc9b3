// From a reference as a layout or savepoint.json writes it to the rule that runs. What is not sound
// is a problem with the key that is wrong; nothing of it runs then.

import { parseTemplate, insidePath, type PathTemplate } from '../../core/check/template.ts';
import {
  ruleId,
  ruleTitle,
  type PathTarget,
  type RowTarget,
  type Rule,
} from '../../core/check/rule.ts';
import type { ReferenceConfig } from '../../core/config/project-config.ts';
import type { LayoutReference } from '../../core/layouts/layout.ts';
import { globProblem } from './glob-matchers.ts';
import { RuleProblem } from './row-reader.ts';
import { inBase } from './rule-folder.ts';

export interface ReferencePlace {
  /** `DataDirDocument.name`. */
  readonly dataDir: string;
  /** Project path of the data directory; '' or `.` is the project folder. */
  readonly base: string;
  /** What `.` as a database means, where it is not `base`: a data directory that is one by itself. */
  readonly self?: string | undefined;
  readonly origin: Rule['origin'];
}

/** @throws RuleProblem where the reference cannot be a rule */
export function ruleFromReference(
  reference: ReferenceConfig | LayoutReference,
  { dataDir, base, self = base, origin }: ReferencePlace,
): Rule {
  const target =
    reference.to === undefined ? pathTarget(reference, base) : rowTarget(reference, base, self);
  const database = databasePath(reference.database, base, self, 'database');
  const { table } = reference;
  return {
    id: ruleId(database, table, idTarget(reference)),
    title: ruleTitle(table, target),
    dataDir,
    database,
    table,
    joins: reference.join ?? [],
    where: reference.where ?? null,
    severity: reference.severity ?? 'error',
    grace: reference.grace ?? null,
    target,
    origin,
    state: 'checked',
    evidence: null,
    at: reference.at ?? null,
  };
}

/** What names the rule beside its table, also where it is not sound. */
export function idTarget({ path, value, to }: ReferenceConfig): string {
  return to === undefined ? path : `${(value ?? []).join(',')} in ${to}`;
}

function pathTarget(reference: ReferenceConfig | LayoutReference, base: string): PathTarget {
  const layout: Partial<LayoutReference> = reference;
  return {
    kind: 'path',
    base,
    template: template(reference.path, 'path'),
    holds: inside(reference.holds ?? [], 'holds'),
    usually: layout.usually ?? [],
    covers: reference.covers === undefined ? null : glob(reference.covers, 'covers'),
    tombstones: (reference.tombstones ?? []).map((one) => glob(one, 'tombstones')),
    size: reference.size ?? null,
    hash: reference.hash ?? null,
    json: reference.json ?? null,
    count: layout.count ?? null,
    tellsEmpty: layout.tellsEmpty ?? false,
    formerly: (layout.formerly ?? []).map((place) => ({
      ...place,
      template: template(place.template, 'path'),
    })),
  };
}

function rowTarget(reference: ReferenceConfig, base: string, self: string): RowTarget {
  const to = reference.to ?? '';
  const match = /^(?<database>.+):(?<table>[^:]+)\.(?<columns>[^.:]+)$/s.exec(to)?.groups;
  if (match === undefined) {
    throw new RuleProblem('"to" has to be DATABASE:TABLE.COLUMN', 'to');
  }
  const columns = (match['columns'] ?? '').split(',').map((column) => column.trim());
  const values = (reference.value ?? []).map((value) => textTemplate(value));
  if (values.length !== columns.length) {
    throw new RuleProblem(`"value" has to have one template for each column of "to"`, 'value');
  }
  return {
    kind: 'row',
    database: databasePath(match['database'] ?? '', base, self, 'to'),
    table: match['table'] ?? '',
    columns,
    values,
    except: reference.except ?? [],
  };
}

function template(text: string, key: string): PathTemplate {
  const parsed = parseTemplate(text);
  if (parsed.template === undefined) throw new RuleProblem(`"${key}": ${parsed.problem}`, key);
  return parsed.template;
}

function textTemplate(text: string): PathTemplate {
  return template(text, 'value');
}

function databasePath(path: string, base: string, self: string, key: string): string {
  if (path === '.') return self;
  const below = insidePath(path);
  if (below !== undefined) return inBase(base, below);
  throw new RuleProblem(`"${path}" leads out of the data directory`, key);
}

function inside(paths: readonly string[], key: string): readonly string[] {
  return paths.map((path) => {
    const below = insidePath(path);
    if (below !== undefined) return below;
    throw new RuleProblem(`"${key}": "${path}" leads out of the data directory`, key);
  });
}

function glob(text: string, key: string): string {
  const isOutside = text.startsWith('/') || text.split('/').includes('..');
  const problem = isOutside ? 'leads out of the data directory' : globProblem(text);
  if (problem === undefined) return text;
  throw new RuleProblem(`"${key}": "${text}" ${problem}`, key);
}
