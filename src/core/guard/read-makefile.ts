// What targets of a Makefile or a justfile run, read from the text alone: recipe lines as they stand,
// with plain variables put in. What is computed stays as it is.

import type { ScriptLines } from './facts.ts';

export interface Targets {
  readonly first: string | null;
  readonly byName: ReadonlyMap<string, ScriptLines>;
}

interface Recipe {
  readonly commands: string[];
  readonly needs: string[];
}

const rule = /^([^\s#:=][^:=#]*):(?!=)(?::(?!=))?([^#;]*)(?:;(.*))?/;
const assignment = /^(?:export\s+|override\s+)?([\w.-]+)\s*(?:\?|:|::|\+)?=\s*(.*)$/;

export function readMakefile(text: string): Targets {
  const variables = new Map<string, string>();
  const recipes = new Map<string, Recipe>();
  let current: readonly Recipe[] = [];
  for (const line of text.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    if (line.startsWith('\t')) {
      const command = line.trim().replace(/^[@+-]+/, '');
      for (const recipe of current) recipe.commands.push(expand(command, variables));
      continue;
    }
    const assigned = assignment.exec(line);
    const started = rule.exec(line);
    if (assigned !== null && started === null) {
      const [, name = '', value = ''] = assigned;
      variables.set(name, expand(value, variables));
    } else if (started !== null) {
      const [, names = '', needs = '', command] = started;
      const needed = words(expand(needs.replaceAll('|', ' '), variables));
      current = words(expand(names, variables)).map((name) => recipeOf(recipes, name));
      for (const recipe of current) {
        recipe.needs.push(...needed);
        if (command !== undefined) recipe.commands.push(expand(command.trim(), variables));
      }
    }
  }
  return targetsOf(recipes, (name) => !name.startsWith('.'));
}

const recipeHead = /^@?([A-Za-z_][\w-]*)((?:\s+[^:]*)?):(?!=)(.*)$/;

export function readJustfile(text: string): Targets {
  const variables = new Map<string, string>();
  const recipes = new Map<string, Recipe>();
  let current: Recipe | undefined;
  for (const line of text.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    if (/^\s+\S/.test(line)) {
      const command = line.trim().replace(/^[@-]+/, '');
      current?.commands.push(
        command.replaceAll(
          /\{\{\s*([\w-]+)\s*\}\}/g,
          (whole, name: string) => variables.get(name) ?? whole,
        ),
      );
      continue;
    }
    const assigned = /^(?:export\s+)?([\w-]+)\s*:=\s*(.*)$/.exec(line);
    if (assigned !== null) {
      const [, name = '', value = ''] = assigned;
      variables.set(name, value.trim().replaceAll(/^["']|["']$/g, ''));
      continue;
    }
    const started = recipeHead.exec(line);
    if (started === null || /^\s*(#|$|set\b|alias\b|import\b|mod\b|\[)/.test(line)) continue;
    const [, name = '', , needs = ''] = started;
    current = recipeOf(recipes, name);
    current.needs.push(...words(needs.replaceAll(/#.*|&&|[()]/g, ' ')));
  }
  return targetsOf(recipes, (name) => !name.startsWith('_'));
}

function recipeOf(recipes: Map<string, Recipe>, name: string): Recipe {
  const known = recipes.get(name) ?? { commands: [], needs: [] };
  recipes.set(name, known);
  return known;
}

function targetsOf(
  recipes: ReadonlyMap<string, Recipe>,
  mayBeFirst: (name: string) => boolean,
): Targets {
  return { first: [...recipes.keys()].find(mayBeFirst) ?? null, byName: recipes };
}

/** `$(NAME)`, `${NAME}` and `$$`; functions of make stay for the shell's parser to call unknown. */
function expand(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$\$|\$[({]([\w.-]+)[)}]/g, (whole, name: string | undefined) => {
    if (name === undefined) return '$';
    if (name === 'MAKE') return 'make';
    return variables.get(name) ?? whole.replaceAll(/[(]/g, '{').replaceAll(/[)]/g, '}');
  });
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
