import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { projectPath } from '../../../src/core/names.ts';
import { walkRoots } from '../../../src/engine/sources/files/file-walk.ts';
import {
  folderText,
  plainSignature,
  signaturesIn,
  withoutChangeTime,
} from '../../../src/engine/sources/files/walk-signatures.ts';
import { uncancelled } from '../../../src/engine/options.ts';
import { emptyIndex } from '../../../src/engine/store/live-index.ts';
import { liveOptions } from '../../support/live-databases.ts';
import { onDisk } from '../../support/paths.ts';
import { database } from '../../support/sqlite.ts';
import { symlink, tree } from '../../support/tree.ts';

function signatureAt(path: string): string {
  return plainSignature(fs.lstatSync(path, { bigint: true }));
}

describe('the text of a folder', () => {
  it('gives back the signatures of files and links by their names', async () => {
    const root = await tree({
      'two words\n': '1',
      'n\udcff': '2',
      link: symlink('/nowhere'),
      folder: {},
      'a.db': database('CREATE TABLE t (a)'),
    });
    const data = {
      path: projectPath('data'),
      absolutePath: onDisk(root),
      exclusion: () => undefined,
    };
    const roots = [{ ...data, mustParse: () => false }];
    const walk = await walkRoots(roots, emptyIndex, liveOptions().now, uncancelled);
    const [folder] = walk.roots;
    const children = folder?.kind === 'directory' ? folder.children : [];
    const signatures = signaturesIn(folderText(children));
    assert.deepEqual([...signatures.keys()].toSorted(), ['link', 'n\udcff', 'two words\n']);
    assert.equal(signatures.get('link'), signatureAt(join(root, 'link')));
    // These are young: with their marks they are not to be trusted.
    assert.deepEqual([...signaturesIn(folderText(children, true))], []);
  });
});

describe('the signature of a file', () => {
  it('is the same without its change time where nothing but that moved', async () => {
    const root = await tree({ one: '1' });
    const before = signatureAt(join(root, 'one'));
    fs.linkSync(join(root, 'one'), join(root, 'two'));
    const after = signatureAt(join(root, 'one'));
    assert.equal(withoutChangeTime(after), withoutChangeTime(before));
    fs.writeFileSync(join(root, 'one'), 'longer');
    assert.notEqual(withoutChangeTime(signatureAt(join(root, 'one'))), withoutChangeTime(before));
  });
});
