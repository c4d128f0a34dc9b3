// Scripts of package.json and targets of a Makefile as a text has them, and the edit that guards one.
// Nothing in here knows the editor.

import { parseTree, findNodeAtLocation, type Node } from 'jsonc-parser';
import { readMakefile } from '../../core/guard/read-makefile.ts';
import { asksForSnapshot, guardedLine } from '../../core/views/guard-texts.ts';

export interface Script {
  readonly name: string;
  /** What it runs itself; what it needs before has its own entry. */
  readonly commands: readonly string[];
  /** UTF-16 offsets of its whole entry. */
  readonly start: number;
  readonly end: number;
  /** What takes the place of which part, so that a snapshot comes first. */
  readonly guard: { readonly start: number; readonly end: number; readonly text: string };
}

export type ScriptFile = 'package.json' | 'Makefile';

/** Undefined for a file that is neither. */
export function scriptFileKind(fileName: string): ScriptFile | undefined {
  const name = fileName.replace(/^.*[/\\]/, '');
  if (name === 'package.json') return 'package.json';
  return /^(?:GNU)?makefile$|\.mk$/i.test(name) ? 'Makefile' : undefined;
}

/** Those that ask for no snapshot yet, in the order of the text. A broken file has what can be read of it. */
export function unguardedScripts(text: string, kind: ScriptFile): readonly Script[] {
  const found = kind === 'package.json' ? packageScripts(text) : makeTargets(text);
  return found.filter(
    ({ commands }) => commands.some((command) => command !== '') && !commands.some(asksForSnapshot),
  );
}

/** The whole text with the script guarded. */
export function guardScript(text: string, { guard }: Script): string {
  return text.slice(0, guard.start) + guard.text + text.slice(guard.end);
}

function packageScripts(text: string): readonly Script[] {
  const root = parseTree(text);
  const scripts = root && findNodeAtLocation(root, ['scripts']);
  return (scripts?.children ?? []).flatMap((property) => scriptOf(property) ?? []);
}

function scriptOf({ offset, length, children }: Node): Script | undefined {
  const [key, value] = children ?? [];
  const name: unknown = key?.value;
  const command: unknown = value?.value;
  if (typeof name !== 'string' || typeof command !== 'string' || value === undefined) {
    return undefined;
  }
  const guarded = guardedLine(command, { program: 'savepoint', nothing: 'node -e 0' });
  return {
    name,
    commands: [command.trim()],
    start: offset,
    end: offset + length,
    guard: {
      start: value.offset,
      end: value.offset + value.length,
      text: JSON.stringify(guarded),
    },
  };
}

const target = /^([^\s#:=][^:=#]*):(?!=)(?::(?!=))?/;
const recipePrefix = /^\t[ \t]*[@+-]*[ \t]*/;

function makeTargets(text: string): readonly Script[] {
  const { find } = readMakefile(text, new Map());
  const lines = linesOf(text);
  return lines.flatMap((line, index) => {
    const name = target.exec(line.text)?.[1]?.trim() ?? '';
    const commands = find(name)?.commands ?? [];
    const first = lines[index + 1];
    if (commands.length === 0 || first === undefined) return [];
    const [prefix] = recipePrefix.exec(first.text) ?? [];
    if (prefix === undefined) return [];
    const start = first.start + prefix.length;
    const end = first.start + first.text.length;
    const guarded = guardedRecipe(text.slice(start, end));
    return [{ name, commands, start: line.start, end, guard: { start, end, text: guarded } }];
  });
}

/** A line that goes on in the next is not read as a whole: only a plain beginning takes the words. */
function guardedRecipe(line: string): string {
  const goesOn = line.endsWith('\\');
  const words = { program: 'savepoint', nothing: 'true' };
  const guarded = guardedLine(goesOn ? line.slice(0, -1) : line, words);
  return goesOn ? `${guarded} \\` : guarded;
}

interface Line {
  readonly start: number;
  /** Without its end. */
  readonly text: string;
}

function linesOf(text: string): readonly Line[] {
  return [...text.matchAll(/[^\r\n]*(?:\r?\n|$)/g)].map((match) => ({
    start: match.index,
    text: match[0].replace(/\r?\n$/, ''),
  }));
}
