// Bundles what ships: the extension, and the command line that is also the engine's process.
// `vscode` is external for the extension only: a green CLI bundle proves that the engine knows no editor.
// Flags: --watch; --production (minified, no maps); --outdir=DIR instead of dist; --tests (also the
// tests that run inside VS Code, one bundle a scenario, into dist-test).
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { context } from 'esbuild';

const flags = process.argv.slice(2);
const production = flags.includes('--production');
const watch = flags.includes('--watch');
const tests = flags.includes('--tests');
const dist =
  flags.find((flag) => flag.startsWith('--outdir='))?.slice('--outdir='.length) ?? 'dist';

const common = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  // jsonc-parser's "main" is UMD, whose inner requires no bundler sees.
  mainFields: ['module', 'main'],
  target: 'node22.19',
  minify: production,
  sourcemap: production ? false : 'linked',
  metafile: true,
  logLevel: 'warning',
};

/** VS Code's own background task waits for these two lines. */
const watchMarks = {
  name: 'watch-marks',
  setup(build) {
    build.onStart(() => console.log('[watch] build started'));
    build.onEnd(() => console.log('[watch] build finished'));
  },
};

/** `savepoint mcp` alone needs the SDK: in a bundle of its own it costs the other commands nothing. */
const mcpSdkApart = {
  name: 'mcp-sdk-apart',
  setup(build) {
    build.onResolve({ filter: /\/mcp-sdk\.ts$/ }, ({ kind }) =>
      kind === 'entry-point' ? undefined : { path: './mcp.js', external: true },
    );
  },
};

const shipped = [
  {
    name: 'extension',
    entryPoints: ['src/vscode/extension.ts'],
    outfile: join(dist, 'extension.js'),
    external: ['vscode'],
  },
  {
    name: 'cli',
    entryPoints: ['src/cli/main.ts'],
    outfile: join(dist, 'cli.js'),
    banner: { js: '#!/usr/bin/env node' },
    plugins: [mcpSdkApart],
  },
  { name: 'mcp', entryPoints: ['src/cli/agents/mcp-sdk.ts'], outfile: join(dist, 'mcp.js') },
];

await mkdir(join(dist, 'meta'), { recursive: true });
// The sources are ES modules, the bundles are not: VS Code requires the extension's entry.
await writeFile(join(dist, 'package.json'), '{ "type": "commonjs" }\n');
await cp('node_modules/better-sqlite3/prebuilds', join(dist, 'prebuilds'), { recursive: true });

try {
  for (const bundle of [...shipped, ...(tests ? await testBundles() : [])]) await make(bundle);
} catch {
  // esbuild has told each error with its place already.
  process.exitCode = 1;
}

async function make({ name, plugins = [], ...options }) {
  const all = watch ? [...plugins, watchMarks] : plugins;
  const build = await context({ ...common, ...options, plugins: all });
  if (watch) return build.watch();
  try {
    const { metafile } = await build.rebuild();
    const isShipped = shipped.some((bundle) => bundle.name === name);
    if (isShipped) await writeFile(join(dist, 'meta', `${name}.json`), JSON.stringify(metafile));
  } finally {
    await build.dispose();
  }
}

/** `dist-test/<scenario>.js` exports `run`, which runs every `*.test.ts` of that folder. */
async function testBundles() {
  await mkdir('dist-test', { recursive: true });
  await writeFile('dist-test/package.json', '{ "type": "commonjs" }\n');
  const folders = await readdir('test/vscode', { withFileTypes: true });
  const scenarios = folders.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    scenarios.map(async (scenario) => {
      const files = await readdir(join('test/vscode', scenario), { recursive: true });
      const suites = files.filter((file) => file.endsWith('.test.ts')).toSorted();
      const loads = suites.map((file) => `require('./${file.replaceAll('\\', '/')}');`);
      const contents = `import { runTests } from '../../support/extension-test-run.ts';
        export const run = () => runTests(() => { ${loads.join(' ')} });`;
      return {
        name: scenario,
        stdin: {
          contents,
          resolveDir: join('test/vscode', scenario),
          sourcefile: 'suites.ts',
          loader: 'ts',
        },
        outfile: join('dist-test', `${scenario}.js`),
        external: ['vscode'],
        packages: 'external',
        minify: false,
        sourcemap: 'inline',
      };
    }),
  );
}
