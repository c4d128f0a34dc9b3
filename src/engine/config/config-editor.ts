// savepoint.json while it is edited: comments and formatting stay, the file is replaced in one step,
// and what cannot be understood is not touched.

import { closeSync, fsyncSync, lstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { applyEdits, findNodeAtLocation, getNodeValue, modify, parseTree } from 'jsonc-parser';
import type {
  FormattingOptions,
  JSONPath,
  ModificationOptions,
  Node,
  ParseError,
} from 'jsonc-parser';
import { realPathSoFar } from '../disk/real-path.ts';
import { isObject } from '../../core/is-object.ts';
import { EngineError } from '../../core/errors.ts';
import { configFileName, readProjectConfig } from '../detect/project-config.ts';
import { errorCodeOf, readIfThere, syncFolder } from '../disk/durable-file.ts';

/** A new savepoint.json: nothing in it has an effect, all of it is an example. */
export const configTemplate = `// What Savepoint captures of this project. Everything in here is optional: what it does not say is
// found or has a default. Shared through version control, comments allowed.
{
  // Exactly these are the data directories; without the list Savepoint finds them itself. "exclude"
  // leaves out what its globs match, "include" takes in what would be left out.
  // "dataDirs": [{ "path": "data", "exclude": ["tmp/**"], "include": [] }],

  // How many snapshots of each kind stay, and how large the store may get.
  // "retention": { "keepLast": 10, "maxBytes": "5GB" }
}
`;

/** A sound entry of `dataDirs`. */
export interface ConfigEntry {
  readonly index: number;
  readonly absolute: string;
  readonly exclude: readonly string[];
  readonly include: readonly string[];
}

/** The file while it is edited: nothing is written before `save`. */
export interface ConfigEditor {
  readonly projectDir: string;
  hasList(): boolean;
  /** The sound entries of `dataDirs` with their places in the file. */
  entries(): readonly ConfigEntry[];
  set(path: JSONPath, value: unknown): void;
  /** At the end where the last part of the path is -1. */
  insert(path: JSONPath, value: unknown): void;
  remove(path: JSONPath): void;
  /** True where the file has a list at the path, whatever is in it. */
  isList(path: JSONPath): boolean;
  /** How many entries the list at the path has. */
  lengthOf(path: JSONPath): number;
  /** 1-based line of the value at the path, -1 for the last of a list; of the first line where there is none. */
  lineOf(path: JSONPath): number;
  /** Absolute path of the file, and the whole text as it is by now. */
  readonly file: string;
  text(): string;
  save(): void;
}

/** @throws EngineError CONFIG_INVALID where the file cannot be understood */
export function openForEdit(projectDir: string): ConfigEditor {
  const path = join(projectDir, configFileName);
  const whole = readForEdit(path);
  const mark = whole?.startsWith('\uFEFF') === true ? '\uFEFF' : '';
  const before = whole?.slice(mark.length);
  if (before !== undefined) refuseUnsound(projectDir, before);
  let text = before ?? configTemplate;
  const change = (at: JSONPath, value: unknown, isArrayInsertion: boolean) => {
    const options: ModificationOptions = {
      formattingOptions: formattingOf(text),
      isArrayInsertion,
      // A new key comes first: behind the others it would take a comment at their end along.
      getInsertionIndex: (keys) => (at.length === 1 ? 0 : keys.length),
    };
    const isNew = nodeAt(text, at.slice(0, 1)) === undefined;
    text = applyEdits(text, modify(text, at, value, options));
    if (isNew) text = apartFromComment(text, at.slice(0, 1));
  };
  const value = () =>
    asObject(getNodeValue(parseTree(text) ?? { type: 'null', offset: 0, length: 0 }));
  return {
    projectDir,
    hasList: () => value()['dataDirs'] !== undefined,
    entries: () => entriesOf(projectDir, value()['dataDirs']),
    set: (at, item) => change(at, item, false),
    insert: (at, item) => change(at, item, true),
    remove: (at) => change(at, undefined, false),
    isList: (at) => nodeAt(text, at)?.type === 'array',
    lengthOf: (at) => nodeAt(text, at)?.children?.length ?? 0,
    lineOf: (at) => text.slice(0, nodeAt(text, at)?.offset ?? 0).split('\n').length,
    file: path,
    text: () => mark + text,
    save: () => {
      if (text !== before) replaceFile(path, mark + text);
    },
  };
}

/** A comment right behind a new key would read as its own, and is of something else. */
function apartFromComment(text: string, at: JSONPath): string {
  const node = nodeAt(text, at);
  if (node === undefined) return text;
  const end = node.offset + node.length;
  const isFollowed = /^,?(\r?\n)[ \t]*\/[/*]/.exec(text.slice(end));
  if (isFollowed === null) return text;
  const lineEnd = text.indexOf('\n', end) + 1;
  return `${text.slice(0, lineEnd)}${isFollowed[1] ?? '\n'}${text.slice(lineEnd)}`;
}

function nodeAt(text: string, path: JSONPath): Node | undefined {
  let node = parseTree(text, [], { allowTrailingComma: true });
  for (const part of path) {
    if (node === undefined) return undefined;
    node = part === -1 ? node.children?.at(-1) : findNodeAtLocation(node, [part]);
  }
  return node;
}

export function readForEdit(path: string): string | undefined {
  try {
    return readIfThere(path);
  } catch (error) {
    throw new EngineError('IO', `cannot read "${path}" (${errorCodeOf(error) ?? 'unknown'})`, {
      path,
      hint: 'it has to be a file that you may read',
      cause: error,
    });
  }
}

function entriesOf(projectDir: string, list: unknown): ConfigEntry[] {
  return (Array.isArray(list) ? list : []).flatMap((item: unknown, index) => {
    const { path, exclude, include } = asObject(item);
    if (typeof path !== 'string') return [];
    const absolute = configuredPath(projectDir, path);
    return [{ index, absolute, exclude: texts(exclude), include: texts(include) }];
  });
}

/** Indexes stay those of the file, so what is no text is kept as an empty one that matches nothing. */
function texts(list: unknown): string[] {
  return (Array.isArray(list) ? list : []).map((item: unknown) =>
    typeof item === 'string' ? item : '',
  );
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

function refuseUnsound(projectDir: string, text: string): void {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const value: unknown = tree === undefined ? undefined : getNodeValue(tree);
  const { dataDirs } = asObject(value);
  const isSound = errors.length === 0 && (tree === undefined || tree.type === 'object');
  if (isSound && (dataDirs === undefined || Array.isArray(dataDirs))) return;
  const problem = readProjectConfig(projectDir).problems[0];
  const where = problem === undefined ? '' : `, line ${problem.line}: ${problem.message}`;
  throw new EngineError('CONFIG_INVALID', `${configFileName}${where}`, {
    path: configFileName,
    hint: 'correct it, then try again; nothing was written',
  });
}

/** As the file has it. */
function formattingOf(text: string): FormattingOptions {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}

/** Whole or as it was; a link stays one, and so does the mode. */
export function replaceFile(path: string, text: string): void {
  const target = realPathSoFar(path);
  const mode = lstatSync(target, { throwIfNoEntry: false })?.mode ?? 0o666;
  const temporary = `${target}.${process.pid}.part`;
  try {
    const fd = openSync(temporary, 'wx', mode & 0o777);
    try {
      writeSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, target);
    syncFolder(resolve(target, '..'));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new EngineError('IO', `cannot write "${path}" (${errorCodeOf(error) ?? 'unknown'})`, {
      path,
      hint: 'check its permissions',
      cause: error,
    });
  }
}

/** Where a path of savepoint.json lies, as detection has it: with the links on the way resolved. */
export function configuredPath(projectDir: string, path: string): string {
  return realPathSoFar(resolve(projectDir, path));
}
