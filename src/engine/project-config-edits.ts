// Edits of savepoint.json for its user: comments and formatting stay, the file is replaced in one
// step, and what cannot be understood is not touched.

import { closeSync, fsyncSync, lstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { applyEdits, getNodeValue, modify, parseTree } from 'jsonc-parser';
import type { FormattingOptions, JSONPath, ModificationOptions, ParseError } from 'jsonc-parser';
import { EngineError } from '../core/errors.ts';
import { escapeGlob, exclusionMatcher } from './detect/exclusion-matcher.ts';
import type { FoundDataDir, FoundDataDirs } from './detect/found.ts';
import { generic } from './detect/layouts/generic.ts';
import { isInside, realPath } from './detect/places.ts';
import { configFileName, readProjectConfig } from './project-config.ts';
import { errorCodeOf, readIfThere, syncFolder } from './store/durable-file.ts';

/** A new savepoint.json: nothing in it has an effect, all of it is an example. */
const template = `// What Savepoint captures of this project. Everything in here is optional: what it does not say is
// found or has a default. Shared through version control, comments allowed.
{
  // Exactly these are the data directories; without the list Savepoint finds them itself. "exclude"
  // leaves out what its globs match, "include" takes in what would be left out.
  // "dataDirs": [{ "path": "data", "exclude": ["tmp/**"], "include": [] }],

  // How many snapshots of each kind stay, and how large the store may get.
  // "retention": { "keepLast": 10, "maxBytes": "5GB" }
}
`;

/** Makes savepoint.json with its explanations where there is none. Answers its absolute path. */
export function createConfig(projectDir: string): string {
  const path = join(projectDir, configFileName);
  if (readForEdit(path) === undefined) replaceFile(path, template);
  return path;
}

/**
 * Names a data directory in savepoint.json. Its list decides over everything, so where there is none
 * yet it begins with what was found, and nothing gets lost by the addition.
 * @param path relative to the project folder with `/`, or absolute
 * @throws EngineError CONFIG_INVALID, DATA_DIRECTORY_REFUSED it lies in one that is captured already
 */
export function addDataDirToConfig(projectDir: string, path: string, found: FoundDataDirs): void {
  const absolute = absolutePath(projectDir, path);
  const outer = found.dataDirs.find((dir) => capturesWhole(dir, absolute));
  if (outer !== undefined && outer.absolutePath !== absolute) {
    throw new EngineError(
      'DATA_DIRECTORY_REFUSED',
      `"${path}" lies in the data directory "${outer.path}", which is captured already`,
      { path, hint: 'take it in there if it is left out' },
    );
  }
  const config = openForEdit(projectDir);
  // What lies in the new one belongs to it from now on.
  listDataDirs(config, found, (entry) => !isInside(entry, absolute));
  if (!config.entries().some((entry) => entry.absolute === absolute)) {
    config.insert(['dataDirs', -1], { path });
  }
  config.save();
}

/**
 * Leaves a path out, or takes it in again: a whole data directory, or something in one. Only the
 * patterns of exactly that path are changed; where wider ones remain, the other list overrules them.
 * @param path relative to the project folder with `/`, or absolute
 * @throws EngineError CONFIG_INVALID, USAGE no data directory holds it
 */
export function setExcludedInConfig(
  projectDir: string,
  found: FoundDataDirs,
  path: string,
  excluded: boolean,
): void {
  const absolute = absolutePath(projectDir, path);
  const isRoot = found.dataDirs.some((dir) => rootsOf(projectDir, dir).includes(absolute));
  if (isRoot) {
    if (excluded) leaveOutWhole(projectDir, absolute, found);
    return;
  }
  const roots = found.dataDirs.flatMap((dir) => rootsOf(projectDir, dir));
  if (roots.some((root) => isInside(absolute, root))) {
    setPattern(projectDir, absolute, found, excluded);
  } else if (!excluded) addDataDirToConfig(projectDir, path, found);
  else {
    throw new EngineError('USAGE', `no data directory holds "${path}"`, {
      path,
      hint: 'see savepoint detect',
    });
  }
}

function leaveOutWhole(projectDir: string, absolute: string, found: FoundDataDirs): void {
  const config = openForEdit(projectDir);
  listDataDirs(config, found, (entry) => entry !== absolute);
  const index = config.entries().find((entry) => entry.absolute === absolute)?.index;
  if (index !== undefined) config.remove(['dataDirs', index]);
  config.save();
}

function setPattern(
  projectDir: string,
  absolute: string,
  found: FoundDataDirs,
  excluded: boolean,
): void {
  const config = openForEdit(projectDir);
  listDataDirs(config, found, () => true);
  const entry = config.entries().find((one) => isInside(absolute, one.absolute));
  if (entry === undefined) throw new Error(`no entry of savepoint.json holds "${absolute}"`);
  const owner = found.dataDirs.find((dir) => dir.absolutePath === entry.absolute);
  const exclusions = owner?.exclusions ?? generic.exclusions;
  const path = absolute.slice(entry.absolute.length + 1).replaceAll('\\', '/');
  const isDirectory = lstatSync(absolute, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const lists = { exclude: entry.exclude, include: entry.include };
  const from = excluded ? 'include' : 'exclude';
  const to = excluded ? 'exclude' : 'include';
  const own = new Set([escapeGlob(path), `${escapeGlob(path)}/`, `${escapeGlob(path)}/**`, path]);
  lists[from]
    .flatMap((pattern, index) => (own.has(pattern) ? [index] : []))
    .toReversed()
    .forEach((index) => {
      config.remove(['dataDirs', entry.index, from, index]);
    });
  const remaining = { ...lists, [from]: lists[from].filter((pattern) => !own.has(pattern)) };
  const isOut = exclusionMatcher({ exclusions, ...remaining })(path, isDirectory) !== undefined;
  if (isOut !== excluded) {
    const pattern = isDirectory ? `${escapeGlob(path)}/**` : escapeGlob(path);
    config.insert(['dataDirs', entry.index, to, -1], pattern);
  }
  config.save();
}

/** Writes the list where there is none: what was found and `keeps` agrees to. */
function listDataDirs(
  config: ConfigEdit,
  found: FoundDataDirs,
  keeps: (absolute: string) => boolean,
): void {
  if (config.hasList()) return;
  const roots = found.dataDirs.flatMap((dir) =>
    capturesWhole(dir, dir.absolutePath) ? [dir.path] : dir.roots,
  );
  const kept = roots.filter((path) => keeps(absolutePath(config.projectDir, path)));
  config.set(
    ['dataDirs'],
    kept.map((path) => ({ path })),
  );
}

/** True where the data directory is captured as a whole and the path is it or lies in it. */
function capturesWhole(dir: FoundDataDir, absolute: string): boolean {
  return dir.roots.includes(dir.path) && isInside(absolute, dir.absolutePath);
}

function rootsOf(projectDir: string, dir: FoundDataDir): string[] {
  return dir.roots.map((root) => absolutePath(projectDir, root));
}

/** Links on the way resolved where the path is there: found ones are. */
function absolutePath(projectDir: string, path: string): string {
  const absolute = resolve(projectDir, path);
  return realPath(absolute) ?? absolute;
}

interface Entry {
  readonly index: number;
  readonly absolute: string;
  readonly exclude: readonly string[];
  readonly include: readonly string[];
}

interface ConfigEdit {
  readonly projectDir: string;
  hasList(): boolean;
  /** The sound entries of `dataDirs` with their places in the file. */
  entries(): readonly Entry[];
  set(path: JSONPath, value: unknown): void;
  /** At the end where the last part of the path is -1. */
  insert(path: JSONPath, value: unknown): void;
  remove(path: JSONPath): void;
  save(): void;
}

/** @throws EngineError CONFIG_INVALID where the file cannot be understood */
function openForEdit(projectDir: string): ConfigEdit {
  const path = join(projectDir, configFileName);
  const whole = readForEdit(path);
  const mark = whole?.startsWith('\uFEFF') === true ? '\uFEFF' : '';
  const before = whole?.slice(mark.length);
  if (before !== undefined) refuseUnsound(projectDir, before);
  let text = before ?? template;
  const change = (at: JSONPath, value: unknown, isArrayInsertion: boolean) => {
    const options: ModificationOptions = {
      formattingOptions: formattingOf(text),
      isArrayInsertion,
      // A new key comes first: behind the others it would take a comment at their end along.
      getInsertionIndex: (keys) => (at.length === 1 ? 0 : keys.length),
    };
    text = applyEdits(text, modify(text, at, value, options));
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
    save: () => {
      if (text !== before) replaceFile(path, mark + text);
    },
  };
}

function readForEdit(path: string): string | undefined {
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

function entriesOf(projectDir: string, list: unknown): Entry[] {
  return (Array.isArray(list) ? list : []).flatMap((item: unknown, index) => {
    const { path, exclude, include } = asObject(item);
    if (typeof path !== 'string') return [];
    const absolute = absolutePath(projectDir, path);
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
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
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
function replaceFile(path: string, text: string): void {
  const target = realPath(path) ?? path;
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
