import { match, strictEqual } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../scripts/child-process.ts';
import { root } from '../../scripts/setup.mjs';

describe('npm run demo', function () {
  this.timeout(120_000);

  it('plays the main job to its end, proves each step and leaves only the sample it names', async () => {
    const place = await temporaryFolder('demo');
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/demo.ts'], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, SAVEPOINT_CACHE: place.path },
    });
    match(
      stderr.replaceAll(/^! .*\n/gm, ''),
      /^savepoint: saved \S+, undo: savepoint restore \S+\n$/,
    );
    strictEqual(status, 0);
    const proofs = stdout
      .split('\n')
      .filter((line) => /^✓ (Every|visits|The|And|Nobody)/.test(line));
    strictEqual(proofs.length, 6);
    strictEqual(readdirSync(join(place.path, 'demo')).toSorted().join(), 'docs-hub,store');
    await place.remove();
  });
});
