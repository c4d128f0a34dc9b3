// The programs that tests start beside what every machine has that can work on this project: asked for
// by the suite that starts them, and installed where that can be done unasked, as Chromium is.
// test/unit/needs.test.ts holds the suites against this table.

import { spawnSync } from 'node:child_process';
import { installPackages } from '../../scripts/apt.ts';

interface Program {
  /** Exits with 0 where the program is there. */
  readonly works: readonly [string, ...string[]];
  /** Debian's packages, with spaces between them. */
  readonly package: string;
}

export const programs = {
  alembic: { works: ['/usr/bin/python3', '-c', 'import alembic'], package: 'python3-alembic' },
  beet: { works: ['beet', 'version'], package: 'beets' },
  calibredb: { works: ['calibredb', '--version'], package: 'calibre' },
  django: { works: ['/usr/bin/python3', '-c', 'import django'], package: 'python3-django' },
  fish: { works: ['fish', '--version'], package: 'fish' },
  less: { works: ['less', '--version'], package: 'less' },
  mediawiki: {
    works: [
      'php',
      '-r',
      "exit(is_dir('/usr/share/mediawiki') && extension_loaded('pdo_sqlite') ? 0 : 1);",
    ],
    // One of the web servers that it depends on, which starts nothing, and PHP for it.
    package: 'mediawiki php-cli php-cgi php-sqlite3 micro-httpd',
  },
  rake: {
    works: ['ruby', '-e', "require 'rails'; require 'sqlite3'"],
    package: 'ruby-rails ruby-sqlite3 rake',
  },
  tmux: { works: ['tmux', '-V'], package: 'tmux' },
  vim: { works: ['vim', '--version'], package: 'vim' },
  zsh: { works: ['zsh', '--version'], package: 'zsh' },
  zstd: { works: ['zstd', '--version'], package: 'zstd' },
} as const satisfies Record<string, Program>;

export type ProgramName = keyof typeof programs;

/** In a `describe`: these programs are there before its first test, else it fails and says what to install. */
export function needs(...names: readonly ProgramName[]): void {
  before(`programs: ${names.join(', ')}`, async function () {
    // An installation may have to wait for another one.
    this.timeout(0);
    await provide(names);
  });
}

/**
 * Makes sure that these programs are there.
 * @throws Error one line that says what to install
 */
export async function provide(names: readonly ProgramName[]): Promise<void> {
  const missing = names.filter((name) => !isThere(programs[name]));
  if (missing.length === 0) return;
  await installPackages(missing.flatMap((name) => programs[name].package.split(' ')));
  const still = missing.filter((name) => !isThere(programs[name]));
  if (still.length === 0) return;
  const packages = still.map((name) => programs[name].package).join(' ');
  throw new Error(
    `${still.join(', ')} needed here: install it (on Debian: apt-get install ${packages})`,
  );
}

function isThere({ works: [program, ...args] }: Program): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}
