// Installs Debian's packages where that can be done unasked, whatever else uses apt at the moment.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

/** How `apt-get` is run; a test puts its own in place. */
export interface Apt {
  readonly command: string;
  /** Between two looks at a lock that another process holds. */
  readonly pauseMs: number;
}

const debianApt: Apt = { command: 'apt-get', pauseMs: 1_000 };
const waitLimitMs = 15 * 60_000;

/** Installs them on Debian as root; elsewhere, or where that fails, it leaves things as they are. */
export async function installPackages(packages: readonly string[]): Promise<void> {
  if (!isDebian() || process.getuid?.() !== 0) return;
  console.log(`Installing ${packages.join(' ')} by apt-get`);
  const install = ['install', '-y', '--no-install-recommends', ...packages];
  if ((await aptGet(install)) === null) return;
  // The package lists of a fresh machine are often empty or old.
  const failure = (await aptGet(['update'])) ?? (await aptGet(install));
  if (failure !== null) console.error(failure);
}

/**
 * What it said where it failed, else null. Waits while another process uses apt: apt's own
 * `DPkg::Lock::Timeout` does that for some of its locks only.
 */
export async function aptGet(
  args: readonly string[],
  { command, pauseMs }: Apt = debianApt,
): Promise<string | null> {
  const deadline = Date.now() + waitLimitMs;
  for (let told = false; ; told = true) {
    const failure = await runToEnd(command, ['-qq', ...args]);
    const isLocked = failure !== null && /Could not get lock|lock was locked by/.test(failure);
    if (!isLocked || Date.now() > deadline) return failure;
    if (!told) console.log('Waiting: another process is using apt');
    await delay(pauseMs);
  }
}

async function runToEnd(command: string, args: readonly string[]): Promise<string | null> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  const [said, code] = await Promise.all([text(child.stderr), ended]);
  return code === 0 ? null : said;
}

function isDebian(): boolean {
  if (!existsSync('/etc/os-release')) return false;
  return /^ID="?debian"?$/m.test(readFileSync('/etc/os-release', 'utf8'));
}
