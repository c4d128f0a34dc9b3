// The layer rule, read from what the bundler saw: it sees dynamic imports and `require` as well,
// which a linter may miss. Imports of types alone are erased here; the linter knows those.
import { deepStrictEqual, notStrictEqual } from 'node:assert/strict';
import { build, type Metafile } from 'esbuild';

interface Edge {
  readonly from: string;
  readonly to: string;
}

/** Packages with one door each: what imports them, as a prefix of its path. */
const fences: Readonly<Record<string, string>> = {
  vscode: 'src/vscode/',
  'better-sqlite3': 'src/engine/sqlite/sqlite-driver.ts',
  tar: 'src/engine/store/tar.ts',
  unbash: 'src/engine/guard/parse-shell.ts',
};

/** What each layer may import of our own sources. */
const allowed: Readonly<Record<string, RegExp>> = {
  core: /^src\/core\//,
  engine: /^src\/(core|engine)\//,
  cli: /^src\/(core\/|cli\/|engine\/index\.ts$)/,
  vscode: /^src\/(core\/|vscode\/|engine\/index\.ts$)/,
};

function violation({ from, to }: Edge): string | undefined {
  const layer = /^src\/([^/]+)\//.exec(from)?.[1] ?? '';
  const rule = allowed[layer];
  if (rule === undefined) return `${from}: no layer of ours`;
  if (to.startsWith('src/')) return rule.test(to) ? undefined : `${from} imports ${to}: H1, H2`;
  if (layer === 'core' && to !== 'node:path/posix')
    return `${from} imports ${to}: core is pure, H1`;
  const fence = fences[to];
  if (fence !== undefined && !from.startsWith(fence)) return `${from} imports ${to}: H5`;
  return undefined;
}

function edges({ inputs }: Metafile): Edge[] {
  return Object.entries(inputs)
    .filter(([from]) => from.startsWith('src/'))
    .flatMap(([from, { imports }]) => imports.map((to) => ({ from, to: target(to) })));
}

/** A source file by its path, anything else by the name it was imported by. */
function target({ path, original }: Metafile['inputs'][string]['imports'][number]): string {
  return path.startsWith('src/') ? path : (original ?? path);
}

async function bundled(entry: string, external: string[]): Promise<Metafile> {
  const options = { bundle: true, write: false, metafile: true, logLevel: 'silent' } as const;
  const { metafile } = await build({
    ...options,
    entryPoints: [entry],
    external,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
  });
  return metafile;
}

describe('the layers', () => {
  it('the command line and the engine keep the rule, and need no editor', async () => {
    const found = edges(await bundled('src/cli/main.ts', []));
    notStrictEqual(found.length, 0);
    deepStrictEqual(found.map(violation).filter(Boolean), []);
  });

  it('the extension keeps the rule', async () => {
    const found = edges(await bundled('src/vscode/extension.ts', ['vscode']));
    notStrictEqual(found.length, 0);
    deepStrictEqual(found.map(violation).filter(Boolean), []);
  });

  it('no extension code brings SQLite, archives or hashing of data into the extension host', async () => {
    const { inputs } = await bundled('src/vscode/extension.ts', ['vscode']);
    const heavy = /node_modules\/(better-sqlite3|tar)\//;
    deepStrictEqual(
      Object.keys(inputs).filter((path) => heavy.test(path)),
      [],
    );
  });

  it('the rule sees each forbidden edge', () => {
    const forbidden: readonly [string, string][] = [
      ['src/core/a.ts', 'src/engine/b.ts'],
      ['src/core/a.ts', 'node:fs'],
      ['src/engine/a.ts', 'src/cli/b.ts'],
      ['src/engine/a.ts', 'src/vscode/b.ts'],
      ['src/engine/a.ts', 'vscode'],
      ['src/engine/a.ts', 'better-sqlite3'],
      ['src/engine/store/store.ts', 'tar'],
      ['src/cli/a.ts', 'src/engine/store/store.ts'],
      ['src/cli/a.ts', 'src/vscode/b.ts'],
      ['src/vscode/a.ts', 'src/engine/open-project.ts'],
      ['src/vscode/a.ts', 'src/cli/main.ts'],
    ];
    const seen = forbidden.filter(([from, to]) => violation({ from, to }) !== undefined);
    deepStrictEqual(seen, forbidden);
  });

  it('the rule lets each wanted edge be', () => {
    const wanted: readonly [string, string][] = [
      ['src/core/a.ts', 'src/core/b.ts'],
      ['src/core/a.ts', 'node:path/posix'],
      ['src/engine/a.ts', 'src/core/b.ts'],
      ['src/engine/sqlite/sqlite-driver.ts', 'better-sqlite3'],
      ['src/engine/store/tar.ts', 'tar'],
      ['src/cli/a.ts', 'src/engine/index.ts'],
      ['src/vscode/a.ts', 'vscode'],
      ['src/vscode/a.ts', 'src/core/b.ts'],
    ];
    deepStrictEqual(wanted.map(([from, to]) => violation({ from, to })).filter(Boolean), []);
  });
});
