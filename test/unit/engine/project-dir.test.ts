import { strictEqual } from 'node:assert/strict';
import { join } from 'node:path';
import { findProjectDir } from '../../../src/engine/detect/project-dir.ts';
import { symlink, tree } from '../../support/tree.ts';

describe('findProjectDir', () => {
  it('is the nearest folder upwards with a savepoint.json', async () => {
    const root = await tree({ 'savepoint.json': '{}', 'a/savepoint.json': '{}', 'a/b/c/': {} });
    strictEqual(
      findProjectDir(join(root, 'a/b/c'), () => false),
      join(root, 'a'),
    );
  });

  it('is the nearest folder upwards with snapshots', async () => {
    const root = await tree({ 'savepoint.json': '{}', 'a/b/': {} });
    const hasSnapshots = (dir: string) => dir === join(root, 'a');
    strictEqual(findProjectDir(join(root, 'a/b'), hasSnapshots), join(root, 'a'));
  });

  it('is the current folder where none above has either', async () => {
    const root = await tree({ 'a/b/': {} });
    strictEqual(
      findProjectDir(join(root, 'a/b'), () => false),
      join(root, 'a/b'),
    );
  });

  it('goes up from where a link really leads, and stays with a folder that is gone', async () => {
    const root = await tree({ 'p/savepoint.json': '{}', 'p/x/': {}, link: symlink('p/x') });
    strictEqual(
      findProjectDir(join(root, 'link'), () => false),
      join(root, 'p'),
    );
    strictEqual(
      findProjectDir(join(root, 'gone'), () => false),
      join(root, 'gone'),
    );
  });
});
