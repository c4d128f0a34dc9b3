// `npm run screenshots`: plays the story of test/e2e and takes its pictures over into the README.
import { spawnSync } from 'node:child_process';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './setup.mjs';

/** Names in `test-results/screenshots` and in `media`. */
const pictures = { '6-together': 'readme-restore', '7-question': 'readme-question' };

const test = ['scripts/test.ts', 'build', 'e2e'];
const { status } = spawnSync(process.execPath, test, { cwd: root, stdio: 'inherit' });
process.exitCode = status ?? 1;
if (status === 0) {
  for (const [from, to] of Object.entries(pictures)) {
    for (const theme of ['dark', 'light']) {
      const picture = join(root, 'test-results', 'screenshots', `${from}-${theme}.png`);
      await copyFile(picture, join(root, 'media', `${to}-${theme}.png`));
    }
  }
}
