// What lies at a path that a command names, beside the data: the largest folders and files of which no
// version control has a copy, so that each can be captured as a whole, and what cannot be saved.

import { lstatSync, type BigIntStats } from 'node:fs';
import { basename } from 'node:path';
import type { NamedPath } from '../../../core/documents/guard.ts';
import type { NotSaved } from '../../../core/documents/not-saved.ts';
import { plural } from '../../../core/format/numbers.ts';
import {
  joinRel,
  ownerOfSidecar,
  projectPath,
  type DiskPath,
  type ProjectPath,
} from '../../../core/names.ts';
import { ancestors } from '../../../core/restore/plan-entries.ts';
import { isEnvFile } from '../../detect/env-files.ts';
import type { GitIndex } from '../../detect/git-index.ts';
import { diskPath } from '../../disk/disk-path.ts';
import { hasSqliteHeader } from '../../sqlite/sqlite-file.ts';
import { entriesOf } from './expand-pattern.ts';
import { isHeldByGit } from './held-by-git.ts';
import { isLeftOut, isMadeAgain, isMadeAgainFile } from './made-again.ts';

/** A folder or file that is captured as a whole. */
export interface Unit {
  readonly path: ProjectPath;
  readonly files: number;
  readonly bytes: number;
}

export interface Surroundings {
  /** Absolute real path. */
  readonly projectDir: DiskPath;
  readonly index: GitIndex;
  /** True for what a snapshot of the data has anyway. */
  readonly isData: (absolute: string) => boolean;
  /** Absolute. */
  readonly storeDir: string;
}

export interface Gathered {
  readonly units: Unit[];
  readonly notSaved: NotSaved[];
}

/** So many entries are looked at for one command. */
const maxEntries = 100_000;

export interface Budget {
  entriesLeft: number;
}

export function fullBudget(): Budget {
  return { entriesLeft: maxEntries };
}

interface Look extends Surroundings {
  readonly takes: NamedPath['takes'];
  readonly notSaved: NotSaved[];
  readonly budget: Budget;
  readonly device: bigint;
}

interface Part {
  /** True where all of it is to be saved: then it is one unit with what lies around it. */
  readonly isWhole: boolean;
  readonly units: readonly Unit[];
  readonly files: number;
  readonly bytes: number;
}

const nothing: Part = { isWhole: false, units: [], files: 0, bytes: 0 };

/** @param path of something in the project, links on the way to it resolved */
export function gatherUnits(
  path: ProjectPath,
  takes: NamedPath['takes'],
  around: Surroundings,
  budget: Budget,
): Gathered {
  const notSaved: NotSaved[] = [];
  const absolute = joinRel(around.projectDir, path);
  const stats = look(absolute);
  if (stats === undefined) return { units: [], notSaved };
  const isFolder = stats.isDirectory();
  // A command that takes files leaves a folder that holds something.
  if (takes === 'file' && isFolder && entriesOf(absolute)?.length !== 0)
    return { units: [], notSaved };
  const device = look(around.projectDir)?.dev ?? stats.dev;
  const part = visit(path, stats, { ...around, takes, notSaved, budget, device });
  if (budget.entriesLeft >= 0) return { units: [...part.units], notSaved };
  const reason = `more than ${plural(maxEntries, 'file')}: over the limit`;
  return { units: [], notSaved: [{ what: path === '' ? 'the project' : path, path, reason }] };
}

function look(absolute: string): BigIntStats | undefined {
  try {
    return lstatSync(diskPath(absolute), { bigint: true, throwIfNoEntry: false });
  } catch {
    // Behind a folder that is not ours to enter: nothing that runs here gets there either.
    return undefined;
  }
}

function visit(path: ProjectPath, stats: BigIntStats, at: Look): Part {
  at.budget.entriesLeft -= 1;
  if (at.budget.entriesLeft < 0) return nothing;
  const absolute = path === '' ? at.projectDir : joinRel(at.projectDir, path);
  if (at.isData(absolute) || absolute === at.storeDir) return nothing;
  if (basename(path) === '.git') {
    tell(at, path, "git's own, which is never touched");
    return nothing;
  }
  if (stats.isDirectory()) return visitFolder(path, absolute, stats, at);
  if (!stats.isFile() && !stats.isSymbolicLink())
    return { isWhole: true, units: [], files: 0, bytes: 0 };
  return visitFile(path, absolute, stats, at);
}

