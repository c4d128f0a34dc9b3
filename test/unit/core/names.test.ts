import { deepStrictEqual, strictEqual, throws } from 'node:assert/strict';
import {
  joinRel,
  ownerOfSidecar,
  parseProjectPath,
  projectFolder,
  projectPath,
  sidecarsOf,
} from '../../../src/core/names.ts';
import { snapshotRoots } from '../../../src/engine/store/snapshot-roots.ts';

describe('parseProjectPath', () => {
  it('answers the one form that documents and snapshots have', () => {
    const forms = {
      'data/app.db': 'data/app.db',
      './data//files/': 'data/files',
      'data/./x ': 'data/x ',
      '/srv/data/': '/srv/data',
      '/srv//data': '/srv/data',
      'C:/data/': 'C:/data',
      '//memory/sessions': '//memory/sessions',
    };
    for (const [text, path] of Object.entries(forms)) {
      strictEqual(parseProjectPath(text), path);
      strictEqual(parseProjectPath(path), path);
    }
  });

  it('refuses what leads out, and what is a whole project or disk', () => {
    for (const text of ['', '.', './', '..', '../x', 'a/../b', '/', '//', '/a/..', 'C:/', 'a\0b'])
      strictEqual(parseProjectPath(text), undefined, text);
    throws(() => projectPath('../x'), /^Error: no path of a project: "\.\.\/x"$/);
  });
});

describe('joinRel', () => {
  it('goes down from the project folder, a folder and the whole disk', () => {
    strictEqual(joinRel(projectFolder, 'data'), 'data');
    strictEqual(joinRel(projectPath('data'), 'x'), 'data/x');
    strictEqual(joinRel('/', 'srv'), '/srv');
  });
});

describe('sidecars', () => {
  it('lie beside their database, and tell whose they are', () => {
    const all = sidecarsOf('data/app.db');
    deepStrictEqual(all, ['data/app.db-wal', 'data/app.db-shm', 'data/app.db-journal']);
    for (const path of all) strictEqual(ownerOfSidecar(path), 'data/app.db');
    strictEqual(ownerOfSidecar('data/app.db'), undefined);
  });
});

describe('snapshotRoots', () => {
  it('takes the roots of a snapshot that a restore may write to, and no others', () => {
    const roots = ['data', '/srv/data', 'a/b'];
    deepStrictEqual(snapshotRoots([{ roots }, { roots: ['c'] }]), [...roots, 'c']);
    for (const bad of ['../elsewhere', 'data/../../x', '/', '', 'data/'])
      throws(() => snapshotRoots([{ roots: [bad] }]), { code: 'STORE_DAMAGED' }, bad);
  });
});
