// The platforms that are packaged, by VS Code's names, and the SQLite binary that each one needs.
import { existsSync } from 'node:fs';

export interface Target {
  /** As `vsce --target` has it. */
  readonly name: string;
  /** File name without `.node` in better-sqlite3's `prebuilds`. */
  readonly prebuild: string;
}

/** Most a package may weigh. */
export const limitBytes = 2 * 1024 ** 2;

export const targets: readonly Target[] = ['x64', 'arm64'].flatMap((arch) => [
  { name: `linux-${arch}`, prebuild: `linux-${arch}` },
  { name: `alpine-${arch}`, prebuild: `linuxmusl-${arch}` },
  { name: `darwin-${arch}`, prebuild: `darwin-${arch}` },
  { name: `win32-${arch}`, prebuild: `win32-${arch}` },
]);

/** The one that runs here. */
export function hostTarget(): Target {
  const isAlpine = existsSync('/etc/alpine-release');
  const name = `${isAlpine ? 'alpine' : process.platform}-${process.arch}`;
  const found = targets.find((target) => target.name === name);
  if (found === undefined) throw new Error(`no package for ${name}`);
  return found;
}
