import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { openProject } from '../../../src/engine/index.ts';
import { cannotActForOthers } from '../../support/as-user.ts';
import { quietCall, testProject, type TestProject } from '../../support/project.ts';
import { database, sqlite } from '../../support/sqlite.ts';
import { writeTree, type Tree } from '../../support/tree.ts';

/** Bytes that do not compress, the same for the same seed. */
function noise(seed: number, bytes: number): Buffer {
  return createHash('shake256', { outputLength: bytes }).update(String(seed)).digest();
}

function withData(data: Tree): Tree {
  return { 'savepoint.json': '{ "dataDirs": [{ "path": "data" }] }', data };
}

async function take(at: TestProject, label?: string, pin = false) {
  return await at.project.snapshot({ label, pin }, quietCall);
}

function packs(at: TestProject): string[] {
  return fs.readdirSync(join(at.project.storePath, 'packs')).toSorted();
}

async function content(at: TestProject, snapshot: string, path: string): Promise<string> {
  return String(await at.project.readFile(snapshot, path));
}

describe('delete', () => {
  it('gives the space back and leaves every other snapshot whole', async () => {
    const at = await testProject(withData({ 'a.txt': 'kept', 'b.bin': noise(1, 200_000) }));
    const first = await take(at);
    fs.writeFileSync(join(at.dir, 'data/b.bin'), noise(2, 200_000));
    const second = await take(at);
    fs.rmSync(join(at.dir, 'data/b.bin'));
    const third = await take(at);
    await at.project.delete([second.id]);
    assert.deepStrictEqual(
      (await at.project.list()).map(({ id }) => id),
      [third.id, first.id],
    );
    assert.equal(
      packs(at).some((name) => name.startsWith(second.id)),
      false,
    );
    assert.deepStrictEqual((await at.project.verify([], {}, quietCall)).damaged, []);
    assert.deepStrictEqual(await at.project.readFile(first.id, 'data/b.bin'), noise(1, 200_000));
  });

  it('rewrites a pack of which little is left, and what is left still verifies', async () => {
    const at = await testProject(
      withData({ 'a.txt': 'kept '.repeat(500), 'b.bin': noise(1, 400_000) }),
    );
    const first = await take(at);
    fs.rmSync(join(at.dir, 'data/b.bin'));
    const second = await take(at);
    const before = (await at.project.storeSize()).bytes;
    await at.project.delete([first.id]);
    assert.ok((await at.project.storeSize()).bytes < before - 300_000);
    assert.equal(await content(at, second.id, 'data/a.txt'), 'kept '.repeat(500));
    assert.deepStrictEqual((await at.project.verify([], {}, quietCall)).damaged, []);
  });

  it('of the newest makes the next snapshot read again what is no longer stored', async () => {
    const at = await testProject(withData({ 'a.bin': noise(3, 5000), 'n.db': database() }));
    const { id } = await take(at);
    await at.project.delete([id]);
    const again = await take(at);
    assert.deepStrictEqual(await at.project.readFile(again.id, 'data/a.bin'), noise(3, 5000));
    assert.deepStrictEqual((await at.project.verify([], { deep: true }, quietCall)).damaged, []);
  });

  it('of a database that others are deltas against keeps them readable', async () => {
    const at = await testProject(
      withData({
        'n.db': database('CREATE TABLE t (a); INSERT INTO t VALUES (randomblob(500000))'),
      }),
    );
    const first = await take(at);
    sqlite(join(at.dir, 'data/n.db'), 'CREATE TABLE more (b); INSERT INTO more VALUES (1)');
    const second = await take(at);
    assert.ok(second.storedBytes < 100_000);
    await at.project.delete([first.id]);
    assert.deepStrictEqual((await at.project.verify([], { deep: true }, quietCall)).damaged, []);
    assert.deepStrictEqual(
      (await at.project.tables(second.id, 'data/n.db')).map(({ name }) => name),
      ['more', 't'],
    );
  });
});

