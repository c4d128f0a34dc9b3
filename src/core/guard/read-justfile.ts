// What recipes of a justfile run, read from the text alone; what is computed is a hole.

import { unknownText } from './line/texts.ts';
import type { Targets } from './read-makefile.ts';

interface Recipe {
  readonly commands: string[];
  readonly needs: readonly string[];
}

const recipeHead = /^@?([A-Za-z_][\w-]*)((?:\s+[^:]*)?):(?!=)(.*)$/;
const silent = /^\s*(#|$|set\b|alias\b|export\b[^=]*$|\[)/;

/** @param given on the command line: they stand over those of the file */
export function readJustfile(text: string, given: ReadonlyMap<string, string>): Targets {
  const variables = new Map<string, string>();
  const recipes = new Map<string, Recipe>();
  let isPartial = false;
  let current: Recipe | undefined;
  for (const line of text.replaceAll(/\\\r?\n[ \t]*/g, ' ').split(/\r?\n/)) {
    if (/^\s+\S/.test(line)) {
      current?.commands.push(line.trim().replace(/^[@-]+/, ''));
      continue;
    }
    const assigned = /^(?:export\s+)?([\w-]+)\s*:=\s*(.*)$/.exec(line);
    const started = recipeHead.exec(line);
    if (silent.test(line)) continue;
    if (assigned !== null) {
      const [, name = '', value = ''] = assigned;
      variables.set(name, variables.has(name) ? unknownText : textOf(value.trim()));
    } else if (started === null) isPartial = true;
    else {
      const [, name = '', , needs = ''] = started;
      const recipe = { commands: [], needs: words(needs.replaceAll(/#.*|&&|[()]/g, ' ')) };
      recipes.set(name, recipe);
      current = recipe;
    }
  }
  for (const [name, value] of given) variables.set(name, value);
  const first = [...recipes.keys()].find((name) => !name.startsWith('_'));
  return {
    isPartial,
    find: (name) => {
      const recipe = recipes.get(name ?? first ?? '');
      return recipe && { ...recipe, commands: linesOf(recipe.commands, variables), isPartial };
    },
  };
}

/** A plain text; a hole for what is computed. */
function textOf(value: string): string {
  const [, quoted] =
    /^(?:"([^"\\]*)"|'([^']*)')$/.exec(value)?.filter((part) => part !== undefined) ?? [];
  return quoted ?? unknownText;
}

function linesOf(
  commands: readonly string[],
  variables: ReadonlyMap<string, string>,
): readonly string[] {
  const plain = commands.map((command) =>
    command.replaceAll(
      /\{\{([^{}]*)\}\}/g,
      (_whole, name: string) => variables.get(name.trim()) ?? unknownText,
    ),
  );
  const [first = ''] = plain;
  if (!first.startsWith('#!')) return plain;
  // One script, for the program that its first line names.
  return /\b(ba|da|z|k)?sh\b/.test(first) ? [plain.join('\n')] : [unknownText];
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
