// Where a folder lies and whether it may be a data directory at all.

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, parse, relative, sep } from 'node:path';
import { projectPath, type DiskPath, type ProjectPath } from '../../core/names.ts';
import { realPathSoFar } from '../disk/real-path.ts';

export interface Surroundings {
  /** Absolute real path. */
  readonly projectDir: DiskPath;
  /** Folders that hold snapshots: real where they are there. */
  readonly storeDirs: readonly string[];
  readonly homeDir: string;
  /** Absolute real paths outside of the project that the user allowed. */
  readonly allowed: readonly string[];
}

/** @param env its HOME is the home folder, the system's account where it has none */
export function surroundingsOf(
  projectDir: string,
  storeDirs: readonly string[],
  allowed: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Surroundings {
  return {
    projectDir: realPathSoFar(projectDir),
    storeDirs: storeDirs.map(realPathSoFar),
    homeDir: realPathSoFar(env['HOME'] ?? env['USERPROFILE'] ?? homedir()),
    allowed: allowed.map(realPathSoFar),
  };
}

/** True where `path` is `folder` or lies below it; both absolute and normalised. */
export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** As users and documents name it: relative to the project folder with `/`, `.` for itself, else absolute. */
export function shownPath(projectDir: string, path: string): string {
  if (!isInside(path, projectDir)) return slashed(path);
  return slashed(relative(projectDir, path)) || '.';
}

/** The same for what is not the project folder itself. */
export function projectPathOf(projectDir: DiskPath, path: string): ProjectPath {
  return projectPath(shownPath(projectDir, path));
}

/** The way from a folder to a path below it, with `/`. */
export function slashedRelative(folder: string, path: string): string {
  return slashed(relative(folder, path));
}

/**
 * Why a real path must not be a data directory as a whole, with what to do; undefined where it may.
 * Being allowed changes none of these, except for lying outside.
 */
export function refusal(path: string, around: Surroundings): string | undefined {
  if (path === parse(path).root) return 'the whole disk is not a data directory';
  if (path === around.homeDir)
    return 'the home folder is not a data directory: name a folder in it';
  if (path === around.projectDir) return 'the project folder itself is not a data directory';
  if (isInside(around.projectDir, path)) return 'it holds the project folder';
  if (path.split(sep).includes('.git')) return 'it is part of .git, which is never touched';
  for (const storeDir of around.storeDirs) {
    if (isInside(path, storeDir)) return 'it lies in the store of the snapshots';
    if (isInside(storeDir, path)) return 'it holds the store of the snapshots: move the store away';
  }
  if (isInside(around.homeDir, path)) return 'it holds the home folder';
  if (existsSync(join(path, '.git'))) return 'it holds .git: name the folder or database in it';
  return undefined;
}

/** Why a path outside of the project folder is not used; undefined where it may. */
export function outsideRefusal(path: string, around: Surroundings): string | undefined {
  if (isInside(path, around.projectDir)) return undefined;
  if (around.allowed.some((allowed) => isInside(path, allowed))) return undefined;
  return refusal(path, around) ?? `outside the project folder: savepoint allow ${slashed(path)}`;
}

function slashed(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