describe('a lost catalog', () => {
  it('is made anew from packs and log: labels and pins are back, deleted snapshots are not', async () => {
    const at = await testProject(withData({ 'a.txt': 'one', 'n.db': database() }));
    const first = await take(at, 'first');
    await writeTree(at.dir, { data: { 'a.txt': 'two' } });
    const second = await take(at, 'second', false);
    const third = await take(at, 'third');
    await at.project.rename(first.id, 'renamed');
    await at.project.pin([second.id], true);
    await at.project.delete([third.id]);
    const before = await at.project.list();
    fs.rmSync(join(at.project.storePath, 'catalog.db'));
    await at.project.verify([], {}, quietCall);
    const facts = ({ id, label, pinned, files }: (typeof before)[number]) => ({
      id,
      label,
      pinned,
      files,
    });
    assert.deepStrictEqual((await at.project.list()).map(facts), before.map(facts));
    assert.equal(await content(at, 'renamed', 'data/a.txt'), 'one');
  });

  it('that is damaged is set aside by verify and made anew', async () => {
    const at = await testProject(withData({ 'a.txt': 'one' }));
    const { id } = await take(at, 'first');
    const catalog = join(at.project.storePath, 'catalog.db');
    fs.writeFileSync(catalog, Buffer.alloc(8192, 1));
    await assert.rejects(at.project.list(), { code: 'STORE_DAMAGED' });
    await at.project.verify([], {}, quietCall);
    assert.deepStrictEqual(
      (await at.project.list()).map((entry) => entry.id),
      [id],
    );
  });
});

describe('packs that the catalog does not know', () => {
  /** Three snapshots, the first pinned when it was taken; and what they were. */
  async function three(): Promise<{ at: TestProject; ids: string[]; catalog: string }> {
    const at = await testProject(
      withData({ 'a.bin': noise(1, 90_000), 'a.txt': 'z'.repeat(5000) }),
    );
    const ids = [(await take(at, 'one', true)).id];
    for (const seed of [2, 3]) {
      fs.writeFileSync(join(at.dir, 'data/a.bin'), noise(seed, 90_000));
      ids.push((await take(at, `label ${seed}`)).id);
    }
    return { at, ids, catalog: join(at.project.storePath, 'catalog.db') };
  }

  async function assertAllThere(at: TestProject, ids: readonly string[]): Promise<void> {
    const listed = (await at.project.list()).map(({ id }) => id);
    assert.deepStrictEqual(listed.slice(-ids.length).toReversed(), ids);
    for (const [i, id] of ids.entries())
      assert.deepStrictEqual(await at.project.readFile(id, 'data/a.bin'), noise(i + 1, 90_000));
    assert.deepStrictEqual((await at.project.verify([], {}, quietCall)).damaged, []);
  }

  it('are entered where the catalog is an empty file, and none is deleted', async () => {
    const { at, ids, catalog } = await three();
    fs.truncateSync(catalog);
    await assert.rejects(at.project.list(), { code: 'STORE_DAMAGED' });
    await take(at);
    await assertAllThere(at, ids);
    assert.equal((await at.project.resolve('one')).pinned, true);
  });

  it('are told, not taken for an empty list, where the catalog is gone', async () => {
    const { at, ids, catalog } = await three();
    fs.rmSync(catalog);
    await assert.rejects(at.project.list(), { code: 'STORE_DAMAGED' });
    await at.project.verify([], {}, quietCall);
    await assertAllThere(at, ids);
  });

  it('are entered where the catalog is an older copy, and what was deleted since stays deleted', async () => {
    const { at, ids, catalog } = await three();
    const [one = '', two = '', third = ''] = ids;
    const older = fs.readFileSync(catalog);
    fs.writeFileSync(join(at.dir, 'data/a.bin'), noise(4, 90_000));
    const fourth = await take(at, 'fourth');
    await at.project.rename(two, 'renamed');
    await at.project.delete([one]);
    fs.writeFileSync(catalog, older);
    const fifth = await take(at, 'fifth');
    assert.deepStrictEqual(
      (await at.project.list()).map(({ id, label }) => [id, label]),
      [
        [fifth.id, 'fifth'],
        [fourth.id, 'fourth'],
        [third, 'label 3'],
        [two, 'renamed'],
      ],
    );
    assert.deepStrictEqual((await at.project.verify([], {}, quietCall)).damaged, []);
    assert.deepStrictEqual(await at.project.readFile('fourth', 'data/a.bin'), noise(4, 90_000));
  });

  it('are entered as far as they are sound, and a cancelled call loses none of them', async () => {
    const { at, ids, catalog } = await three();
    const [one = '', two = ''] = ids;
    const path = join(at.project.storePath, 'packs', `${one}.tar`);
    const pack = fs.readFileSync(path);
    // The first zstd frame: what it holds can no longer be decompressed.
    pack.fill(0xff, pack.indexOf(Buffer.from('28b52ffd', 'hex')) + 4, undefined);
    fs.writeFileSync(path, pack.subarray(0, -1024));
    fs.rmSync(catalog);
    const cancelled = { ...quietCall, signal: AbortSignal.abort() };
    await assert.rejects(at.project.verify([], {}, cancelled));
    await take(at);
    assert.deepStrictEqual(await at.project.readFile(two, 'data/a.bin'), noise(2, 90_000));
    assert.deepStrictEqual(
      (await at.project.verify([], {}, quietCall)).damaged.filter(
        ({ id, repaired }) => id !== one && !repaired,
      ),
      [],
    );
  });

  it('may also be gone: what was in them is stored again by the next snapshot', async () => {
    const { at, ids } = await three();
    fs.rmSync(join(at.project.storePath, 'packs', `${ids[2]}.tar`));
    const next = await take(at);
    assert.deepStrictEqual(await at.project.readFile(next.id, 'data/a.bin'), noise(3, 90_000));
    assert.deepStrictEqual((await at.project.verify([next.id], {}, quietCall)).damaged, []);
    fs.writeFileSync(join(at.dir, 'data/a.bin'), noise(5, 90_000));
    await at.project.delete([next.id]);
    assert.deepStrictEqual(await at.project.readFile('one', 'data/a.bin'), noise(1, 90_000));
  });
});

