import { deepStrictEqual, ok, strictEqual, throws } from 'node:assert/strict';
import fc from 'fast-check';
import {
  joinRel,
  nameFromBytes,
  nameToBytes,
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

describe('nameFromBytes', () => {
  it('keeps text as it is, and each byte that is no part of it', () => {
    const names: readonly [readonly number[], string][] = [
      [[0x61, 0xff, 0x62], 'a\udcffb'],
      [[0xc3, 0xa9, 0x80], 'é\udc80'],
      [[0xe2, 0x82, 0xac, 0xe2, 0x82], '€\udce2\udc82'],
      [[0xf0, 0x9f, 0xa6, 0x80, 0xff], '\u{1F980}\udcff'],
      [[0xc0, 0xaf], '\udcc0\udcaf'],
      [[0xe0, 0x9f, 0xbf], '\udce0\udc9f\udcbf'],
      [[0xed, 0xa0, 0x80], '\udced\udca0\udc80'],
      [[0xed, 0x9f, 0xbf, 0xff], '\ud7ff\udcff'],
      [[0xf4, 0x90, 0x80, 0x80], '\udcf4\udc90\udc80\udc80'],
      [[0xf4, 0x8f, 0xbf, 0xbf, 0xff], '\u{10FFFF}\udcff'],
      [[0xef, 0xbb, 0xbf, 0xff], '\ufeff\udcff'],
    ];
    for (const [bytes, name] of names) {
      strictEqual(nameFromBytes(Uint8Array.from(bytes)), name);
      deepStrictEqual([...nameToBytes(name)], bytes);
    }
  });

  it('is undone by nameToBytes, and knows as text what a decoder knows', () => {
    const text = fc.string({ unit: 'binary', maxLength: 6 }).map((part) => nameToBytes(part));
    const bytes = fc.oneof(text, fc.uint8Array({ maxLength: 6 }));
    fc.assert(
      fc.property(fc.array(bytes), (parts) => {
        const all = Buffer.concat(parts);
        const name = nameFromBytes(all);
        deepStrictEqual(Buffer.from(nameToBytes(name)), all);
        const plain = new TextDecoder('utf-8', { ignoreBOM: true }).decode(all);
        if (!plain.includes('\ufffd')) strictEqual(name, plain);
        else ok(!name.isWellFormed() || name === plain);
      }),
    );
  });

  it('takes a value of megabytes that is no text at all', () => {
    const bytes = new Uint8Array(16 * 1024 * 1024).fill(0xb5);
    const name = nameFromBytes(bytes);
    strictEqual(name.length, bytes.length);
    strictEqual(name.replaceAll('\udcb5', ''), '');
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
