// savepoint.json on the disk: read with comments allowed, problems with their line, edits that keep
// comments and formatting.

import { existsSync, statSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findNodeAtLocation, parseTree, printParseErrorCode, getNodeValue } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import type { ConfigProblem } from '../../core/documents/documents.ts';
import { checkProjectConfig, emptyProjectConfig } from '../../core/config/project-config.ts';
import type { JsonPath } from '../../core/config/config-value.ts';
import type { ProjectConfig } from '../../core/config/project-config.ts';
import { layoutIds } from '../../core/layouts/all-layouts.ts';

export const configFileName = 'savepoint.json';

const parseOptions = { allowTrailingComma: true, allowEmptyContent: true };

export interface ReadConfig {
  readonly config: ProjectConfig;
  readonly problems: readonly ConfigProblem[];
  /** False where there is no file, or none that could be read. */
  readonly exists: boolean;
}

/**
 * The project's own file. What is unsound in it is a problem with its place and has no effect; the
 * rest holds. A missing file is no problem.
 */
export function readProjectConfig(projectDir: string): ReadConfig {
  const text = readConfigText(join(projectDir, configFileName));
  if (typeof text === 'object') {
    return { config: emptyProjectConfig, problems: text.problem, exists: false };
  }
  const lineOf = lineFinder(text);
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, parseOptions);
  const problems = errors.map((error) =>
    problemAt(lineOf(error.offset), syntaxWords(printParseErrorCode(error.error))),
  );
  if (tree === undefined) return { config: emptyProjectConfig, problems, exists: true };
  const { config, findings } = checkProjectConfig(getNodeValue(tree), layoutIds);
  for (const { at, message } of findings) {
    problems.push(problemAt(lineOf(offsetOf(tree, at)), message));
  }
  return { config, problems, exists: true };
}

/** The same where the workspace is trusted; nothing is read where it is not. */
export function trustedConfig(
  projectDir: string,
  trusted: boolean,
): Pick<ReadConfig, 'config' | 'problems'> {
  return trusted ? readProjectConfig(projectDir) : { config: emptyProjectConfig, problems: [] };
}

/** Data directories that savepoint.json names and that are not there. */
export function placesNotThere(
  projectDir: string,
  { dataDirs = [] }: Pick<ProjectConfig, 'dataDirs'>,
): readonly ConfigProblem[] {
  const gone = dataDirs.filter(({ path }) => !existsSync(resolve(projectDir, path)));
  if (gone.length === 0) return [];
  const placeOf = placesInConfig(projectDir);
  const written = rawDataDirs(projectDir);
  return gone.map(({ path }): ConfigProblem => {
    const isNamed = (raw: unknown): boolean =>
      typeof raw === 'string' && resolve(projectDir, raw) === resolve(projectDir, path);
    const at: JsonPath = ['dataDirs', Math.max(0, written.findIndex(isNamed)), 'path'];
    return { ...placeOf(at), message: `"${path}" is not there, so no snapshot has it` };
  });
}

/** Their paths as they stand there, whatever they are. */
function rawDataDirs(projectDir: string): readonly unknown[] {
  const text = readConfigText(join(projectDir, configFileName));
  const tree = typeof text === 'object' ? undefined : parseTree(text, [], parseOptions);
  const list = tree === undefined ? undefined : findNodeAtLocation(tree, ['dataDirs']);
  return (list?.children ?? []).map(
    (entry) => findNodeAtLocation(entry, ['path'])?.value as unknown,
  );
}

/** Where values of savepoint.json are: for problems that show themselves only when it is used. */
export function placesInConfig(
  projectDir: string,
): (at: JsonPath) => Pick<ConfigProblem, 'file' | 'line' | 'column'> {
  const start = { file: configFileName, line: 1, column: 1 };
  const text = readConfigText(join(projectDir, configFileName));
  const tree = typeof text === 'object' ? undefined : parseTree(text, [], parseOptions);
  if (tree === undefined || typeof text === 'object') return () => start;
  const lineOf = lineFinder(text);
  return (at) => ({ file: configFileName, ...lineOf(offsetOf(tree, at)) });
}

/** A larger file is not one that a person wrote. */
const maxConfigBytes = 1024 * 1024;

function readConfigText(path: string): string | { readonly problem: ConfigProblem[] } {
  const start = { line: 1, column: 1 };
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return { problem: [] };
    if (!stats.isFile()) return { problem: [problemAt(start, 'is not a file, so it is not read')] };
    if (stats.size > maxConfigBytes) {
      return { problem: [problemAt(start, 'is larger than 1 MB, so it is not read')] };
    }
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, ' ');
  } catch {
    // Any failure means the same to the user: the file is there and does not count.
    return { problem: [problemAt(start, 'cannot be read: check its permissions')] };
  }
}

interface TextPosition {
  readonly line: number;
  readonly column: number;
}

function problemAt(position: TextPosition, message: string): ConfigProblem {
  return { file: configFileName, line: position.line, column: position.column, message };
}

/** Offset to 1-based line and column, columns in UTF-16 units as editors count them. */
function lineFinder(text: string): (offset: number) => TextPosition {
  return (offset) => {
    const before = text.slice(0, offset);
    return {
      line: before.split('\n').length,
      column: offset - before.lastIndexOf('\n'),
    };
  };
}

/** Where the value is, or its key, or the nearest thing around it that is there. */
function offsetOf(tree: Node, at: JsonPath): number {
  for (let length = at.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(tree, at.slice(0, length));
    if (node !== undefined) return node.offset;
  }
  return tree.offset;
}

/** `CommaExpected` is `comma expected`. */
function syntaxWords(code: string): string {
  return code.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