describe('verify', () => {
  it('names the snapshots and paths that a damaged pack takes with it', async () => {
    const at = await testProject(
      withData({ 'a.bin': noise(5, 50_000), 'b.bin': noise(6, 50_000) }),
    );
    const { id } = await take(at);
    const pack = join(at.project.storePath, 'packs', `${id}.tar`);
    const bytes = fs.readFileSync(pack);
    const hit = bytes.indexOf(noise(5, 50_000).subarray(0, 64));
    bytes.write('damage', hit + 100);
    fs.writeFileSync(pack, bytes);
    fs.rmSync(join(at.dir, 'data/a.bin'));
    const { damaged } = await at.project.verify([], {}, quietCall);
    assert.deepStrictEqual(
      damaged.map((one) => ({ id: one.id, path: one.path, repaired: one.repaired })),
      [{ id, path: 'data/a.bin', repaired: false }],
    );
    assert.equal((await at.project.resolve(id)).damaged, true);
    await assert.rejects(at.project.readFile(id, 'data/a.bin'), { code: 'STORE_DAMAGED' });
    assert.deepStrictEqual(await at.project.readFile(id, 'data/b.bin'), noise(6, 50_000));
  });

  it('no longer believes in what is damaged, so that the next snapshot of it heals the others', async () => {
    const at = await testProject(
      withData({
        'n.db': database('CREATE TABLE t (a); INSERT INTO t VALUES (randomblob(300000))'),
      }),
    );
    const { id } = await take(at);
    const pack = join(at.project.storePath, 'packs', `${id}.tar`);
    const bytes = fs.readFileSync(pack);
    bytes.write('damage', 150_000);
    fs.writeFileSync(pack, bytes);
    assert.equal((await at.project.verify([], {}, quietCall)).damaged.length, 1);
    await take(at);
    assert.deepStrictEqual((await at.project.verify([], { deep: true }, quietCall)).damaged, []);
    assert.equal((await at.project.resolve(id)).damaged, false);
  });

  it('repairs from live data that still has the content', async () => {
    const at = await testProject(withData({ 'a.bin': noise(5, 50_000) }));
    const { id } = await take(at);
    const pack = join(at.project.storePath, 'packs', `${id}.tar`);
    const bytes = fs.readFileSync(pack);
    bytes.write('damage', bytes.indexOf(noise(5, 50_000).subarray(0, 64)) + 100);
    fs.writeFileSync(pack, bytes);
    const { damaged } = await at.project.verify([], {}, quietCall);
    assert.deepStrictEqual(
      damaged.map(({ repaired }) => repaired),
      [true],
    );
    assert.deepStrictEqual((await at.project.verify([], {}, quietCall)).damaged, []);
    assert.deepStrictEqual(await at.project.readFile(id, 'data/a.bin'), noise(5, 50_000));
  });
});

