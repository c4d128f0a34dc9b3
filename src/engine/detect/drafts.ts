// A data directory in the making: where it lies and what it is, before it is written as documents have it.

import { existsSync, lstatSync } from 'node:fs';
import { basename, join } from 'node:path';
import { realPathSoFar } from '../disk/real-path.ts';
import { byPath } from '../../core/compare-text.ts';
import type { Confidence } from '../../core/documents/documents.ts';
import type { DataDirConfig } from '../../core/config/project-config.ts';
import { hasSqliteHeader, isNamedLikeDatabase } from '../sqlite/sqlite-file.ts';
import { serverOf } from './folder-names.ts';
import { foldersIn, namesIn, probeFolder } from './folder-probe.ts';
import type { FoundDataDir } from './found.ts';
import { escapeGlob } from './exclusion-matcher.ts';
import { layoutById, layouts } from '../../core/layouts/all-layouts.ts';
import { generic } from '../../core/layouts/generic.ts';
import { compareMarks, foundMarks, recognise } from '../../core/layouts/layout.ts';
import type { Exclusion, Layout, LayoutReference, Recognition } from '../../core/layouts/layout.ts';
import { isInside, projectPathOf, shownPath } from './places.ts';
import type { Surroundings } from './places.ts';

export interface Draft {
  /** Absolute and real. */
  readonly path: string;
  /** Absolute paths of what is captured: `path` itself, or folders and files below it. */
  readonly roots: readonly string[];
  readonly layout: Layout;
  readonly confidence: Confidence;
  readonly evidence: readonly string[];
  readonly missing: readonly string[];
  readonly exclusions: readonly Exclusion[];
  readonly references: readonly LayoutReference[];
  readonly config: DataDirConfig | undefined;
}

/** True for a path that the draft captures. */
export function captures(draft: Draft, path: string): boolean {
  return draft.roots.some((root) => isInside(path, root));
}

/**
 * What is captured of a folder that a layout knows. One that must not be captured as a whole, for it
 * is the project folder or holds .git, is captured in its parts.
 */
export function layoutRoots(layout: Layout, path: string, isWhole: boolean): readonly string[] {
  const roots = isWhole || !layout.roots.includes('.') ? layout.roots : layout.parts;
  return roots.map((root) => join(path, root));
}

export interface FolderFacts {
  /** False in an untrusted workspace. */
  readonly mayOpen: boolean;
  readonly variables?: readonly string[] | undefined;
  /** What it was recognised as already. */
  readonly recognition?: Recognition | undefined;
  /** What savepoint.json says it is. */
  readonly layoutId?: string | undefined;
  /** False for the project folder and one that holds .git. */
  readonly isWhole?: boolean | undefined;
  /** True where savepoint.json decided. */
  readonly decided?: boolean | undefined;
}

/** A folder that is captured as a whole, or by its layout's roots. */
export function folderDraft(path: string, evidence: readonly string[], facts: FolderFacts): Draft {
  const names = namesIn(path);
  const folder = probeFolder(path, names, facts.mayOpen, facts.variables);
  const recognition =
    facts.layoutId === undefined
      ? (facts.recognition ?? firstKnown(folder))
      : compareMarks(layoutById(facts.layoutId), folder);
  const layout = recognition?.layout ?? generic;
  const marks =
    recognition === undefined || facts.recognition !== undefined || recognition.found.length === 0
      ? []
      : [foundMarks(recognition)];
  return {
    path,
    roots: layoutRoots(layout, path, facts.isWhole ?? true),
    layout,
    confidence:
      recognition !== undefined && layout !== generic
        ? recognition.confidence
        : genericConfidence(path, names, facts),
    evidence: [...evidence, ...marks],
    missing: recognition?.missing ?? [],
    exclusions: [...layout.exclusions, ...serverExclusions(path, names)],
    references: layout.references(folder),
    config: undefined,
  };
}

