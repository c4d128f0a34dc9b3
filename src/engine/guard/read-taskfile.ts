// What tasks of a Taskfile run, read from the text alone; what is computed is a hole.

import { parse as parseYaml } from 'yaml';
import type { ScriptLines } from '../../core/guard/facts.ts';
import { unknownText } from '../../core/guard/line/texts.ts';
import type { Targets } from '../../core/guard/read-makefile.ts';
import { isObject } from '../../core/is-object.ts';

type Fields = Readonly<Record<string, unknown>>;

/** @param given on the command line: they stand over those of the file */
export function readTaskfile(text: string, given: ReadonlyMap<string, string>): Targets {
  const document = parsed(text);
  const { tasks, vars, includes } = document;
  const isPartial = includes !== undefined;
  const known = isObject(tasks) ? tasks : {};
  return {
    isPartial,
    find(name) {
      const task = known[name ?? 'default'];
      if (task === undefined) return undefined;
      return taskLines(task, [isObject(vars) ? vars : {}, Object.fromEntries(given)], isPartial);
    },
  };
}

function parsed(text: string): Fields {
  try {
    const value: unknown = parseYaml(text);
    return isObject(value) ? value : {};
  } catch {
    // A broken file has no tasks that could run either.
    return {};
  }
}

function taskLines(task: unknown, variables: readonly Fields[], isPartial: boolean): ScriptLines {
  if (typeof task === 'string' || Array.isArray(task))
    return taskLines({ cmds: task }, variables, isPartial);
  if (!isObject(task)) return { commands: [], needs: [], isPartial };
  const [ofFile = {}, given = {}] = variables;
  const own = isObject(task['vars']) ? task['vars'] : {};
  const all = { ...ofFile, ...own, ...given };
  const put = (line: string): string =>
    line.replaceAll(/\{\{([^{}]*)\}\}/g, (_whole, name: string) => {
      const value = all[name.trim().replace(/^\./, '')];
      return typeof value === 'string' && !value.includes('{{') ? value : unknownText;
    });
  const parts = [...listOf(task['cmds']), ...listOf(task['cmd'])];
  const commands = parts.flatMap((part) =>
    isObject(part) ? (part['cmd'] ?? part['defer'] ?? []) : part,
  );
  const called = [...parts, ...listOf(task['deps'])].flatMap((part) =>
    isObject(part) ? (part['task'] ?? []) : [],
  );
  const needs = [...listOf(task['deps']).filter((part) => !isObject(part)), ...called];
  // What a variable is made of runs first.
  const made = Object.values(all).flatMap((value) => (isObject(value) ? (value['sh'] ?? []) : []));
  const folder = task['dir'];
  const goes = typeof folder === 'string' ? [`cd ${put(folder)}`] : [];
  const lines = [...made, ...commands].filter(isText).map(put);
  return {
    // Each line begins in the folder of the task.
    commands: lines.map((line) => [...goes, line].join('\n')),
    needs: needs.filter(isText).map(put),
    isPartial,
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
