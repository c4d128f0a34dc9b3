// What the matcher asks about scripts and targets of the repository: small files, read and never run.

import { dirname, join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { isObject } from '../../core/is-object.ts';
import type { GuardFacts, ScriptLines, TargetRunner } from '../../core/guard/facts.ts';
import { readJustfile, readMakefile, type Targets } from '../../core/guard/read-makefile.ts';
import { readSmallFile } from '../detect/env-files.ts';

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

type ScriptFacts = Pick<GuardFacts, 'packageScripts' | 'target' | 'shellScript'>;

/** In an untrusted workspace nothing of the repository is opened. */
export const noScriptFacts: ScriptFacts = {
  packageScripts: () => null,
  target: () => null,
  shellScript: () => null,
};

export function scriptFacts(): ScriptFacts {
  return { packageScripts, target, shellScript };
}

function packageScripts(folder: string): Readonly<Record<string, string>> | null {
  const found = nearest(folder, ['package.json', 'deno.json', 'deno.jsonc']);
  if (found === undefined) return null;
  const document = parseObject(() => JSON.parse(found.text));
  const scripts = document['scripts'] ?? document['tasks'];
  return isObject(scripts) ? textsOf(scripts) : {};
}

function target(
  runner: TargetRunner,
  { folder, file }: { readonly folder: string; readonly file: string | null },
  name: string | null,
): ScriptLines | null {
  // make looks in its folder alone, just and task upwards.
  const names = file === null ? fileNames[runner] : [file];
  const found =
    runner === 'make' || file !== null ? inFolder(folder, names) : nearest(folder, names);
  if (found === undefined) return null;
  const targets = readers[runner](found.text);
  const asked = name ?? targets.first;
  return (asked === null ? undefined : targets.byName.get(asked)) ?? null;
}

const readers: Readonly<Record<TargetRunner, (text: string) => Targets>> = {
  make: readMakefile,
  just: readJustfile,
  task: readTaskfile,
};

function readTaskfile(text: string): Targets {
  const { tasks } = parseObject(() => parseYaml(text));
  const byName = new Map<string, ScriptLines>();
  for (const [name, task] of isObject(tasks) ? Object.entries(tasks) : [])
    byName.set(name, taskLines(task));
  return { first: 'default', byName };
}

function taskLines(task: unknown): ScriptLines {
  if (typeof task === 'string') return { commands: [task], needs: [] };
  if (Array.isArray(task)) return taskLines({ cmds: task });
  if (!isObject(task)) return { commands: [], needs: [] };
  const parts = [...listOf(task['cmds']), ...listOf(task['cmd'])];
  const commands = parts.flatMap((part) =>
    isObject(part) ? (part['cmd'] ?? part['defer'] ?? []) : part,
  );
  const called = [...parts, ...listOf(task['deps'])].flatMap((part) =>
    isObject(part) ? (part['task'] ?? []) : [],
  );
  const needs = [...listOf(task['deps']).filter((part) => !isObject(part)), ...called];
  return { commands: commands.filter(isText), needs: needs.filter(isText) };
}

/** Text of a file that is a shell script by its name or its first line. */
function shellScript(path: string): string | null {
  const text = readSmallFile(path, maxScriptBytes);
  if (text === undefined) return null;
  const isShell = /\.(sh|bash|zsh)$/.test(path) || /^#!.*\b(ba|da|z|k)?sh\b/.test(text);
  return isShell ? text : null;
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
    const path = name.startsWith('/') ? name : join(folder, name);
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

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function textsOf(value: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, text]) =>
      typeof text === 'string' ? [[name, text]] : [],
    ),
  );
}
