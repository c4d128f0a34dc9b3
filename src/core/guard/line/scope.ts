// What a line has made of its surroundings until here: the folder, variables, functions, files that it
// wrote itself. Values are lists of all that they may be, for nobody knows which branch runs.

import type { ShellStep } from './shell-step.ts';
import { distinct, lazily, unknownText } from './texts.ts';

/** What a command reads. */
export interface Stream {
  readonly isFed: boolean;
  /** With holes; asked for only by who would run or read it. */
  readonly text: () => string;
}

export const noStream: Stream = { isFed: false, text: () => '' };
export function streamOf(text: () => string): Stream {
  return { isFed: true, text: lazily(text) };
}

export const unknownStream: Stream = { isFed: true, text: () => unknownText };

export interface Variable {
  readonly texts: readonly string[];
  /** True where programs that are started get it too. */
  readonly isExported: boolean;
}

export interface ScriptArguments {
  /** `$0` */
  readonly program: string;
  /** `$1` and what follows; null where nobody knows them. */
  readonly rest: readonly string[] | null;
  /** After `shift` a number says no more which one is meant. */
  readonly isShifted: boolean;
}

export const unknownArguments: ScriptArguments = {
  program: unknownText,
  rest: null,
  isShifted: false,
};

export interface Scope {
  /** Absolute; several where one of them is it. */
  readonly cwd: readonly string[];
  /** Folders to come back to with `cd -` and `popd`, the last one at the end. */
  readonly past: readonly (readonly string[])[];
  readonly variables: ReadonlyMap<string, Variable>;
  readonly functions: ReadonlyMap<string, readonly ShellStep[]>;
  /** What the line wrote into files, by their absolute paths. */
  readonly files: ReadonlyMap<string, () => string>;
  readonly args: ScriptArguments;
  readonly stdin: Stream;
  /** After `set -e` nothing goes on behind a `cd` that failed. */
  readonly isStrict: boolean;
  /** After `set -a` programs get every variable. */
  readonly exportsAll: boolean;
  /** True where variables were set whose names nobody knows. */
  readonly hasUnknown: boolean;
}

export function freshScope(cwd: string): Scope {
  return {
    cwd: [cwd],
    past: [],
    variables: new Map(),
    functions: new Map(),
    files: new Map(),
    args: unknownArguments,
    stdin: noStream,
    isStrict: false,
    exportsAll: false,
    hasUnknown: false,
  };
}

/** What a program that is started from here has of it. */
export function childScope(scope: Scope, cwd: string, args: ScriptArguments): Scope {
  return {
    ...freshScope(cwd),
    variables: new Map([...scope.variables].filter(([, { isExported }]) => isExported)),
    files: scope.files,
    args,
    stdin: scope.stdin,
    hasUnknown: scope.hasUnknown,
  };
}

/** More than anybody writes in a line: following them all would take too long. */
const maxNames = 500;
const maxFolders = 8;
const maxPath = 4096;

export function withVariable(scope: Scope, name: string, variable: Variable): Scope {
  if (scope.variables.size > maxNames) throw new RangeError('too many variables');
  const isExported = variable.isExported || scope.exportsAll;
  const texts = distinct(variable.texts);
  return {
    ...scope,
    variables: new Map(scope.variables).set(name, { texts, isExported }),
  };
}

export function withUnknownVariables(scope: Scope): Scope {
  const variables = [...scope.variables].map(
    ([name, { texts, isExported }]) =>
      [name, { texts: distinct([...texts, unknownText]), isExported }] as const,
  );
  return { ...scope, variables: new Map(variables), hasUnknown: true };
}

export function withFile(scope: Scope, path: string, text: () => string): Scope {
  if (scope.files.size > maxNames) throw new RangeError('too many files');
  return { ...scope, files: new Map(scope.files).set(path, lazily(text)) };
}

export function inFolders(scope: Scope, cwd: readonly string[]): Scope {
  const folders = distinct(cwd);
  const isTooMuch = folders.length > maxFolders || folders.some(({ length }) => length > maxPath);
  return { ...scope, cwd: isTooMuch ? [`/${unknownText}`] : folders };
}

/** After one of two ways: what holds in either. */
export function joined(one: Scope, other: Scope): Scope {
  if (one === other) return one;
  const both: Scope = {
    ...one,
    variables: joinedMaps(one.variables, other.variables, unsetVariable, (a, b) => ({
      texts: distinct([...a.texts, ...b.texts]),
      isExported: a.isExported || b.isExported,
    })),
    functions: joinedMaps(one.functions, other.functions, [], (a, b) => [...a, ...b]),
    files: joinedMaps(one.files, other.files, unreadFile, () => unreadFile),
    isStrict: one.isStrict && other.isStrict,
    exportsAll: one.exportsAll || other.exportsAll,
    hasUnknown: one.hasUnknown || other.hasUnknown,
  };
  return inFolders(both, [...one.cwd, ...other.cwd]);
}

const unsetVariable: Variable = { texts: [unknownText], isExported: false };
const unreadFile = (): string => unknownText;

function joinedMaps<T>(
  one: ReadonlyMap<string, T>,
  other: ReadonlyMap<string, T>,
  missing: T,
  join: (a: T, b: T) => T,
): ReadonlyMap<string, T> {
  if (one === other) return one;
  const both = new Map<string, T>();
  for (const name of new Set([...one.keys(), ...other.keys()])) {
    const [a, b] = [one.get(name) ?? missing, other.get(name) ?? missing];
    both.set(name, a === b ? a : join(a, b));
  }
  return both;
}
