// What the newest snapshot has and detection does not find any more: a database that was deleted or
// damaged, among files that are data still. A directory stays a data directory until savepoint.json
// says otherwise, or it is gone.

import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { realPath } from '../disk/real-path.ts';
import { databasesDraft, folderDraft, type Draft } from './drafts.ts';
import { namesIn } from './folder-probe.ts';
import { generic } from '../../core/layouts/generic.ts';
import { isInside, outsideRefusal, refusal, type Surroundings } from './places.ts';
import type { KnownDataDir } from './found.ts';

/**
 * The drafts with those in their places that only the snapshot knows.
 * @param mayOpen false in an untrusted workspace
 */
export function withKnownDirs(
  drafts: readonly Draft[],
  known: readonly KnownDataDir[],
  around: Surroundings,
  mayOpen: boolean,
): Draft[] {
  let all = [...drafts];
  for (const dir of known) {
    const draft = draftOf(dir, around, mayOpen);
    if (draft === undefined) continue;
    const touched = all.filter((one) => overlaps(one, draft));
    if (touched.every((one) => isPartOf(one, draft) || isSameByLooks(one, draft))) {
      const reasons = [...touched.flatMap((one) => one.evidence), ...draft.evidence];
      all = [...all.filter((one) => !touched.includes(one)), { ...draft, evidence: reasons }];
    }
  }
  return all;
}

/**
 * What of the known directories is not there any more, or empty, each with those roots alone: nothing
 * says that this was meant.
 * @param drafts what is used now, the known ones among them
 */
export function goneDirs(
  drafts: readonly Draft[],
  known: readonly KnownDataDir[],
  { projectDir }: Surroundings,
): readonly KnownDataDir[] {
  return known.flatMap((dir) => {
    const roots = dir.roots.filter((path) => {
      const root = resolve(projectDir, path);
      const isTaken = drafts.some((draft) => draft.roots.some((own) => isInside(root, own)));
      return !isTaken && !holdsSomething(root);
    });
    return roots.length === 0 ? [] : [{ ...dir, roots }];
  });
}

const evidence = ['the newest snapshot'];

function draftOf(
  { path, roots, layout }: KnownDataDir,
  around: Surroundings,
  mayOpen: boolean,
): Draft | undefined {
  const folder = resolve(around.projectDir, path);
  const all = roots.map((root) => resolve(around.projectDir, root));
  const there = all.filter(holdsSomething);
  const isUsable = there.every(
    (root) =>
      // A link that took its place leads anywhere.
      realPath(root) === root &&
      outsideRefusal(root, around) === undefined &&
      refusal(root, around) === undefined,
  );
  if (there.length === 0 || !isUsable) return undefined;
  if (!statSync(folder).isDirectory()) return databasesDraft(folder, there, evidence, 'guess');
  const draft = folderDraft(folder, evidence, { mayOpen, layoutId: layout });
  const isRecognised = draft.layout === generic || draft.evidence.length > evidence.length;
  return isRecognised ? { ...draft, roots: there } : undefined;
}

function holdsSomething(root: string): boolean {
  const stats = statSync(root, { throwIfNoEntry: false });
  return stats?.isDirectory() === true ? namesIn(root).length > 0 : stats?.isFile() === true;
}

function overlaps(one: Draft, other: Draft): boolean {
  return one.roots.some((root) =>
    other.roots.some((own) => isInside(root, own) || isInside(own, root)),
  );
}

/** What was taken as a whole is not given up for a part of it: that is for a person to say. */
function isPartOf(found: Draft, known: Draft): boolean {
  return (
    found.layout === known.layout &&
    found.roots.every((root) => known.roots.some((own) => isInside(root, own)))
  );
}

/** A folder that looks like any other one because the database that its layout goes by is no database now. */
function isSameByLooks(found: Draft, known: Draft): boolean {
  return found.path === known.path && found.layout === generic && known.layout !== generic;
}
