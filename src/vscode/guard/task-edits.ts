// Changes of tasks.json as text, comments kept. Nothing in here knows the editor.

import { isObject } from '../../core/is-object.ts';
import { findNodeAtLocation, getNodeValue, modify, applyEdits, parseTree } from 'jsonc-parser';

export interface TaskEntry {
  /** Its place in `tasks`. */
  readonly index: number;
  readonly label: string;
  /** What it runs, in short. */
  readonly detail: string;
}

const step = { type: 'savepoint', task: 'snapshot' } as const;

/** Tasks that take no snapshot yet. */
export function unguardedTasks(text: string): readonly TaskEntry[] {
  return tasksOf(text).flatMap((task, index) =>
    isObject(task) && !isGuardedTask(task)
      ? [{ index, label: labelOf(task, index), detail: detailOf(task) }]
      : [],
  );
}

/** The text in which the task waits for a snapshot before it and all that it depends on begins. */
export function guardTask(text: string, index: number): string {
  const task = tasksOf(text)[index];
  const path = ['tasks', index];
  const before = isObject(task) ? listOf(task['dependsOn']) : [];
  const options = { formattingOptions: formattingOf(text) };
  const value = before.length === 0 ? step : [step, ...before];
  const added = applyEdits(text, modify(text, [...path, 'dependsOn'], value, options));
  if (before.length === 0) return added;
  return applyEdits(added, modify(added, [...path, 'dependsOrder'], 'sequence', options));
}

function tasksOf(text: string): readonly unknown[] {
  const root = parseTree(text);
  const node = root && findNodeAtLocation(root, ['tasks']);
  const value: unknown = node && getNodeValue(node);
  return Array.isArray(value) ? value : [];
}

type Members = Readonly<Record<string, unknown>>;

/** True for a task that takes a snapshot before it begins. */
export function isGuardedTask(task: unknown): boolean {
  if (!isObject(task)) return false;
  if (task['type'] === step.type) return true;
  return listOf(task['dependsOn']).some(
    (one) =>
      one === 'savepoint: snapshot' ||
      (isObject(one) && one['type'] === step.type && one['task'] === step.task),
  );
}

function labelOf(task: Members, index: number): string {
  for (const key of ['label', 'taskName']) {
    const value = task[key];
    if (typeof value === 'string' && value !== '') return value;
  }
  return detailOf(task) || `Task ${index + 1}`;
}

function detailOf(task: Members): string {
  const { type, script, command } = task;
  if (typeof script === 'string') return `${typeof type === 'string' ? type : 'npm'}: ${script}`;
  return typeof command === 'string' ? command : '';
}

function formattingOf(text: string): { insertSpaces: boolean; tabSize: number; eol: string } {
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? '\t';
  const insertSpaces = indent.startsWith(' ');
  return {
    insertSpaces,
    tabSize: insertSpaces ? indent.length : 4,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
