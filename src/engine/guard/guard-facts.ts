// The matcher's questions, answered from the disk: data directories, what is there, what git keeps.

import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { GuardFacts } from '../../core/guard/facts.ts';
import type { FoundDataDirs } from '../detect/found.ts';
import { readSmallFile } from '../detect/env-files.ts';
import { hasSqliteHeader } from '../sqlite/sqlite-file.ts';
import type { EngineOptions } from '../options.ts';
import { parseShell } from './parse-shell.ts';
import { noScriptFacts, scriptFacts } from './script-facts.ts';

export interface FactsPlace {
  readonly options: EngineOptions;
  readonly found: FoundDataDirs;
}

export function createGuardFacts({ options, found }: FactsPlace): GuardFacts {
  const roots = found.dataDirs.flatMap((dir) =>
    dir.roots.map((root) => withSlashes(resolve(found.projectDir, root))),
  );
  const dataRoots = [...roots, ...linksTo(roots, found.projectDir)];
  let databases: readonly string[] | undefined;
  let index: Buffer | 'everything' | undefined;
  return {
    parse: parseShell,
    home: withSlashes(options.env['HOME'] ?? options.env['USERPROFILE'] ?? '/'),
    variable: (name) => options.env[name],
    dataRoots,
    get databases() {
      return (databases ??= dataRoots.flatMap(databasesAt));
    },
    layouts: found.dataDirs.map(({ layout }) => layout),
    exists: (path) => existsSync(path),
    mayBeTracked(path) {
      index ??= gitIndex(found.projectDir);
      return index === 'everything' || isInIndex(path, found.projectDir, index);
    },
    ...(options.trusted ? scriptFacts() : noScriptFacts),
  };
}

/** Links at the top of the project that lead into the data: commands name it by them too. */
function linksTo(roots: readonly string[], projectDir: string): readonly string[] {
  try {
    return readdirSync(projectDir, { withFileTypes: true })
      .filter((entry) => entry.isSymbolicLink())
      .map(({ name }) => withSlashes(join(projectDir, name)))
      .filter((link) => {
        const target = existsSync(link) ? withSlashes(realpathSync(link)) : '';
        return roots.some((root) => target === root || target.startsWith(`${root}/`));
      });
  } catch {
    // Not ours to read: then no command gets there by them either.
    return [];
  }
}

/** Databases of the first levels: their names are what patterns are compared with. */
function databasesAt(root: string): readonly string[] {
  const found: string[] = [];
  const visit = (path: string, depth: number): void => {
    for (const entry of readdirSync(path, { withFileTypes: true }).slice(0, maxEntries)) {
      const child = `${path}/${entry.name}`;
      if (entry.isDirectory() && depth < maxDepth) visit(child, depth + 1);
      else if (entry.isFile() && mayBeDatabase.test(entry.name)) found.push(child);
    }
  };
  try {
    if (statSync(root).isFile()) return hasSqliteHeader(root) ? [root] : [];
    visit(root, 1);
  } catch {
    // Gone or not ours to read: what was found until here counts.
  }
  return found;
}

/** By their names: opening every file of a large directory would take too long. */
const mayBeDatabase = /\.(db|db3|sqlite|sqlite3|sdb|s3db|duckdb)$/i;
const maxDepth = 2;
const maxEntries = 500;

/** `everything` where what git keeps cannot be told. */
function gitIndex(projectDir: string): Buffer | 'everything' {
  const gitDir = findGitDir(projectDir);
  if (gitDir === undefined) return 'everything';
  try {
    const index = readFileSync(join(gitDir, 'index'));
    // Version 4 shortens names against the one before.
    return index.readUInt32BE(4) === 4 ? 'everything' : index;
  } catch {
    return 'everything';
  }
}

function isInIndex(path: string, projectDir: string, index: Buffer): boolean {
  const gitRoot = workTreeOf(projectDir);
  const name = withSlashes(relative(gitRoot, path));
  if (name === '' || name.startsWith('..') || isAbsolute(name)) return true;
  return index.includes(`${name}/`) || index.includes(`${name}\0`);
}

function workTreeOf(projectDir: string): string {
  for (let dir = projectDir; ; dir = dirname(dir)) {
    if (existsSync(join(dir, '.git')) || dirname(dir) === dir) return dir;
  }
}

function findGitDir(projectDir: string): string | undefined {
  const path = join(workTreeOf(projectDir), '.git');
  const named = /^gitdir: (.+)$/m.exec(readSmallFile(path, 4096) ?? '')?.[1];
  if (named !== undefined) return resolve(dirname(path), named.trim());
  return existsSync(path) ? path : undefined;
}

function withSlashes(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
