// The matcher's questions, answered from the disk: data directories, what is there, what git keeps.

import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import type { GuardFacts } from '../../core/guard/facts.ts';
import type { FoundDataDirs } from '../detect/found.ts';
import { openGitIndex, workTreeOf, type GitIndex } from '../detect/git-index.ts';
import { hasSqliteHeader } from '../sqlite/sqlite-file.ts';
import type { EngineOptions } from '../options.ts';
import { mayBeDatabase } from '../project/data-names.ts';
import { heldNames } from './held-names.ts';
import { parseShell } from './parse-shell.ts';
import { noScriptFacts, scriptFacts } from './script-facts.ts';

export interface FactsPlace {
  readonly options: EngineOptions;
  readonly found: FoundDataDirs;
  /** Of the shell that the line was typed in; they go before the environment's. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
}

export function createGuardFacts({ options, found, variables = {} }: FactsPlace): GuardFacts {
  const roots = found.dataDirs.flatMap((dir) =>
    dir.roots.map((root) => withSlashes(resolve(found.projectDir, root))),
  );
  const dataRoots = [...roots, ...linksTo(roots, found.projectDir)];
  let databases: readonly string[] | undefined;
  let index: GitIndex | undefined;
  return {
    parse: parseShell,
    home: withSlashes(options.env['HOME'] ?? options.env['USERPROFILE'] ?? '/'),
    variable: (name) => (Object.hasOwn(variables, name) ? variables[name] : options.env[name]),
    dataRoots,
    get databases() {
      return (databases ??= dataRoots.flatMap(databasesAt));
    },
    layouts: found.dataDirs.map(({ layout }) => layout),
    holds: heldNames(),
    exists: (path) => existsSync(path),
    isFolder,
    workTree(folder) {
      const top = workTreeOf(folder);
      return existsSync(join(top, '.git')) ? withSlashes(top) : null;
    },
    mayBeTracked(path) {
      index ??= openGitIndex(found.projectDir, options.trusted);
      return !index.isThere || index.keeps(path);
    },
    ...(options.trusted ? scriptFacts() : noScriptFacts),
  };
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // Not there, or no path at all: nothing lies in it.
    return false;
  }
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
      else if (entry.isFile() && mayBeDatabase(entry.name)) found.push(child);
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

const maxDepth = 2;
const maxEntries = 500;

function withSlashes(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
