// What targets of a Makefile run, read from the text alone. What is computed is a hole; a line that is not
// understood makes the file a partial one, for it may add anything.

import type { ScriptLines } from './facts.ts';
import { matchesSegment } from './glob-match.ts';
import { bounded, unknownText } from './line/texts.ts';

export interface Targets {
  /** What the target of that name runs, or the first one for null; undefined where there is none. */
  readonly find: (name: string | null) => ScriptLines | undefined;
  readonly isPartial: boolean;
}

interface Recipe {
  readonly commands: string[];
  readonly needs: string[];
}

type Variables = ReadonlyMap<string, readonly string[]>;

interface Makefile {
  /** As they stand there; a name that is given several values has all of them. */
  readonly variables: Map<string, string[]>;
  readonly recipes: { readonly names: string; readonly recipe: Recipe }[];
  /** What runs while the file is read. */
  readonly atStart: string[];
  isPartial: boolean;
}

const rule = /^([^\s#:=][^:=#]*):(?!=)(?::(?!=))?([^#;]*)(?:;(.*))?/;
const assignment =
  /^[ \t]*(?:(?:export|override|private)[ \t]+)*([\w.-]+)[ \t]*(\?|:{1,3}|\+|!)?=[ \t]*(.*)$/;
const directive =
  /^[ \t]*(#|$|(ifeq|ifneq|ifdef|ifndef|else|endif|export|unexport|undefine|vpath)\b)/;

/** @param given on the command line: they stand over those of the file */
export function readMakefile(text: string, given: ReadonlyMap<string, string>): Targets {
  const file: Makefile = { variables: new Map(), recipes: [], atStart: [], isPartial: false };
  const lines = text.replaceAll(/\\\r?\n[ \t]*/g, ' ').split(/\r?\n/);
  let current: Recipe | undefined;
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const define = /^[ \t]*define[ \t]+([\w.-]+)/.exec(line);
    if (define !== null) {
      const end = lines.findIndex((one, at) => at > index && /^[ \t]*endef\b/.test(one));
      addTo(
        file.variables,
        define[1] ?? '',
        lines.slice(index + 1, end < 0 ? undefined : end).join('\n'),
      );
      index = end < 0 ? lines.length : end;
    } else if (line.startsWith('\t')) current?.commands.push(line);
    else current = readLine(line, file) ?? current;
  }
  for (const [name, value] of given) file.variables.set(name, [value]);
  return targetsOf(file);
}

/** The recipe that the lines behind it belong to, where it begins one. */
function readLine(line: string, file: Makefile): Recipe | undefined {
  if (directive.test(line)) return undefined;
  const assigned = assignment.exec(line);
  const started = rule.exec(line);
  if (assigned !== null && started === null) {
    assign(assigned, file);
    return undefined;
  }
  if (started === null) {
    file.isPartial = true;
    file.atStart.push(line);
    return undefined;
  }
  const [, names = '', needs = '', command] = started;
  const own = assignment.exec(needs);
  // `target: NAME = value` is for that target alone.
  if (own !== null) {
    assign(own, file);
    return undefined;
  }
  const recipe = { commands: command === undefined ? [] : [command], needs: [needs] };
  file.recipes.push({ names, recipe });
  return recipe;
}

function assign([, name = '', operator = '', value = '']: RegExpExecArray, file: Makefile): void {
  if (name === '.RECIPEPREFIX' || (name === 'SHELL' && !value.trim().endsWith('sh')))
    file.isPartial = true;
  if (operator === '!') {
    file.atStart.push(value);
    addTo(file.variables, name, unknownText);
    return;
  }
  if (operator.startsWith(':') && /\$[({](shell|eval)\b/.test(value))
    file.atStart.push(`: ${value}`);
  if (operator === '+') addTo(file.variables, name, `$(${name}) ${value}`);
  else addTo(file.variables, name, value);
}

function addTo(variables: Map<string, string[]>, name: string, value: string): void {
  const known = variables.get(name);
  if (known === undefined) variables.set(name, [value]);
  // `x += y`: what it had is put in now, for it cannot hold itself.
  else if (value.startsWith(`$(${name}) `))
    variables.set(
      name,
      known.map((one) => one + value.slice(name.length + 3)),
    );
  else if (!known.includes(value)) known.push(value);
}

function targetsOf({ variables, recipes, atStart, isPartial }: Makefile): Targets {
  const named = recipes.flatMap(({ names, recipe }) =>
    words(expand(names, { variables, auto: () => unknownText })).map((name) => ({ name, recipe })),
  );
  const goal = variables.get('.DEFAULT_GOAL')?.at(-1)?.trim();
  const first = goal ?? named.find(({ name }) => !/^\.|%/.test(name))?.name;
  const find = (name: string | null): ScriptLines | undefined => {
    const asked = name ?? first;
    if (asked === undefined) return undefined;
    const exact = named.filter((one) => one.name === asked);
    const found = exact.length > 0 ? exact : named.filter((one) => fitsPattern(one.name, asked));
    if (found.length === 0) return undefined;
    const all = found.map(({ recipe }) => recipe);
    const needs = all.flatMap((one) =>
      words(
        expand(one.needs.join(' ').replaceAll('|', ' '), { variables, auto: () => unknownText }),
      ),
    );
    const auto = (letter: string): string =>
      letter === '@'
        ? asked
        : letter === '<'
          ? (needs[0] ?? '')
          : letter === '^'
            ? needs.join(' ')
            : unknownText;
    const lines = [...atStart, ...all.flatMap(({ commands }) => commands)];
    return {
      commands: lines.map((line) =>
        expand(line, { variables, auto })
          .trim()
          .replace(/^[@+\-\s]+/, ''),
      ),
      needs,
      isPartial,
    };
  };
  return { find, isPartial };
}

function fitsPattern(pattern: string, name: string): boolean {
  return pattern.includes('%') && matchesSegment(pattern.replace('%', '*'), name);
}

interface Expansion {
  readonly variables: Variables;
  /** `$@` and its like, by their letter. */
  readonly auto: (letter: string) => string;
}

const maxNesting = 16;

/** With variables put in; those that the file does not have are the shell's. */
function expand(text: string, within: Expansion, depth = 0): string {
  if (depth > maxNesting) return unknownText;
  let result = '';
  let at = 0;
  for (let dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', at)) {
    result += text.slice(at, dollar);
    const next = text.charAt(dollar + 1);
    const close = next === '(' ? ')' : next === '{' ? '}' : '';
    if (close === '') {
      result += next === '$' ? '$' : expandName(next, within, depth);
      at = dollar + 2;
    } else {
      const end = closing(text, dollar + 1, next, close);
      result += end < 0 ? unknownText : expandName(text.slice(dollar + 2, end), within, depth);
      at = end < 0 ? text.length : end + 1;
    }
    if (result.length > maxLength) return unknownText;
  }
  return bounded(result + text.slice(at));
}

const maxLength = 64 * 1024;

function closing(text: string, from: number, open: string, close: string): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text.charAt(at) === open) depth += 1;
    if (text.charAt(at) === close) depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

function expandName(name: string, within: Expansion, depth: number): string {
  if (name === 'MAKE') return 'make';
  if (/^[@<^+?*%|][DF]?$/.test(name)) return within.auto(name);
  const values = within.variables.get(name);
  if (values !== undefined) {
    const texts = new Set(values.map((value) => expand(value, within, depth + 1)));
    return texts.size === 1 ? ([...texts][0] ?? '') : unknownText;
  }
  if (/^[\w.-]+$/.test(name)) return `\${${name}}`;
  const [, word = '', rest = ''] = /^([\w-]+)[ \t]+([^]*)$/.exec(name) ?? [];
  if (word === 'shell') return `$(${expand(rest, within, depth + 1)})`;
  if (word === 'wildcard') return expand(rest, within, depth + 1);
  return word === 'call' ? expandCall(rest, within, depth) : unknownText;
}

/** `$(call NAME,a,b)`: the text of NAME with `$(1)` and `$(2)` put in. */
function expandCall(text: string, within: Expansion, depth: number): string {
  const [name = '', ...args] = text.split(',').map((one) => one.trim());
  const given = args.map((value, index) => [`${index + 1}`, [value]] as const);
  const variables = new Map([...within.variables, ...given]);
  return expandName(name, { ...within, variables }, depth + 1);
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
