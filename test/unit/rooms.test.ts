// The rooms of each layer, read from the imports as they are written: those of types count, for a room
// that only knows another one's types knows that room. The order of the engine's storeys stands here,
// and lint says the same while one types.
import { deepStrictEqual, notStrictEqual, ok } from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parse } from 'jsonc-parser';
import { root } from '../../scripts/setup.mjs';

/** From the ground up. A room imports what is below its storey, never what is beside or above. */
const storeys: readonly (readonly string[])[] = [
  ['options.ts', 'version.ts'],
  ['disk'],
  ['sqlite'],
  ['store'],
  ['sources', 'diff'],
  ['detect'],
  ['project', 'verify'],
  ['capture', 'config'],
  ['check'],
  ['coverage'],
  ['snapshot'],
  ['restore', 'guard', 'browse', 'status'],
  ['open-project.ts', 'run-role.ts'],
  ['index.ts', 'process-entry.ts'],
];

interface Edge {
  readonly from: string;
  readonly to: string;
}

/** Every import of one source by another, dynamic ones too, as paths from the root. */
function importsOf(layer: string): readonly Edge[] {
  return globSync(`src/${layer}/**/*.ts`, { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .flatMap((from) => {
      const text = readFileSync(join(root, from), 'utf8');
      const found = text.matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']+)'/g);
      return [...found].map(([, to = '']) => ({
        from,
        to: posix.normalize(posix.join(posix.dirname(from), to)),
      }));
    });
}

/** `src/engine/store/tar.ts` is in `store`; a file at the top of a layer is a room of its own. */
function roomOf(path: string): string {
  return path.split('/')[2] ?? '';
}

/** Rooms that lead back to themselves; each is named with those it shares the circle with. */
function circles(edges: readonly Edge[]): readonly string[] {
  const below = new Map<string, Set<string>>();
  for (const { from, to } of edges) {
    if (roomOf(from) === roomOf(to)) continue;
    below.set(roomOf(from), (below.get(roomOf(from)) ?? new Set()).add(roomOf(to)));
  }
  const reach = (start: string): Set<string> => {
    const seen = new Set<string>();
    const open = [...(below.get(start) ?? [])];
    for (let room = open.pop(); room !== undefined; room = open.pop()) {
      if (seen.has(room)) continue;
      seen.add(room);
      open.push(...(below.get(room) ?? []));
    }
    return seen;
  };
  return [...below.keys()].filter((room) => reach(room).has(room)).toSorted();
}

function within(layer: string): readonly Edge[] {
  return importsOf(layer).filter(({ to }) => to.startsWith(`src/${layer}/`));
}

describe('the rooms', () => {
  for (const layer of ['core', 'engine', 'cli', 'vscode']) {
    it(`of ${layer} have no circle, types included`, () => {
      notStrictEqual(within(layer).length, 0);
      deepStrictEqual(circles(within(layer)), []);
    });
  }

  it('a circle is found', () => {
    const edge = (from: string, to: string): Edge => ({
      from: `src/engine/${from}/a.ts`,
      to: `src/engine/${to}/b.ts`,
    });
    deepStrictEqual(circles([edge('a', 'b'), edge('b', 'c'), edge('c', 'a'), edge('c', 'd')]), [
      'a',
      'b',
      'c',
    ]);
  });

  it('of the engine import downwards only', () => {
    const storeyOf = (path: string): number =>
      storeys.findIndex((rooms) => rooms.includes(roomOf(path)));
    deepStrictEqual(
      importsOf('engine').filter(({ from }) => storeyOf(from) < 0),
      [],
    );
    deepStrictEqual(
      within('engine').filter(
        ({ from, to }) => roomOf(from) !== roomOf(to) && storeyOf(to) >= storeyOf(from),
      ),
      [],
    );
  });
});

interface LintConfig {
  readonly overrides: readonly {
    readonly files: readonly string[];
    readonly rules: Readonly<Record<string, unknown>>;
  }[];
}

/** What lint forbids in a room, as regular expressions. */
function forbiddenIn(room: string, { overrides }: LintConfig): readonly RegExp[] {
  const own = overrides.filter(({ files }) => files.includes(`src/engine/${room}/**`));
  return own.flatMap(({ rules }) => {
    const [, options] = rules['no-restricted-imports'] as [
      string,
      { readonly patterns: readonly { readonly regex: string }[] },
    ];
    return options.patterns.map(({ regex }) => new RegExp(regex));
  });
}

describe('lint', () => {
  const config = parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8')) as LintConfig;
  const rooms = storeys.flat().filter((room) => !room.endsWith('.ts'));

  for (const room of rooms) {
    it(`knows what ${room} may import`, () => {
      const storey = storeys.findIndex((names) => names.includes(room));
      const allowed = new Set(storeys.slice(0, storey).flat());
      const patterns = forbiddenIn(room, config);
      const isForbidden = (path: string): boolean => patterns.some((regex) => regex.test(path));
      for (const other of storeys.flat().filter((name) => name !== room)) {
        const path = other.endsWith('.ts') ? `../${other}` : `../${other}/x.ts`;
        ok(isForbidden(path) === !allowed.has(other), `${room} and ${path}`);
        ok(isForbidden(`../${path}`) === !allowed.has(other), `${room} and ../${path}`);
      }
      for (const path of [
        './x.ts',
        '../../core/config/x.ts',
        '../../core/snapshots/x.ts',
        'node:fs',
      ])
        ok(!isForbidden(path), `${room} and ${path}`);
      for (const path of ['../../cli/x.ts', '../../vscode/x.ts']) ok(isForbidden(path), path);
    });
  }
});
