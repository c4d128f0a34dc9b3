// Programs that some tests need beside Node: installed where that can be done unasked, as Chromium is.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/**
 * Makes sure that `works` exits with 0.
 * @throws Error one line that says what to install
 */
export function needs(works: readonly [string, ...string[]], ...packages: readonly string[]): void {
  const [program, ...args] = works;
  const isThere = (): boolean => spawnSync(program, args, { stdio: 'ignore' }).status === 0;
  if (isThere()) return;
  if (isDebian() && process.getuid?.() === 0) install(packages);
  if (isThere()) return;
  const names = packages.join(' ');
  throw new Error(`${program} is needed: install ${names} (on Debian: apt-get install ${names})`);
}

function isDebian(): boolean {
  if (!existsSync('/etc/os-release')) return false;
  return /^ID="?debian"?$/m.test(readFileSync('/etc/os-release', 'utf8'));
}

function install(packages: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: readonly string[]): boolean =>
    spawnSync('apt-get', ['-qq', ...args], { stdio: 'ignore', env }).status === 0;
  const all = ['install', '-y', '--no-install-recommends', ...packages];
  // The package lists of a fresh machine are often empty or old.
  if (!apt(...all) && apt('update')) apt(...all);
}