/** Databases that are captured by themselves; `path` is their folder, or the only one of them. */
export function databasesDraft(
  path: string,
  databases: readonly string[],
  evidence: readonly string[],
  confidence: Confidence,
): Draft {
  return {
    path,
    roots: databases.toSorted(),
    layout: generic,
    confidence,
    evidence,
    missing: [],
    exclusions: [],
    references: [],
    config: undefined,
  };
}

/** The drafts as data directories, in the order of their paths. */
export function toFound(drafts: readonly Draft[], around: Surroundings): FoundDataDir[] {
  const project = around.projectDir;
  const found = drafts.map((draft) => ({
    name: draftName(draft.path, project, drafts),
    path: shownPath(project, draft.path),
    absolutePath: realPathSoFar(draft.path),
    roots: draft.roots.map((root) => projectPathOf(project, root)),
    layout: draft.layout.id,
    confidence: draft.confidence,
    evidence: draft.evidence,
    missing: draft.missing,
    exclusions: draft.exclusions,
    exclude: draft.config?.exclude ?? [],
    include: draft.config?.include ?? [],
    references: draft.config?.references ?? [],
    layoutReferences: draft.references,
    ignore: draft.config?.ignore ?? [],
    jsonFiles: draft.layout.jsonFiles,
  }));
  return found.toSorted(byPath);
}

/** Inside of the project the path says it best; outside of it the last name, unless two have the same. */
function draftName(path: string, project: string, drafts: readonly Draft[]): string {
  if (path === project) return basename(path);
  if (isInside(path, project)) return shownPath(project, path);
  const twins = drafts.filter((draft) => basename(draft.path) === basename(path));
  return twins.length === 1 ? basename(path) : path;
}

function firstKnown(folder: ReturnType<typeof probeFolder>): Recognition | undefined {
  for (const layout of layouts) {
    const recognition = recognise(layout, folder);
    if (recognition !== undefined) return recognition;
  }
  return undefined;
}

/** Named and with a database: certain. Named without one, or found by its looks: likely. */
function genericConfidence(path: string, names: readonly string[], facts: FolderFacts): Confidence {
  if (facts.decided === true) return 'certain';
  if (!facts.mayOpen) return 'guess';
  const isNamed = facts.variables !== undefined;
  return isNamed && holdsDatabaseNear(path, names) ? 'certain' : 'likely';
}

/** A database in the folder or right below it; deeper ones change what is said of it, not what is captured. */
function holdsDatabaseNear(path: string, names: readonly string[]): boolean {
  const isDatabase = (file: string) => isNamedLikeDatabase(file) && hasSqliteHeader(file);
  if (names.some((name) => isDatabase(join(path, name)))) return true;
  return foldersIn(path)
    .slice(0, 50)
    .some((name) => namesIn(join(path, name)).some((inner) => isDatabase(join(path, name, inner))));
}

/** Folders of database servers right below: their files are no consistent copy while the server runs. */
function serverExclusions(path: string, names: readonly string[]): Exclusion[] {
  return names
    .filter((name) => /postgres|pg|mysql|maria|mongo|^(?:db|database)$/i.test(name))
    .flatMap((name) => {
      const folder = join(path, name);
      if (!isRealFolder(folder)) return [];
      const server = serverOf(new Set(namesIn(folder))) ?? closedServer(folder, name);
      return server === undefined
        ? []
        : [
            {
              pattern: `${escapeGlob(name)}/`,
              reason: `${server}'s own files, no consistent copy while it runs`,
            },
          ];
    });
}

/** A server's folder that only the server may look into. */
function closedServer(folder: string, name: string): string | undefined {
  const isClosed = namesIn(folder).length === 0 && !existsSync(join(folder, 'PG_VERSION'));
  return isClosed && /^(?:postgres(?:ql)?|pgdata|pg_data)$/i.test(name) ? 'PostgreSQL' : undefined;
}

function isRealFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
