// The paths that `find` comes to, as its arguments tell: where it starts, and the names that it looks for.

import { unknownText } from './line/texts.ts';

interface FindArguments {
  readonly starts: readonly string[];
  readonly tests: readonly string[];
}

export function findArguments(args: readonly string[]): FindArguments {
  const first = args.findIndex((word) => !/^-([HLP]|O\d)$/.test(word));
  const own = first < 0 ? [] : args.slice(first);
  const from = own.findIndex((word) => /^(-.*|[(!\\].*)$/.test(word));
  const starts = from < 0 ? own : own.slice(0, from);
  return { starts: starts.length === 0 ? ['.'] : starts, tests: from < 0 ? [] : own.slice(from) };
}

/** Patterns: a folder and all below it, or the names in it. */
export function foundPaths(args: readonly string[]): readonly string[] {
  const { starts, tests } = findArguments(args);
  const names = namesIn(tests);
  return starts.flatMap((start) => {
    const folder = start.replace(/\/+$/, '');
    if (names === 'any') return [start, `${folder}/**`];
    if (names === undefined) return [`${folder}/${unknownText}`];
    return names.map((name) => `${folder}/**/${name}`);
  });
}

/** `any` where nothing is asked of names; undefined where it cannot be told which are meant. */
function namesIn(tests: readonly string[]): readonly string[] | 'any' | undefined {
  const at = tests.findIndex((word) => action.test(word));
  const asked = at < 0 ? tests : tests.slice(0, at);
  if (asked.some((word) => leavingOut.test(word))) return undefined;
  if (!asked.some((word) => isName.test(word))) return 'any';
  const names = partsBetween(asked, /^-(o|or)$/).map((part) => {
    const name = part.findIndex((word) => isName.test(word));
    return name < 0 ? undefined : part[name + 1];
  });
  const known = names.filter((name) => name !== undefined);
  return known.length === names.length ? known : undefined;
}

const action = /^-(exec|execdir|ok|okdir|delete|f?print\w*|f?ls)$/;
const leavingOut = /^(-not|!|\\!|-prune|-i?path|-i?wholename|-i?regex|,)$/;
const isName = /^-i?name$/;

function partsBetween(words: readonly string[], separator: RegExp): readonly (readonly string[])[] {
  const parts: string[][] = [[]];
  for (const word of words) {
    if (separator.test(word)) parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts;
}

/** The commands that it runs, with `{}` as it stands. */
export function executedCommands(tests: readonly string[]): readonly (readonly string[])[] {
  const commands: string[][] = [];
  let open = false;
  for (const word of tests) {
    if (!open && /^-(exec|execdir|ok|okdir)$/.test(word)) {
      commands.push([]);
      open = true;
    } else if (open && /^(\\?;|\+)$/.test(word)) open = false;
    else if (open) commands.at(-1)?.push(word);
  }
  return commands;
}
