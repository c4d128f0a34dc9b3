// What scripts of packages and targets of make, just and task run: their lines, one after the other.

import type { PackageFile, ScriptLines } from './facts.ts';
import { matchesSegment } from './glob-match.ts';
import { unknownArguments, withVariable } from './line/scope.ts';
import { isUnknown } from './line/texts.ts';
import type { LineReader, ReadCommand } from './line-reader.ts';
import type { Delegation } from './package-managers.ts';
import { promisesDestruction, promisesQuiet } from './script-names.ts';
import {
  destructive,
  harmless,
  mayReach,
  placedPath,
  worst,
  type CommandPlace,
  type Verdict,
} from './verdict.ts';

interface Following {
  readonly command: ReadCommand;
  readonly place: CommandPlace;
  readonly reader: LineReader;
}

/** Undefined where nothing tells: a task of a file that is not read, under a name that promises nothing. */
export function delegated(delegation: Delegation, following: Following): Verdict | undefined {
  switch (delegation.kind) {
    case 'tasks':
      return worstOf(delegation.names.map((name) => byPromise(name, 'task', following.command)));
    case 'scripts':
      return packageScripts(delegation, following);
    case 'targets':
      return worst(delegation.names.map((name) => targetOf(name, delegation, following)));
  }
}

function worstOf(verdicts: readonly (Verdict | undefined)[]): Verdict | undefined {
  const known = verdicts.filter((verdict) => verdict !== undefined);
  const found = worst(known);
  return known.length < verdicts.length && found.kind === 'harmless' ? undefined : found;
}

function byPromise(name: string, what: string, command: ReadCommand): Verdict | undefined {
  if (promisesDestruction(name)) return destructive(command, `a ${what} named ${name}`);
  return promisesQuiet(name) ? harmless : undefined;
}

type Scripts = Extract<Delegation, { readonly kind: 'scripts' }>;

function packageScripts(scripts: Scripts, { command, place, reader }: Following): Verdict {
  const folder = scripts.folder === null ? place.cwd : placedPath(scripts.folder, place);
  const there = { ...place, cwd: folder };
  const following = { command, place: there, reader };
  if (isUnknown(folder) || place.isContainer)
    return mayReach(command, 'nobody knows which package it means');
  const files = packageFiles(scripts, there);
  const found = files.flatMap((file) =>
    Object.keys(file.scripts)
      .filter((name) => scripts.names.some((one) => matchesSegment(one, name)))
      .map((name) => scriptOf(name, file, scripts.args, following)),
  );
  if (found.length > 0) return worst(found);
  return withoutScript(scripts, following);
}

function packageFiles({ packages }: Scripts, { cwd, facts }: CommandPlace): readonly PackageFile[] {
  const nearest = facts.packageFile(cwd);
  const own = nearest === null ? [] : [nearest];
  if (packages === null) return own;
  const all = facts.workspaces(cwd);
  const named = all.filter(({ name, folder }) =>
    packages.some((one) => one === name || `${folder}/`.endsWith(`/${one.replace(/^\.\//, '')}/`)),
  );
  // A filter may say more than a name.
  return [...own, ...(named.length > 0 ? named : all)];
}

function scriptOf(
  name: string,
  file: PackageFile,
  args: readonly string[],
  { command, place, reader }: Following,
): Verdict {
  const key = `${file.folder}\0${name}`;
  if (place.open.includes(key)) return harmless;
  const scope = Object.entries(file.variables).reduce(
    (now, [variable, value]) => withVariable(now, variable, { texts: [value], isExported: true }),
    place.scope,
  );
  const inside = { ...place, cwd: file.folder, scope, open: [...place.open, key] };
  const lines = [`pre${name}`, name, `post${name}`].flatMap((one) => {
    const line = file.scripts[one];
    if (line === undefined) return [];
    return one === name ? [[line, ...args.map(quoted)].join(' ')] : [line];
  });
  return namedLines(name, lines, { command, place: inside, reader });
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** No package has the script: npm fails then, and others run a program of that name. */
function withoutScript({ names, orWords }: Scripts, following: Following): Verdict {
  const { command, place } = following;
  const [asked = ''] = names;
  const unread = mayReach(command, 'its scripts are not read here');
  // Of `install` and its like nothing but the scripts counts.
  if (names.length > 1 && names.includes('postinstall'))
    return place.facts.readsProject ? harmless : unread;
  const program = instead(asked, orWords, following);
  if (program?.kind === 'destructive') return program;
  const promised = byPromise(asked, 'script', command);
  if (promised?.kind === 'destructive') return promised;
  if (program !== undefined) return program;
  if (!place.facts.readsProject || isUnknown(asked)) return promised ?? unread;
  return harmless;
}

/** What runs in place of a script that is not there; undefined where nothing does. */
function instead(
  asked: string,
  orWords: readonly string[],
  { command, place, reader }: Following,
): Verdict | undefined {
  const isServer = asked === 'start' && place.facts.exists(`${place.cwd}/server.js`);
  const words = isServer ? ['node', 'server.js'] : orWords;
  if (words.length === 0) return undefined;
  const verdict = reader.readWords({ ...command, words }, place);
  const runsNothing = command.words[0] === 'npm' && !isServer;
  return runsNothing && verdict.kind === 'may' ? undefined : verdict;
}

/** What the lines do; what its name promises where they do not tell. */
function namedLines(
  name: string,
  lines: readonly string[],
  { command, place, reader }: Following,
): Verdict {
  const verdict = worst(lines.map((line) => reader.readText(line, place, unknownArguments)));
  if (verdict.kind !== 'may' || !promisesDestruction(name)) return verdict;
  return worst([destructive(command, `a script named ${name}`), verdict]);
}

type Targets = Extract<Delegation, { readonly kind: 'targets' }>;

function targetOf(
  name: string | null,
  targets: Targets,
  { command, place, reader }: Following,
): Verdict {
  const folder = targets.folder === null ? place.cwd : placedPath(targets.folder, place);
  const promised = name === null ? undefined : byPromise(name, 'target', command);
  const unknown = promised ?? mayReach(command, 'its targets are not read here');
  if (isUnknown(`${folder}${name ?? ''}${targets.file ?? ''}`) || place.isContainer) return unknown;
  reader.spend();
  const { runner, file, variables } = targets;
  const key = `${runner}\0${folder}\0${file ?? ''}\0${name ?? ''}`;
  if (place.open.includes(key)) return harmless;
  const found = place.facts.target(runner, { folder, file, variables }, name);
  if (found === null) return unknown;
  if (found === 'missing') return promised ?? harmless;
  const inside = { ...place, cwd: folder, open: [...place.open, key] };
  return targetLines(name, found, targets, { command, place: inside, reader });
}

function targetLines(
  name: string | null,
  { commands, needs, isPartial }: ScriptLines,
  targets: Targets,
  following: Following,
): Verdict {
  const { command } = following;
  const here = { ...targets, folder: null };
  return worst([
    ...needs.map((one) => targetOf(one, here, following)),
    namedLines(name ?? '', commands, following),
    isPartial ? mayReach(command, 'its file has parts that are not read') : harmless,
  ]);
}
