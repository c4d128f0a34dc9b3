// Where in the project the paths of a rule lie: what changes elsewhere cannot change its outcome.

import picomatch from 'picomatch';
import type { PathTarget } from '../../core/check/rule.ts';
import { templateFolder } from '../../core/check/template.ts';
import { joinRel } from '../../core/names.ts';

/** The deepest folder that has all paths of the rule in it. */
export function ruleFolder(target: PathTarget): string {
  const folders = [templateFolder(target.template), ...target.formerly.map(formerFolder)];
  if (target.covers !== null) folders.push(coveredFolder(target.covers));
  return inBase(target.base, folders.reduce(commonFolder));
}

/** The part of the glob in front of its first wildcard, as a folder. */
export function coveredFolder(covers: string): string {
  const { base, isGlob } = picomatch.scan(covers, { unescape: true });
  if (isGlob) return base === '.' ? '' : base;
  return base.slice(0, Math.max(0, base.lastIndexOf('/')));
}

/** A path below the data directory as the project has it. */
export function inBase(base: string, path: string): string {
  if (base === '' || base === '.') return path;
  return path === '' ? base : joinRel(base, path);
}

function formerFolder({ template }: PathTarget['formerly'][number]): string {
  return templateFolder(template);
}

function commonFolder(a: string, b: string): string {
  const names = a.split('/');
  const others = b.split('/');
  const end = names.findIndex((name, index) => name !== others[index]);
  return (end === -1 ? names : names.slice(0, end)).join('/');
}