function visitFile(path: ProjectPath, absolute: string, stats: BigIntStats, at: Look): Part {
  const name = basename(path);
  const owner = ownerOfSidecar(path);
  if (owner !== undefined && hasSqliteHeader(joinRel(at.projectDir, owner)))
    return ofDatabase(projectPath(owner), at);
  if (at.index.keeps(absolute)) {
    const isLeft = at.takes === 'untracked' || at.takes === 'unignored';
    if (isLeft || isHeldByGit(at.index, absolute, stats)) return nothing;
  }
  if (isMadeAgainFile(name) || isIgnored(absolute, name, at)) return nothing;
  if (holdsSecrets(name) && stats.isFile()) {
    tell(at, path, 'it may hold secrets, which are not copied');
    return nothing;
  }
  const bytes = Number(stats.size);
  return { isWhole: true, units: [{ path, files: 1, bytes }], files: 1, bytes };
}

/** What is in a log beside a database belongs to the database, which is captured with it. */
function ofDatabase(owner: ProjectPath, at: Look): Part {
  const absolute = joinRel(at.projectDir, owner);
  const stats = look(absolute);
  if (stats === undefined || at.isData(absolute)) return nothing;
  const bytes = Number(stats.size);
  // Whole with its folder: there the database itself is met, too.
  return { isWhole: true, units: [{ path: owner, files: 1, bytes }], files: 0, bytes: 0 };
}

function visitFolder(path: ProjectPath, absolute: string, stats: BigIntStats, at: Look): Part {
  const name = basename(path);
  const entries = entriesOf(absolute);
  const refused = whyNotEntered(absolute, stats, at);
  if (entries === undefined || refused !== undefined) {
    tell(at, path, refused ?? 'permission denied');
    return nothing;
  }
  if (path !== '' && isMadeAgain(absolute, name, at.projectDir)) return nothing;
  if (isIgnored(absolute, name, at)) return nothing;
  const isTracked = at.index.isThere && at.index.keeps(absolute);
  const parts = entries.map((entry): Part => {
    const below = joinRel(path, entry.name);
    const found = look(joinRel(at.projectDir, below));
    return found === undefined ? nothing : visit(below, found, at);
  });
  const files = parts.reduce((sum, part) => sum + part.files, 0);
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  const isWhole = path !== '' && !isTracked && parts.every((part) => part.isWhole);
  const units = isWhole ? [{ path, files, bytes }] : parts.flatMap((part) => part.units);
  return { isWhole, units, files, bytes };
}

function whyNotEntered(
  absolute: string,
  stats: BigIntStats,
  { index, device }: Look,
): string | undefined {
  if (index.entry(absolute)?.kind === 'repository') return 'a git repository of its own';
  return stats.dev === device ? undefined : 'on another file system';
}

/** What `git clean` leaves, as far as a name tells. */
function isIgnored(absolute: string, name: string, { takes, projectDir }: Look): boolean {
  return takes === 'unignored' && name !== '' && isLeftOut(absolute, name, projectDir);
}

function holdsSecrets(name: string): boolean {
  return (
    isEnvFile(name) ||
    /\.(pem|key|p12|pfx|jks|keystore|kdbx)$|^(id_(rsa|dsa|ecdsa|ed25519)|\.npmrc|\.netrc|\.pypirc|\.pgpass|\.my\.cnf)$/i.test(
      name,
    )
  );
}

/** Of what git itself takes its own stays, and of what may go nobody knows whether it does. */
function tell({ notSaved, takes }: Look, path: ProjectPath, reason: string): void {
  const isLeft = takes === 'some' || (takes !== 'all' && reason.includes('git'));
  if (!isLeft) notSaved.push({ what: path, path, reason });
}

/** Without those that lie in another one. */
export function outermost(units: readonly Unit[]): readonly Unit[] {
  const byPath = new Map(units.map((unit) => [unit.path, unit]));
  return [...byPath.values()].filter(
    ({ path }) => !ancestors(path).some((folder) => byPath.has(folder)),
  );
}
