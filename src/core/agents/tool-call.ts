// What an agent is about to do, read from the JSON that its hook gets. Every agent has its own names;
// the fields are so alike that one reader knows them all, and a new tool of theirs is known, too.

import { isObject } from '../is-object.ts';

/** The object that a hook gets. */
export type EventFields = Readonly<Record<string, unknown>>;

export interface ToolUse {
  /** The tool, as the agent names it; null where it names none. */
  readonly tool: string | null;
  /** Absolute folder that it works in; null where it is not told. */
  readonly cwd: string | null;
  /** A line for a shell, or the arguments of a program. */
  readonly commands: readonly (string | readonly string[])[];
  /** Files and folders that it writes, moves or deletes, as it names them. */
  readonly paths: readonly string[];
  /** SQL that changes data, for tools that have no path. */
  readonly sql: readonly string[];
}

export function readToolUse(event: EventFields): ToolUse {
  const tool = textOf(event['tool_name'] ?? event['toolName']);
  const input = inputOf(event['tool_input'] ?? event['toolArgs'] ?? event['toolInput']);
  const roots = event['workspace_roots'];
  const root = Array.isArray(roots) ? textOf(roots[0]) : null;
  const folder = textOf(input['cwd']) ?? textOf(input['workdir']) ?? textOf(input['dir_path']);
  const cwd = textOf(event['cwd']) ?? root;
  return {
    tool,
    cwd: folder?.startsWith('/') === true ? folder : cwd || root,
    commands: [event['command'], ...commandKeys.map((key) => input[key])].flatMap(commandOf),
    paths: isReading(tool) ? [] : [...pathsOf(tool, input), ...patchedPaths(input)],
    sql: sqlKeys.map((key) => textOf(input[key])).filter(isChangingSql),
  };
}

const commandKeys = ['command', 'cmd', 'commands', 'script'];
const sqlKeys = ['sql', 'query', 'statement'];
const pathKeys = [
  'file_path',
  'filePath',
  'path',
  'notebook_path',
  'target_file',
  'absolute_path',
  'dirPath',
  'source',
  'destination',
  'old_path',
  'new_path',
  'files',
  'paths',
  'filePaths',
  'edits',
  'replacements',
];

const writingTool =
  /write|edit|create|replace|delete|remove|patch|move|rename|insert|truncate|unlink/i;
const readingTool = /read|grep|glob|search|list|view|fetch|get_/i;

function isReading(tool: string | null): boolean {
  return tool !== null && readingTool.test(tool) && !writingTool.test(tool);
}

function pathsOf(tool: string | null, input: EventFields): readonly string[] {
  if (tool === null || !writingTool.test(tool)) return [];
  return [...new Set(pathKeys.flatMap((key) => pathsIn(input[key])))];
}

function pathsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(pathsIn);
  return isObject(value) ? pathKeys.flatMap((key) => pathsIn(value[key])) : [];
}

const patchKeys = ['input', 'patch', 'patchText', 'command', 'diff'];
const patchLine = /^\*\*\* (?:Add File|Update File|Delete File|Move to): (.+)$/gm;

/** Of a patch in the form of apply_patch. */
function patchedPaths(input: EventFields): readonly string[] {
  const texts = patchKeys.flatMap((key) => commandOf(input[key])).map(String);
  return texts.flatMap((text) => [...text.matchAll(patchLine)].map(([, path = '']) => path.trim()));
}

function commandOf(value: unknown): readonly (string | readonly string[])[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value];
  if (!Array.isArray(value) || value.length === 0) return [];
  return value.every((word) => typeof word === 'string') ? [value] : [];
}

const changingSql =
  /^\s*(?:--[^\n]*\n\s*)*(?:delete|update|drop|alter|insert|replace|truncate|create|vacuum|with\b[\s\S]*\b(?:delete|update|insert))\b/i;

function isChangingSql(text: string | null): text is string {
  return text !== null && changingSql.test(text);
}

/** Some send their arguments as JSON in a text. */
function inputOf(value: unknown): EventFields {
  if (typeof value === 'string') return parseObject(value) ?? { input: value };
  return isObject(value) ? value : {};
}

function parseObject(text: string): EventFields | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
