// Installs the real VS Code that tests and the demo run in: the server and web workbench that npm's
// package code-server carries. It is 600 MB and lives in the cache folder, not in node_modules.
// Built in a temporary folder and renamed at the end, so an interrupted install leaves nothing half.
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir } from './cache-dir.ts';
import { npm, setUp, toolEnvironment } from './setup.mjs';
import { withLock } from './with-lock.mjs';

const version = '4.139.1';
/** Raised when the steps below change, so that older installs are not taken for new ones. */
const recipe = 1;

/** The installed server's main script; installs it first where it is missing. */
export async function vscodeServer(): Promise<string> {
  const name = `vscode-${version}-${recipe}-${process.platform}-${process.arch}`;
  const target = join(cacheDir(), name);
  const main = serverFolder(target, 'out', 'server-main.js');
  if (existsSync(main)) return main;
  const reason = 'another process is installing VS Code';
  return withLock(join(cacheDir(), `${name}.lock`), reason, async () => {
    if (!existsSync(main)) await install(target);
    return main;
  });
}

async function install(target: string): Promise<void> {
  console.log(`Installing VS Code for the tests into "${target}" (600 MB, once)`);
  await removeLeftovers();
  const temporary = await mkdtemp(join(cacheDir(), 'installing-'));
  try {
    await writeFile(join(temporary, 'package.json'), '{ "private": true }\n');
    // Its own install script insists on one Node version and compiles what is not needed here.
    const quick = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const env = toolEnvironment(await setUp());
    const run = (cwd: string, args: readonly string[]): Promise<void> =>
      npm([...args, ...quick], { cwd, env, quiet: true });
    await run(temporary, ['install', `code-server@${version}`]);
    await run(serverFolder(temporary), ['install', '--omit=dev']);
    await buildLogger(serverFolder(temporary), env);
    await rename(temporary, target);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/**
 * Log channels write their files through spdlog, which has no prebuilt binary. Without a compiler
 * VS Code runs all the same and only says so in its own log.
 */
async function buildLogger(cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  const packages = ['@vscode/spdlog', '@vscode/native-watchdog'];
  try {
    const options = ['--ignore-scripts=false', '--loglevel=error'];
    await npm(['rebuild', ...packages, ...options], { cwd, env, quiet: true });
  } catch {
    console.log('No compiler found: VS Code runs without log files');
  }
}

function serverFolder(installed: string, ...rest: readonly string[]): string {
  return join(installed, 'node_modules', 'code-server', 'lib', 'vscode', ...rest);
}

/** What a killed install left; the lock is ours, so nobody else is at it. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(cacheDir())) {
    if (!name.startsWith('installing-')) continue;
    await rm(join(cacheDir(), name), { recursive: true, force: true });
  }
}
