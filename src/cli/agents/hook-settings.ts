// Our entries in the settings of an agent: put in, brought up to date, taken out. Comments, the order
// of keys and other hooks stay as they are.

import {
  applyEdits,
  findNodeAtLocation,
  getNodeValue,
  modify,
  parseTree,
  printParseErrorCode,
  type FormattingOptions,
  type JSONPath,
  type Node,
  type ParseError,
} from 'jsonc-parser';
import { isObject } from '../../core/is-object.ts';
import { isOwnCommand, type HookAgent, type HookEntry } from '../../core/agents/hook-agents.ts';
import { EngineError } from '../../core/errors.ts';
import { appendMember, indentUnit, removeMember } from './json-member-edits.ts';

/**
 * The text with our entries in it: added where they are missing, replaced where they are others.
 * @param text null where the file is not there
 * @throws EngineError CONFIG_INVALID where it is no JSON, or has something else at our place
 */
export function withHooks(
  path: string,
  text: string | null,
  agent: HookAgent,
  command: string,
): string {
  const isNew = text === null || text.trim() === '';
  const start = isNew ? `${JSON.stringify(agent.newFile, null, 2)}\n` : text;
  return agent.entries(command).reduce((result, entry) => withEntry(path, result, entry), start);
}

/**
 * The text without our entries, and without what they leave empty; null where nothing is left.
 * @throws EngineError CONFIG_INVALID
 */
export function withoutHooks(path: string, text: string, agent: HookAgent): string | null {
  const result = agent
    .entries('')
    .reduce((left, entry) => withoutEntries(path, left, entry.path), text);
  if (result === text) return text;
  const rest = getNodeValue(parse(path, result)) as Record<string, unknown>;
  const isOurs = Object.keys(rest).every((key) => key in agent.newFile);
  return isOurs && !hasComments(result) ? null : result;
}

/**
 * The commands of our entries.
 * @throws EngineError CONFIG_INVALID
 */
export function ownCommands(path: string, text: string, agent: HookAgent): readonly string[] {
  return agent.entries('').flatMap(({ path: at }) => {
    const array = arrayAt(path, text, at);
    const items: readonly unknown[] = array === undefined ? [] : getNodeValue(array);
    return items.flatMap(commandsOf).filter(isOwnCommand);
  });
}

/** True where one of our entries is in it. */
export function hasHooks(path: string, text: string, agent: HookAgent): boolean {
  return withoutHooks(path, text, agent) !== text;
}

function withEntry(path: string, text: string, { path: at, value }: HookEntry): string {
  const array = arrayAt(path, text, at);
  if (array === undefined) return withMissing(path, text, at, value);
  const items = getNodeValue(array) as readonly unknown[];
  const index = items.findIndex(isOwn);
  if (index < 0) return appendMember(text, array, value);
  const own = items[index];
  const command = commandsOf(value)[0] ?? '';
  // A group that holds hooks of others as well is theirs: only our command in it is brought up to date.
  const inner = hooksOf(own);
  if (inner !== undefined && inner.length > 1) {
    const hook = inner.findIndex(isOwn);
    if (commandsOf(inner[hook])[0] === command) return text;
    return set(text, [...at, index, 'hooks', hook, 'command'], command);
  }
  return JSON.stringify(own) === JSON.stringify(value) ? text : set(text, [...at, index], value);
}

/** The first of the keys that is not there comes with all below it. */
function withMissing(path: string, text: string, at: readonly string[], value: object): string {
  const root = parse(path, text);
  let node = root;
  for (const [depth, key] of at.entries()) {
    const child = findNodeAtLocation(node, [key]);
    if (child === undefined) {
      const below = at
        .slice(depth + 1)
        .reduceRight<object>((inner, one) => ({ [one]: inner }), [value]);
      return appendMember(text, node, below, key);
    }
    node = child;
  }
  return text;
}

function withoutEntries(path: string, text: string, at: readonly string[]): string {
  let result = text;
  for (;;) {
    const array = arrayAt(path, result, at);
    if (array === undefined) return result;
    const items = getNodeValue(array) as readonly unknown[];
    const index = items.findIndex(isOwn);
    if (index < 0) return result;
    const inner = hooksOf(items[index]);
    const group = array.children?.[index];
    const hooks = group === undefined ? undefined : findNodeAtLocation(group, ['hooks']);
    result =
      inner !== undefined && inner.length > 1 && hooks !== undefined
        ? removeMember(result, hooks, inner.findIndex(isOwn))
        : withoutEmpty(path, removeMember(result, array, index), at);
  }
}

/** Takes out the array where it is empty now, then the objects around it. */
function withoutEmpty(path: string, text: string, at: readonly string[]): string {
  if (at.length === 0) return text;
  const node = findNodeAtLocation(parse(path, text), [...at]);
  const parent = node?.parent?.parent;
  const index = parent?.children?.findIndex((member) => member === node?.parent);
  if (parent === undefined || index === undefined || (node?.children ?? []).length > 0) return text;
  return withoutEmpty(path, removeMember(text, parent, index), at.slice(0, -1));
}

function arrayAt(path: string, text: string, at: readonly string[]): Node | undefined {
  const root = parse(path, text);
  for (let depth = 1; depth <= at.length; depth += 1) {
    const place = at.slice(0, depth);
    const node = findNodeAtLocation(root, [...place]);
    if (node === undefined) return undefined;
    const expected = depth === at.length ? 'array' : 'object';
    if (node.type !== expected) throw unusable(path, `"${place.join('.')}" is no ${expected}`);
    if (depth === at.length) return node;
  }
  return undefined;
}

function parse(path: string, text: string): Node {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error !== undefined) {
    const line = text.slice(0, error.offset).split('\n').length;
    throw unusable(path, `line ${line}: ${printParseErrorCode(error.error)}`);
  }
  if (root?.type !== 'object') throw unusable(path, 'it is no JSON object');
  return root;
}

function unusable(path: string, what: string): EngineError {
  return new EngineError('CONFIG_INVALID', `cannot read the settings: ${what}`, {
    path,
    hint: 'put it right, then try again',
  });
}

function set(text: string, path: JSONPath, value: unknown): string {
  return applyEdits(text, modify(text, path, value, { formattingOptions: formattingOf(text) }));
}

function formattingOf(text: string): FormattingOptions {
  const indent = indentUnit(text);
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 4 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}

function hasComments(text: string): boolean {
  const withoutStrings = text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  return /\/[/*]/.test(withoutStrings);
}

function isOwn(item: unknown): boolean {
  return commandsOf(item).some(isOwnCommand);
}

/** Of a hook, or of the hooks of a group. */
function commandsOf(item: unknown): readonly string[] {
  if (!isObject(item)) return [];
  const { command } = item;
  const own = typeof command === 'string' ? [command] : [];
  return [...own, ...(hooksOf(item) ?? []).flatMap(commandsOf)];
}

function hooksOf(item: unknown): readonly unknown[] | undefined {
  const hooks = isObject(item) ? item['hooks'] : undefined;
  return Array.isArray(hooks) ? hooks : undefined;
}
