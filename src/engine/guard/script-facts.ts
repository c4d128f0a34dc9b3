// What the matcher asks about scripts and targets of the repository: small files, read and never run.

import { globSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { isObject } from '../../core/is-object.ts';
import type { GuardFacts, PackageFile, TargetRunner } from '../../core/guard/facts.ts';
import { readJustfile } from '../../core/guard/read-justfile.ts';
import { readMakefile, type Targets } from '../../core/guard/read-makefile.ts';
import { readSmallFile } from '../detect/env-files.ts';
import { readTaskfile } from './read-taskfile.ts';

const maxBytes = 1024 * 1024;
const maxScriptBytes = 64 * 1024;

const fileNames: Readonly<Record<TargetRunner, readonly string[]>> = {
  make: ['GNUmakefile', 'makefile', 'Makefile'],
  just: ['justfile', 'Justfile', '.justfile', 'JUSTFILE'],
  task: [
    'Taskfile.yml',
    'taskfile.yml',
    'Taskfile.yaml',
    'taskfile.yaml',
    'Taskfile.dist.yml',
    'Taskfile.dist.yaml',
  ],
};

type ScriptFacts = Pick<
  GuardFacts,
  'readsProject' | 'packageFile' | 'workspaces' | 'target' | 'text'
>;

/** In an untrusted workspace nothing of the repository is opened. */
export const noScriptFacts: ScriptFacts = {
  readsProject: false,
  packageFile: () => null,
  workspaces: () => [],
  target: () => null,
  text: () => null,
};

export function scriptFacts(): ScriptFacts {
  // One line may lead to the same file many times.
  const targets = new Map<string, Targets>();
  const packages = new Map<string, PackageFile | null>();
  const packageFile = (folder: string): PackageFile | null => {
    const known = packages.get(folder) ?? readPackage(nearest(folder, packageNames));
    packages.set(folder, known);
    return known;
  };
  return {
    readsProject: true,
    packageFile,
    workspaces: (folder) => workspacesOf(folder),
    text: scriptText,
    target(runner, { folder, file, variables }, name) {
      const given = [...variables].map(([variable, value]) => `${variable}=${value}`);
      const key = [runner, folder, file ?? '', ...given].join('\0');
      const known = targets.get(key) ?? readTargets(runner, folder, file, variables);
      if (known === undefined) return null;
      targets.set(key, known);
      const found = known.find(name);
      if (found !== undefined) return found;
      // What was not understood may have it.
      return known.isPartial ? { commands: [], needs: [], isPartial: true } : 'missing';
    },
  };
}

const packageNames = ['package.json', 'deno.json', 'deno.jsonc'];

function readPackage(found: FoundFile | undefined): PackageFile | null {
  if (found === undefined) return null;
  const document = parseObject(() => JSON.parse(withoutMark(found.text)));
  const scripts = document['scripts'] ?? document['tasks'];
  const name = document['name'];
  return {
    name: typeof name === 'string' ? name : '',
    folder: withSlashes(dirname(found.path)),
    scripts: isObject(scripts) ? textsOf(scripts) : {},
    variables: packageVariables(document),
  };
}

/** npm reads a file that begins with a byte order mark, too. */
function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}

/** What npm gives its scripts of their file. */
function packageVariables(document: Readonly<Record<string, unknown>>): Record<string, string> {
  const config = document['config'];
  const own = textsOf(isObject(config) ? config : {});
  const named = textsOf({ name: document['name'], version: document['version'] });
  return Object.fromEntries([
    ...Object.entries(named).map(([key, text]) => [`npm_package_${key}`, text]),
    ...Object.entries(own).map(([key, text]) => [`npm_package_config_${key}`, text]),
  ]);
}

const maxPackages = 300;

/** The packages of the nearest folder upwards that has a workspace. */
function workspacesOf(folder: string): readonly PackageFile[] {
  for (let dir = folder; ; dir = dirname(dir)) {
    const patterns = workspacePatterns(dir);
    if (patterns.length > 0) return packagesAt(dir, patterns);
    if (dirname(dir) === dir) return [];
  }
}

