// A rule as savepoint.json writes it: what ruleFromReference makes a rule of again.

import type { Join, Rule } from './rule.ts';

/** Keys in the order in which people read them. */
export interface WrittenReference {
  readonly database: string;
  readonly table: string;
  /** `TABLE.COLUMN` of the other row by the column of this one. */
  readonly join?: Readonly<Record<string, string>>;
  readonly where?: string;
  readonly path: string;
  readonly covers?: string;
  readonly tombstones?: readonly string[];
  readonly size?: string;
  readonly hash?: string;
}

/** Relative to the folder that the rule's paths start in; undefined for a rule that needs rows. */
export function referenceOfRule({
  database,
  table,
  joins,
  where,
  target,
}: Rule): WrittenReference | undefined {
  if (target.kind !== 'path') return undefined;
  const { base, template, covers, tombstones, size, hash } = target;
  const inside = base === '' || base === '.' ? database : database.slice(base.length + 1);
  return {
    database: inside === '' ? '.' : inside,
    table,
    ...(joins.length === 0 ? {} : { join: joinText(joins) }),
    ...(where === null ? {} : { where }),
    path: template.text,
    ...(covers === null ? {} : { covers }),
    ...(covers === null || tombstones.length === 0 ? {} : { tombstones }),
    ...(size === null ? {} : { size }),
    ...(hash === null ? {} : { hash }),
  };
}

function joinText(joins: readonly Join[]): Readonly<Record<string, string>> {
  return Object.fromEntries(joins.map(({ table, key, on }) => [`${table}.${key}`, on]));
}
