// Brings a fresh clone to where everything runs: the packages of package-lock.json, and Node 24
// from the package `node`, whatever Node started this. Plain JavaScript for Node 20, no packages.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './with-lock.mjs';

/** Absolute path of the project folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const isWindows = process.platform === 'win32';
const runtimePath = join(root, 'node_modules', 'node', 'bin', isWindows ? 'node.exe' : 'node');

/**
 * Installs what is missing or stale; safe to repeat and from two processes at once.
 * @returns {Promise<string>} path of the Node that everything else runs on
 */
export async function setUp() {
  if (isInstalled() && isRunnable(runtimePath)) return runtimePath;
  return withLock(
    join(root, '.cache', 'setup.lock'),
    'another process is installing the packages',
    async () => {
      if (!isInstalled()) {
        console.log('Installing the npm packages');
        await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
      }
      return isRunnable(runtimePath) ? runtimePath : await installRuntime();
    },
  );
}

/** The environment in which tools of node_modules and Node 24 come first. */
export function toolEnvironment(runtime) {
  const path = [dirname(runtime), join(root, 'node_modules', '.bin'), process.env.PATH];
  return { ...process.env, PATH: path.join(delimiter) };
}

/** Runs npm in `cwd`, its output below ours; rejects when it fails. */
export async function npm(args, { cwd = root, env = process.env, quiet = false } = {}) {
  // npm_execpath is the npm that started us, so that one machine never mixes two of them.
  const cli = process.env.npm_execpath;
  const isJavaScript = cli !== undefined && /npm-cli\.[cm]?js$/.test(cli);
  const [command, first] = isJavaScript ? [process.execPath, [cli]] : ['npm', []];
  const options = { cwd, env: { ...env, npm_config_update_notifier: 'false' } };
  const child = spawn(command, [...first, ...args], {
    ...options,
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    shell: isWindows && !isJavaScript,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => (output += text));
  }
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  if (code !== 0) {
    throw new Error(
      `npm ${args.join(' ')} failed in "${cwd}"${output === '' ? '' : `:\n${output}`}`,
    );
  }
}

/** True where every package that package-lock.json demands lies in node_modules in that version. */
function isInstalled() {
  const hidden = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = present[path];
    // Optional packages are those of other platforms.
    if (found === undefined) return entry.optional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

function isRunnable(path) {
  return existsSync(path) && spawnSync(path, ['--version'], { stdio: 'ignore' }).status === 0;
}

/** The only package whose install script is wanted: it puts the platform's Node in place. */
async function installRuntime() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const own = major > 22 || (major === 22 && minor >= 19) ? process.execPath : undefined;
  try {
    await npm(['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error'], { quiet: true });
  } catch (error) {
    if (own === undefined) throw error;
  }
  if (isRunnable(runtimePath)) return runtimePath;
  // The package has no binary for musl.
  if (own !== undefined) return own;
  throw new Error(
    `the package "node" has no binary that runs on this machine: install Node 22.19 or newer, found ${process.version}`,
  );
}
