// Whether something in the data has a name that fits a pattern: `**/*.txt` and `find -name` say no more.

import { readdirSync } from 'node:fs';
import type { GuardFacts } from '../../core/guard/facts.ts';
import { matchesSegment } from '../../core/guard/glob-match.ts';

/** Of larger folders not every name is looked at: they may hold anything. */
const maxNames = 5000;

interface Names {
  readonly all: ReadonlySet<string>;
  readonly isWhole: boolean;
}

export function heldNames(): GuardFacts['holds'] {
  const known = new Map<string, Names>();
  return (root, pattern) => {
    const names = known.get(root) ?? namesBelow(root);
    known.set(root, names);
    for (const name of names.all) if (matchesSegment(pattern, name)) return 'yes';
    return names.isWhole ? 'no' : 'maybe';
  };
}

function namesBelow(root: string): Names {
  const all = new Set<string>();
  const open = [root];
  let left = maxNames;
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of entriesOf(folder)) {
      left -= 1;
      if (left < 0) return { all, isWhole: false };
      all.add(entry.name);
      if (entry.isDirectory()) open.push(`${folder}/${entry.name}`);
    }
  }
  return { all, isWhole: true };
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // A file, gone, or not ours to read: then no command that is started here finds names in it either.
    return [];
  }
}
