import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aptGet } from '../../../scripts/apt.ts';
import { file, tree } from '../../support/tree.ts';

/** An `apt-get` that ends as these lines for sh say, one a call, and what it was called with. */
async function aptOf(...ends: readonly string[]) {
  const cases = ends.map((end, index) => `${index + 1}) ${end} ;;`).join('\n');
  const script = `#!/bin/sh
cd "$(dirname "$0")"
echo "$*" >>calls
case $(wc -l <calls | tr -d ' ') in
${cases}
esac
`;
  const folder = await tree({ apt: file(script, { mode: 0o755 }) });
  return {
    apt: { command: join(folder, 'apt'), pauseMs: 1 },
    calls: () => readFileSync(join(folder, 'calls'), 'utf8').trimEnd().split('\n'),
  };
}

function fails(said: string): string {
  return `echo '${said}' >&2; exit 100`;
}

describe('aptGet', () => {
  it('waits for whatever lock another process holds', async () => {
    // As Debian 12 says it: its own lock, that of the lists, that of dpkg.
    const { apt, calls } = await aptOf(
      fails('E: Could not get lock /var/cache/apt/archives/lock. It is held by process 20017'),
      fails('E: Could not get lock /var/lib/apt/lists/lock. It is held by process 20017 (apt-get)'),
      fails('dpkg: error: dpkg database lock was locked by another process with pid 19850'),
      'exit 0',
    );
    strictEqual(await aptGet(['install', 'a'], apt), null);
    deepStrictEqual(calls(), Array(4).fill('-qq install a'));
  });

  it('answers what it said where something else is wrong', async () => {
    const { apt, calls } = await aptOf(fails('E: Unable to locate package a'));
    strictEqual(await aptGet(['install', 'a'], apt), 'E: Unable to locate package a\n');
    strictEqual(calls().length, 1);
  });
});
