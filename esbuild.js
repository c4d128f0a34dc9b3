// Bundles what ships: the extension, and the command line that is also the engine's process.
// `vscode` is external for the extension only: a green CLI bundle proves that the engine knows no editor.
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { context } from 'esbuild';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

const common = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22.19',
  minify: production,
  sourcemap: production ? false : 'linked',
  metafile: true,
  logLevel: 'info',
};

const bundles = [
  {
    name: 'extension',
    entryPoints: ['src/vscode/extension.ts'],
    outfile: 'dist/extension.js',
    external: ['vscode'],
  },
  {
    name: 'cli',
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/cli.js',
    banner: { js: '#!/usr/bin/env node' },
  },
];

await rm('dist', { recursive: true, force: true });
await mkdir('dist/meta', { recursive: true });
// The sources are ES modules, the bundles are not: VS Code requires the extension's entry.
await writeFile('dist/package.json', '{ "type": "commonjs" }\n');
await cp('node_modules/better-sqlite3/prebuilds', 'dist/prebuilds', { recursive: true });

for (const { name, ...options } of bundles) {
  const build = await context({ ...common, ...options });
  if (watch) {
    await build.watch();
    continue;
  }
  const { metafile } = await build.rebuild();
  await writeFile(`dist/meta/${name}.json`, JSON.stringify(metafile));
  await build.dispose();
}
