// One answer to "what is saved, and what is not": for each place that holds data covered, or not with
// the reason, the evidence and the line that covers it. Everybody who tells of coverage asks here.

import type {
  DataDirDocument,
  DetectionDocument,
  RejectedPlace,
} from '../../core/documents/documents.ts';
import { byPath } from '../../core/compare-text.ts';
import { coverCommand } from '../../core/text/cover-command.ts';
import type { JudgedFolder } from './judge-folders.ts';
import type { CoverageEntry } from '../../core/documents/coverage.ts';

/** What is covered first, then what is not; each in the order of its path. */
export function coverageOf(
  { dataDirs, rejected }: Omit<DetectionDocument, 'coverage'>,
  offered: readonly JudgedFolder[],
): readonly CoverageEntry[] {
  return [
    ...dataDirs.flatMap(coveredPlaces),
    ...[...dataDirs.flatMap(leftOut), ...notTakenPlaces(rejected, offered)].toSorted(byPath),
  ];
}

/** What lies beside the data, in the order of its path. */
export function notTakenPlaces(
  rejected: readonly RejectedPlace[],
  offered: readonly JudgedFolder[],
): readonly CoverageEntry[] {
  const named = new Set(offered.map(({ path }) => path));
  const others = rejected.filter(({ path }) => !named.has(path));
  return [...offered.map(offer), ...others.map(notTaken)].toSorted(byPath);
}

/** A data directory is what its roots are: one database, or a folder with whatever is in it. */
function coveredPlaces(dir: DataDirDocument): CoverageEntry[] {
  const isWhole =
    dir.roots.includes(dir.path) && dir.databases.every(({ path }) => path !== dir.path);
  const facts = { covered: true, reason: null, evidence: dir.evidence, mend: null } as const;
  if (isWhole)
    return [{ path: dir.path, kind: 'folder', files: dir.files, bytes: dir.bytes, ...facts }];
  return dir.roots.map((path) => {
    const database = dir.databases.find((one) => one.path === path);
    const folder = dir.contents?.find((one) => one.path === path);
    return {
      path,
      kind: database === undefined ? 'folder' : 'database',
      files: folder?.files ?? 0,
      bytes: database?.bytes ?? folder?.bytes ?? null,
      ...facts,
    };
  });
}

function leftOut({ excluded }: DataDirDocument): CoverageEntry[] {
  return excluded.map(({ path, reason, bytes, canInclude }) => ({
    path,
    kind: 'folder',
    covered: false,
    reason,
    evidence: [],
    files: null,
    bytes,
    mend: canInclude ? coverCommand(path) : null,
  }));
}

function offer({ path, reason, evidence, files, bytes }: JudgedFolder): CoverageEntry {
  return {
    path,
    kind: 'folder',
    covered: false,
    reason: reason ?? 'not taken',
    evidence,
    files,
    bytes,
    mend: coverCommand(path),
  };
}

function notTaken({ path, reason, kind, isFinal }: RejectedPlace): CoverageEntry {
  const allow = /savepoint allow \S.*$/.exec(reason)?.[0] ?? null;
  const cannotBe =
    isFinal === true || kind === 'volume' || /^(?:empty|a link)|not there/.test(reason);
  return {
    path,
    kind: kind ?? 'folder',
    covered: false,
    reason,
    evidence: [],
    files: null,
    bytes: null,
    mend: allow ?? (cannotBe ? null : coverCommand(path)),
  };
}
