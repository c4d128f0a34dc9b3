import { deepStrictEqual, throws } from 'node:assert/strict';
import { browseTree } from '../../../src/engine/browse/browse-tree.ts';
import { database, file, folder, memoryTrees, symlink } from '../../support/memory-trees.ts';

describe('browseTree', () => {
  const { reader, tree } = memoryTrees({
    data: folder({
      'a.txt': file('12', { mtimeNs: 1_700_000_000_123_456_789n }),
      'app.db': database('1234'),
      deep: folder(),
      link: symlink('a.txt'),
    }),
  });

  it('answers the entries of a folder in order, the project folder by an empty path', () => {
    deepStrictEqual(browseTree(reader, tree, ''), [
      { name: 'data', kind: 'directory', bytes: 0, mtimeMs: 0 },
    ]);
    deepStrictEqual(browseTree(reader, tree, 'data/'), [
      { name: 'a.txt', kind: 'file', bytes: 2, mtimeMs: 1_700_000_000_123 },
      { name: 'app.db', kind: 'database', bytes: 4, mtimeMs: 0 },
      { name: 'deep', kind: 'directory', bytes: 0, mtimeMs: 0 },
      { name: 'link', kind: 'symlink', bytes: 0, mtimeMs: 0 },
    ]);
    deepStrictEqual(browseTree(reader, tree, 'data/deep'), []);
  });

  it('refuses a path that is not there, is no folder or leads outside', () => {
    for (const path of [
      'nope',
      'data/a.txt',
      'data/link',
      'data/app.db',
      '..',
      'data/..',
      '/data',
    ]) {
      throws(() => browseTree(reader, tree, path), { code: 'PATH_NOT_IN_SNAPSHOT', path });
    }
  });
});
