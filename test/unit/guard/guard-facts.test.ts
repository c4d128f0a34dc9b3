// The matcher's questions, answered from a project on disk.

import { strictEqual } from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { testProject } from '../../support/project.ts';
import { database } from '../../support/sqlite.ts';

describe('what a command names', () => {
  it('is data by a link that leads to it too', async () => {
    const env = { real: { 'app.db': database(), 'a.txt': '' }, src: { 'a.ts': '' } };
    const { project, dir } = await testProject(env);
    symlinkSync('real', join(dir, 'state'));
    symlinkSync('src', join(dir, 'lib'));
    const isDestructive = async (command: string): Promise<boolean> =>
      (await project.matchCommand({ command })).destructive;
    strictEqual(await isDestructive('rm real/app.db'), true);
    strictEqual(await isDestructive('rm state/app.db'), true);
    strictEqual(await isDestructive('rm -rf state/'), true);
    strictEqual(await isDestructive('rm -rf lib/'), false);
  });
});