describe('a store', () => {
  it('written by a newer program is listed where it may be read, and never written', async () => {
    const at = await testProject(withData({ 'a.txt': 'one' }));
    const { id } = await take(at);
    const db = new BetterSqlite3(join(at.project.storePath, 'catalog.db'));
    db.exec("UPDATE meta SET value = '2' WHERE key = 'writable_from'");
    assert.deepStrictEqual(
      (await at.project.list()).map((entry) => entry.id),
      [id],
    );
    await assert.rejects(take(at), { code: 'STORE_NEWER' });
    db.exec("UPDATE meta SET value = '2' WHERE key = 'readable_from'");
    db.close();
    await assert.rejects(at.project.list(), { code: 'STORE_NEWER' });
  });

  it('that cannot be read is told by its error in the status, which has the data all the same', async () => {
    const at = await testProject(withData({ 'a.txt': 'one' }));
    await take(at);
    const sound = await at.project.status(quietCall);
    assert.deepStrictEqual([sound.store.problem, sound.store.problemCode], [null, null]);
    const db = new BetterSqlite3(join(at.project.storePath, 'catalog.db'));
    db.exec("UPDATE meta SET value = '2' WHERE key = 'readable_from'");
    db.close();
    const { store, detection } = await at.project.status(quietCall);
    assert.strictEqual(store.problemCode, 'STORE_NEWER');
    assert.match(store.problem ?? '', /newer/);
    assert.strictEqual(detection.dataDirs.length, 1);
  });

  if (cannotActForOthers() === undefined) {
    const sudo = { SUDO_UID: '12345', SUDO_GID: '12345', HOME: '/nowhere' };

    it('belongs to the user who called sudo, whatever root writes into it', async () => {
      const at = await testProject(withData({ 'a.txt': 'one' }), { env: sudo });
      await take(at);
      const owners = fs
        .readdirSync(at.storeDir, { recursive: true, withFileTypes: true })
        .map((entry) => fs.lstatSync(join(entry.parentPath, entry.name)).uid);
      assert.deepStrictEqual([...new Set(owners)], [12_345]);
    });

    it('of somebody else is refused under sudo', async () => {
      const at = await testProject(withData({ 'a.txt': 'one' }));
      await take(at);
      fs.chownSync(at.project.storePath, 54_321, 54_321);
      const project = await openProject({ ...at.options, env: sudo }, at.dir);
      await assert.rejects(project.snapshot({}, quietCall), { code: 'STORE_FOREIGN' });
    });
  }

  it('of a project that was moved comes with it', async () => {
    const at = await testProject(withData({ 'a.txt': 'one' }));
    const { id } = await take(at);
    const moved = `${at.dir}-moved`;
    fs.renameSync(at.dir, moved);
    try {
      const project = await openProject(at.options, moved);
      assert.deepStrictEqual(
        (await project.list()).map((entry) => entry.id),
        [id],
      );
      const next = await project.snapshot({}, quietCall);
      assert.equal(next.unchanged, true);
    } finally {
      fs.renameSync(moved, at.dir);
    }
  });

  it('does not follow a project into another folder that has the same inode', async () => {
    const at = await testProject(withData({ 'a.txt': 'one' }));
    await take(at);
    const place = join(at.project.storePath, 'project.json');
    const record = JSON.parse(fs.readFileSync(place, 'utf8')) as Record<string, unknown>;
    fs.writeFileSync(place, JSON.stringify({ ...record, path: `${at.dir}-gone`, born: '1' }));
    const other = `${at.dir}-other`;
    fs.renameSync(at.dir, other);
    try {
      assert.deepStrictEqual(await (await openProject(at.options, other)).list(), []);
    } finally {
      fs.renameSync(other, at.dir);
    }
  });

  it('may have other files beside its projects', async () => {
    const at = await testProject(withData({ 'a.txt': 'one' }));
    fs.writeFileSync(join(at.storeDir, '.DS_Store'), 'x');
    assert.deepStrictEqual(await at.project.list(), []);
    const { id } = await take(at);
    assert.equal((await at.project.list())[0]?.id, id);
  });

  it('that cannot be a folder is refused in one line', async () => {
    for (const storeDir of ['/dev/null', '/proc/savepoint/store']) {
      const at = await testProject(withData({ 'a.txt': 'one' }), { storeDir });
      assert.deepStrictEqual(await at.project.list(), []);
      await assert.rejects(take(at), { code: 'STORE_READ_ONLY' });
    }
  });

  it('whose project.json is damaged works on, and so do the projects beside it', async () => {
    const at = await testProject(withData({ 'a.txt': 'one' }));
    const { id } = await take(at);
    const place = join(at.project.storePath, 'project.json');
    for (const text of ['null', '{', '[]', '5', JSON.stringify({ path: at.dir, allowed: 'x' })]) {
      fs.writeFileSync(place, text);
      const other = await testProject(withData({ 'a.txt': 'two' }), { storeDir: at.storeDir });
      await take(other);
      const project = await openProject(at.options, at.dir);
      assert.equal((await project.list()).at(-1)?.id, id);
      await project.snapshot({}, quietCall);
    }
  });

  it('drops half-written packs, and temporary folders of the dead, at the next write', async () => {
    const at = await testProject(withData({ 'a.txt': 'one' }));
    const { id } = await take(at);
    const { storePath } = at.project;
    fs.writeFileSync(join(storePath, 'packs', 'x.tar.part'), 'half');
    fs.mkdirSync(join(storePath, 'tmp', 'writer-1-abc'), { recursive: true });
    const second = await take(at);
    assert.deepStrictEqual(packs(at), [`${id}.tar`, `${second.id}.tar`].toSorted());
    assert.deepStrictEqual(fs.readdirSync(join(storePath, 'tmp')), []);
  });
});

