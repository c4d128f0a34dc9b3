// `npm run package`: one `savepoint-<platform>-<version>.vsix` per platform, into the project folder.
// `-- --host` makes only this machine's, `-- --out DIR` puts them elsewhere. Everything is built and
// laid out in a temporary folder, so that neither `dist` nor the work tree changes.
import { spawnSync } from 'node:child_process';
import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { temporaryFolder } from './child-process.ts';
import { withOneLineErrors } from './one-line-errors.ts';
import { hostTarget, limitBytes, targets, type Target } from './package-targets.ts';
import { root } from './setup.mjs';
import { thirdPartyNotices } from './third-party-notices.ts';

interface Manifest {
  readonly version: string;
  readonly [key: string]: unknown;
}

const { values } = parseArgs({
  options: { host: { type: 'boolean', default: false }, out: { type: 'string', default: root } },
});

/** What is in the package as it lies here, `.vscodeignore` permitting. */
const copied = [
  '.vscodeignore',
  'LICENSE',
  'README.md',
  'CHANGELOG.md',
  'media',
  'savepoint.schema.json',
];

const folder = await temporaryFolder('package');
const stage = folder.path;
await withOneLineErrors(async () => {
  try {
    await packAll(values.host ? [hostTarget()] : targets);
  } finally {
    await folder.remove();
  }
});

async function packAll(wanted: readonly Target[]): Promise<void> {
  const out = resolve(values.out);
  await mkdir(out, { recursive: true });
  const version = await layOut();
  for (const target of wanted) {
    const vsix = join(out, `savepoint-${target.name}-${version}.vsix`);
    await pack(target, vsix);
    const { size } = await stat(vsix);
    console.log(`${vsix}  ${(size / 1024 ** 2).toFixed(2)} MB`);
    if (size > limitBytes) throw new Error(`"${vsix}" is larger than ${limitBytes} bytes`);
  }
}

/** Everything but the binary, which differs by platform; answers the version. */
async function layOut(): Promise<string> {
  run('node', ['esbuild.js', '--production', `--outdir=${join(stage, 'dist')}`], root);
  await rm(join(stage, 'dist', 'prebuilds'), { recursive: true });
  for (const name of copied) {
    await cp(join(root, name), join(stage, name), { recursive: true });
  }
  await writeFile(
    join(stage, 'THIRD-PARTY-NOTICES.txt'),
    await thirdPartyNotices(join(stage, 'dist', 'meta')),
  );
  await absolutePictures(join(stage, 'README.md'));
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest;
  // What builds and tests it is of no use where it runs.
  const left = new Set(['scripts', 'devDependencies', 'allowScripts']);
  const shipped = Object.fromEntries(Object.entries(manifest).filter(([key]) => !left.has(key)));
  await writeFile(join(stage, 'package.json'), `${JSON.stringify(shipped, undefined, 2)}\n`);
  return manifest.version;
}

/** vsce makes `src` absolute for the Marketplace, and leaves `srcset` as it is. */
async function absolutePictures(readme: string): Promise<void> {
  const { homepage } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest;
  const base = `${String(homepage).replace(/#.*/, '')}/raw/HEAD/media/`;
  const text = await readFile(readme, 'utf8');
  await writeFile(readme, text.replaceAll('srcset="media/', `srcset="${base}`));
}

async function pack({ name, prebuild }: Target, vsix: string): Promise<void> {
  const binary = join('dist', 'prebuilds', `${prebuild}.node`);
  const from = join(root, 'node_modules', 'better-sqlite3', 'prebuilds', `${prebuild}.node`);
  await cp(from, join(stage, binary));
  run('vsce', ['package', '--target', name, '--no-dependencies', '--out', vsix], stage);
  await rm(join(stage, binary));
}

function run(command: string, args: readonly string[], cwd: string): void {
  const shell = process.platform === 'win32';
  const { status, output } = spawnSync(command, args, { cwd, encoding: 'utf8', shell });
  if (status === 0) return;
  throw new Error(`${command} ${args.join(' ')} failed:\n${output.filter(Boolean).join('')}`);
}