function workspacePatterns(dir: string): readonly string[] {
  const text = readSmallFile(join(dir, 'package.json'), maxBytes);
  const document = text === undefined ? {} : parseObject(() => JSON.parse(withoutMark(text)));
  const workspaces = document['workspaces'];
  const listed = isObject(workspaces) ? workspaces['packages'] : workspaces;
  const ofPnpm = readSmallFile(join(dir, 'pnpm-workspace.yaml'), maxBytes);
  const yaml = ofPnpm === undefined ? {} : parseObject(() => parseYaml(ofPnpm));
  const all = [listed, yaml['packages']].flatMap((one) => (Array.isArray(one) ? one : []));
  return all.filter((one) => typeof one === 'string' && !one.startsWith('!'));
}

function packagesAt(dir: string, patterns: readonly string[]): readonly PackageFile[] {
  try {
    const files = globSync(
      patterns.map((pattern) => `${pattern.replace(/\/$/, '')}/package.json`),
      { cwd: dir, exclude: (name) => /(^|[/\\])node_modules$/.test(name) },
    );
    return files.slice(0, maxPackages).flatMap((file) => {
      const path = resolve(dir, file);
      const text = readSmallFile(path, maxBytes);
      return text === undefined ? [] : (readPackage({ path, text }) ?? []);
    });
  } catch {
    // Folders that are not ours to read have no scripts that could be run from here either.
    return [];
  }
}

function readTargets(
  runner: TargetRunner,
  folder: string,
  file: string | null,
  variables: ReadonlyMap<string, string>,
): Targets | undefined {
  // make looks in its folder alone, just and task upwards.
  const names = file === null ? fileNames[runner] : [file];
  const found =
    runner === 'make' || file !== null ? inFolder(folder, names) : nearest(folder, names);
  if (found === undefined) return undefined;
  const text =
    runner === 'make' ? withIncludes(found.text, folder, { filesLeft: maxIncludes }) : found.text;
  return readers[runner](text, variables);
}

const readers: Readonly<
  Record<TargetRunner, (text: string, variables: ReadonlyMap<string, string>) => Targets>
> = { make: readMakefile, just: readJustfile, task: readTaskfile };

const maxIncludes = 50;

/** A Makefile with what it includes in it; names that are computed stay as they are. */
function withIncludes(text: string, folder: string, budget: { filesLeft: number }): string {
  return text.replaceAll(
    /^[ \t]*([-s]?)include[ \t]+([^\n]+)$/gm,
    (line, optional: string, list: string) => {
      const names = list.trim().split(/\s+/);
      if (names.some((name) => /[$*?[]/.test(name))) return line;
      const texts = names.map((name) => {
        budget.filesLeft -= 1;
        if (budget.filesLeft < 0) return undefined;
        const included = readSmallFile(resolve(folder, name), maxBytes);
        if (included === undefined) return optional === '' ? undefined : '';
        return withIncludes(included, folder, budget);
      });
      return texts.includes(undefined) ? line : texts.join('\n');
    },
  );
}

/** Text of a small file; of one with a zero byte nobody makes a script. */
function scriptText(path: string): string | null {
  const text = readSmallFile(path, maxScriptBytes);
  return text === undefined || text.includes('\0') ? null : withoutMark(text);
}

interface FoundFile {
  readonly path: string;
  readonly text: string;
}

function nearest(folder: string, names: readonly string[]): FoundFile | undefined {
  for (let dir = folder; ; dir = dirname(dir)) {
    const found = inFolder(dir, names);
    if (found !== undefined || dirname(dir) === dir) return found;
  }
}

function inFolder(folder: string, names: readonly string[]): FoundFile | undefined {
  for (const name of names) {
    const path = resolve(folder, name);
    const text = readSmallFile(path, maxBytes);
    if (text !== undefined) return { path, text };
  }
  return undefined;
}

function parseObject(parse: () => unknown): Readonly<Record<string, unknown>> {
  try {
    const value = parse();
    return isObject(value) ? value : {};
  } catch {
    // A broken file has no scripts that could run either.
    return {};
  }
}

function textsOf(value: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, text]) =>
      typeof text === 'string' ? [[name, text]] : [],
    ),
  );
}

function withSlashes(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