describe('retention', () => {
  it('keeps the last ones of each reason, pinned ones and the newest', async () => {
    const at = await testProject({
      'savepoint.json': '{ "dataDirs": [{ "path": "data" }], "retention": { "keepLast": 2 } }',
      data: { 'a.txt': 'one' },
    });
    const first = await take(at, 'pinned', true);
    const second = await take(at);
    const third = await take(at);
    const fourth = await take(at);
    assert.deepStrictEqual(fourth.pruned, [second.id]);
    assert.deepStrictEqual(
      (await at.project.list()).map(({ id }) => id),
      [fourth.id, third.id, first.id],
    );
  });
});

describe('a snapshot that is named by its whole id', () => {
  it('is found without reading what is written of the others', async () => {
    const at = await testProject(withData({ 'a.txt': 'one' }));
    const first = await take(at);
    fs.writeFileSync(join(at.dir, 'data/a.txt'), 'two');
    const second = await take(at, 'two');
    sqlite(
      join(at.project.storePath, 'catalog.db'),
      `UPDATE snapshots SET entry = 'no JSON', manifest = 'no JSON' WHERE id = '${second.id}'`,
    );
    await assert.rejects(at.project.resolve('two'), SyntaxError);
    const [stamp = '', suffix = ''] = first.id.split('-');
    for (const id of [first.id, `${stamp.toLowerCase()}-${suffix.toUpperCase()}`]) {
      assert.equal((await at.project.resolve(id)).id, first.id);
      assert.equal((await at.project.show(id)).id, first.id);
    }
    assert.equal(await content(at, first.id, 'data/a.txt'), 'one');
    await at.project.pin([first.id], true);
    assert.equal((await at.project.resolve(first.id)).pinned, true);
  });
});
