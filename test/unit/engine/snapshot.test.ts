import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { database, rows, sqlite } from '../../support/sqlite.ts';
import { openProject } from '../../../src/engine/index.ts';
import { asUser, cannotActForOthers } from '../../support/as-user.ts';
import { needs } from '../../support/needs.ts';
import { quietCall, tempFolder, testProject, type TestProject } from '../../support/project.ts';
import { fifo, file, hardlink, readTree, sparse, symlink, type Tree } from '../../support/tree.ts';

/** Long enough ago that no signature is too young to be trusted. */
const longAgo = Date.parse('2026-01-01T00:00:00Z');

const seeded = `
  CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT);
  INSERT INTO notes (text) SELECT hex(randomblob(200)) FROM (
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT i FROM n
  );`;

/** A data directory named by savepoint.json, so that anything may lie in it. */
function withData(data: Tree): Tree {
  return { 'savepoint.json': '{ "dataDirs": [{ "path": "data" }] }', data };
}

async function take(at: TestProject, label?: string) {
  return await at.project.snapshot({ label }, quietCall);
}

/** Brings a snapshot to a fresh folder with nothing but the shell lines of docs/format.md. */
function recover(storePath: string, id: string): string {
  const text = fs.readFileSync(join(import.meta.dirname, '../../../docs/format.md'), 'utf8');
  const script = /<!-- recover -->\n```sh\n([^`]*)```/.exec(text)?.[1] ?? '';
  const out = join(tempFolder(), 'out');
  const path = join(tempFolder(), 'recover.sh');
  fs.writeFileSync(path, script);
  execFileSync('sh', [path, storePath, id, out], { stdio: ['ignore', 'inherit', 'inherit'] });
  return out;
}

function pages(path: string): Buffer {
  return fs.readFileSync(path);
}

describe('snapshot', () => {
  needs('zstd');

  it('tells what it holds and adds next to nothing where nothing changed', async () => {
    const at = await testProject(
      withData({ 'a.txt': file('one', { mtimeMs: longAgo }), 'notes.db': database(seeded) }),
    );
    const first = await take(at, 'first');
    const second = await take(at);
    assert.deepStrictEqual(
      [first.files, first.consistent, first.unchanged, first.databases[0]?.tables],
      [1, true, false, { notes: 5000 }],
    );
    assert.deepStrictEqual([second.unchanged, second.label, second.consistent], [true, null, true]);
    assert.ok(second.storedBytes < 5000, `stored ${second.storedBytes} bytes`);
  });

  it('grows the store by the changed pages of a database only', async () => {
    const at = await testProject(withData({ 'notes.db': database(seeded) }));
    const first = await take(at);
    const db = join(at.dir, 'data/notes.db');
    sqlite(db, 'UPDATE notes SET text = hex(randomblob(200)) WHERE id % 100 = 0');
    const second = await take(at);
    assert.ok(
      second.storedBytes < first.storedBytes / 20,
      `${second.storedBytes} of ${first.storedBytes} bytes for one row in a hundred`,
    );
  });

  it('is brought back by tar, zstd and the ten lines of docs/format.md alone', async () => {
    const data: Tree = {
      'plain.txt': 'text',
      'two words': {
        'line\nbreak': 'x',
        'quote\'"': 'y',
        'é e\u0301 🙂': 'z',
        'od\udcffd': 'bytes',
      },
      'empty folder': {},
      'empty file': '',
      link: symlink('plain.txt'),
      dangling: symlink('no where'),
      'large.bin': Buffer.alloc(3_000_001, 'savepoint'),
      'notes.db': database(seeded),
      'small.db': database('CREATE TABLE t (a)'),
    };
    const at = await testProject(withData(data));
    await take(at);
    sqlite(join(at.dir, 'data/notes.db'), 'UPDATE notes SET text = 1 WHERE id = 7');
    const { id } = await take(at);
    const out = recover(at.project.storePath, id);
    assert.deepStrictEqual(await readTree(join(out, 'data')), await readTree(join(at.dir, 'data')));
  });

  it('captures a database that its application left with a write-ahead log, and leaves that alone', async () => {
    const at = await testProject(
      withData({
        'notes.db': database('PRAGMA journal_mode=WAL; CREATE TABLE t (a)', {
          leftInWal: 'INSERT INTO t VALUES (1), (2)',
        }),
      }),
    );
    const before = await readTree(at.dir);
    const { databases } = await take(at);
    assert.deepStrictEqual([databases[0]?.tables, databases[0]?.journalMode], [{ t: 2 }, 'wal']);
    assert.deepStrictEqual(await readTree(at.dir), before);
  });

  it('names what cannot be captured and captures the rest', async () => {
    const at = await testProject(
      withData({
        'good.txt': 'x',
        pipe: fifo(),
        'zero.db': '',
        'torn.db': Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4096, 7)]),
        loop: symlink('loop'),
      }),
    );
    const taken = await take(at);
    assert.deepStrictEqual(taken.skipped, [{ path: 'data/pipe', reason: 'named pipe' }]);
    assert.deepStrictEqual(
      taken.databases.map(({ path, ok, state }) => ({ path, ok, state })),
      [{ path: 'data/torn.db', ok: false, state: 'damaged' }],
    );
    const out = recover(at.project.storePath, taken.id);
    const { pipe, ...rest } = await readTree(join(at.dir, 'data'));
    assert.ok(pipe);
    assert.deepStrictEqual(await readTree(join(out, 'data')), rest);
  });

  it('reads a file again whose size and times did not change, as long as they are young', async () => {
    const at = await testProject(withData({ 'a.txt': 'one' }));
    await take(at);
    const path = join(at.dir, 'data/a.txt');
    const { atime, mtime } = fs.statSync(path);
    fs.writeFileSync(path, 'two');
    fs.utimesSync(path, atime, mtime);
    const second = await take(at);
    assert.equal(second.unchanged, false);
    assert.equal(String(await at.project.readFile('latest', 'data/a.txt')), 'two');
  });

  it('keeps the names of one file as one file, and holes as holes cost nothing', async () => {
    const at = await testProject(
      withData({ 'a.txt': 'shared', 'b.txt': hardlink('a.txt'), 'holes.bin': sparse(8_000_000) }),
    );
    const taken = await take(at);
    assert.ok(taken.storedBytes < 20_000, `stored ${taken.storedBytes} bytes`);
    assert.deepStrictEqual(
      pages(join(recover(at.project.storePath, taken.id), 'data/b.txt')),
      Buffer.from('shared'),
    );
  });

  it('of an encrypted database with its log is of one moment, and so is one of an empty file with a journal', async () => {
    const noise = randomBytes(8192);
    const at = await testProject(
      withData({
        'enc.db': noise,
        'enc.db-wal': noise.subarray(0, 4000),
        'zero.db': '',
        'zero.db-journal': 'x',
      }),
    );
    const taken = await take(at);
    assert.deepStrictEqual([taken.consistent, taken.unsettled], [true, []]);
    const out = recover(at.project.storePath, taken.id);
    assert.deepStrictEqual(await readTree(join(out, 'data')), await readTree(join(at.dir, 'data')));
  });

  it('of a database that was overwritten has the file as it is, and is consistent', async () => {
    const at = await testProject(withData({ 'app.db': database(seeded), 'wal.db': database('') }));
    await take(at);
    fs.writeFileSync(join(at.dir, 'data/app.db'), 'overwritten');
    fs.writeFileSync(join(at.dir, 'data/wal.db'), 'too');
    fs.writeFileSync(join(at.dir, 'data/wal.db-wal'), 'log');
    const taken = await take(at);
    assert.deepStrictEqual([taken.consistent, taken.unsettled, taken.files], [true, [], 3]);
    const out = recover(at.project.storePath, taken.id);
    assert.deepStrictEqual(await readTree(join(out, 'data')), await readTree(join(at.dir, 'data')));
    assert.equal((await take(at)).unchanged, true);
  });

  it('never takes .git for data, whatever savepoint.json says, and tells why', async () => {
    for (const path of ['.git', '.git/modules']) {
      const at = await testProject({
        'savepoint.json': JSON.stringify({ dataDirs: [{ path }] }),
        '.git': { modules: { HEAD: 'x' } },
      });
      await assert.rejects(take(at), { code: 'NO_DATA_DIRECTORY', message: /never touched/ });
    }
  });

  it('is taken whole where the one before is damaged in the store', async () => {
    const big = randomBytes(2_000_000);
    const at = await testProject(
      withData({ 'a.bin': file(big, { mtimeMs: longAgo }), 'sub/a.txt': 'one' }),
    );
    const first = await take(at);
    fs.rmSync(join(at.project.storePath, 'packs', `${first.id}.tar`));
    const second = await take(at);
    assert.deepStrictEqual(await at.project.readFile(second.id, 'data/a.bin'), big);
    const pack = join(at.project.storePath, 'packs', `${second.id}.tar`);
    fs.writeFileSync(pack, Buffer.alloc(fs.statSync(pack).size));
    big.write('changed', 70_000);
    fs.writeFileSync(join(at.dir, 'data/a.bin'), big);
    fs.writeFileSync(join(at.dir, 'data/sub/a.txt'), 'two');
    const third = await take(at);
    assert.equal(third.consistent, true);
    assert.equal(String(await at.project.readFile(third.id, 'data/sub/a.txt')), 'two');
  });

  it('leaves nothing behind when it is cancelled', async () => {
    const at = await testProject(withData({ 'notes.db': database(seeded) }));
    const abort = new AbortController();
    const progress = { ...quietCall.progress, total: () => abort.abort() };
    await assert.rejects(at.project.snapshot({}, { signal: abort.signal, progress }), {
      name: 'AbortError',
    });
    assert.deepStrictEqual(await at.project.list(), []);
    assert.deepStrictEqual(fs.readdirSync(join(at.project.storePath, 'packs')), []);
    assert.deepStrictEqual(fs.readdirSync(join(at.project.storePath, 'tmp')), []);
  });

  it('reads a half-written JSON file of a known system again', async () => {
    const plan = 'projects/_default/alpha/main/gemini/pro/plan.json';
    const at = await testProject({
      data: {
        'docsfy.db': database(`
          CREATE TABLE projects (name, branch, generation_id); CREATE TABLE users (id);
          CREATE TABLE project_access (project_name); CREATE TABLE sessions (token)`),
        [plan]: '{ "pages": [',
      },
    });
    const path = join(at.dir, 'data', plan);
    // The application goes on writing once the half was read, too late for a second look right away.
    const finish = (): unknown => setTimeout(() => fs.writeFileSync(path, '{ "pages": [] }'), 5);
    const progress = { ...quietCall.progress, advance: finish };
    const { id, consistent } = await at.project.snapshot({}, { ...quietCall, progress });
    assert.equal(String(await at.project.readFile(id, `data/${plan}`)), '{ "pages": [] }');
    assert.equal(consistent, true);
  });

  for (const isFileFirst of [true, false]) {
    const order = isFileFirst ? 'the file first' : 'the row first';
    it(`is consistent while uploads come in all the time, ${order}`, async () => {
      const files = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`${i}.bin`, `${i}`]));
      const at = await testProject(
        withData({ 'app.db': database('CREATE TABLE upload (path)'), files }),
      );
      const data = join(at.dir, 'data');
      let count = 0;
      const upload = (): void => {
        count += 1;
        const path = `files/${count % 7 === 0 ? `day ${count}/` : ''}up-${count}.bin`;
        const insert = (): void =>
          sqlite(
            join(data, 'app.db'),
            `PRAGMA synchronous = OFF; INSERT INTO upload VALUES ('${path}')`,
          );
        if (!isFileFirst) insert();
        fs.mkdirSync(join(data, path, '..'), { recursive: true });
        fs.writeFileSync(join(data, path), `upload ${count}`);
        if (isFileFirst) insert();
      };
      // As many as are read: a round more would find as many again, and so on.
      const progress = { ...quietCall.progress, advance: upload };
      const taken = await at.project.snapshot({}, { ...quietCall, progress });
      assert.deepStrictEqual([taken.consistent, taken.unsettled], [true, []]);
      const out = join(recover(at.project.storePath, taken.id), 'data');
      const named = rows(join(out, 'app.db'), 'SELECT path FROM upload') as { path: string }[];
      assert.ok(count >= 40, `${count} uploads`);
      for (const { path } of named)
        assert.match(fs.readFileSync(join(out, path), 'utf8'), /^upload \d+$/);
    });
  }

  it('is taken again where a file went while others came', async () => {
    const at = await testProject(
      withData({ 'app.db': database('CREATE TABLE t (a)'), 'a.txt': 'a', 'b.txt': 'b' }),
    );
    let isDone = false;
    const replace = (): void => {
      if (isDone) return;
      isDone = true;
      fs.rmSync(join(at.dir, 'data/a.txt'));
      fs.writeFileSync(join(at.dir, 'data/c.txt'), 'c');
      sqlite(join(at.dir, 'data/app.db'), 'INSERT INTO t VALUES (1)');
    };
    const progress = { ...quietCall.progress, advance: replace };
    const taken = await at.project.snapshot({}, { ...quietCall, progress });
    const out = join(recover(at.project.storePath, taken.id), 'data');
    assert.deepStrictEqual(fs.readdirSync(out).toSorted(), ['app.db', 'b.txt', 'c.txt']);
    assert.deepStrictEqual(rows(join(out, 'app.db'), 'SELECT a FROM t'), [{ a: 1 }]);
    assert.equal(taken.consistent, true);
  });

  it('is refused in an untrusted workspace, which lists what was taken before', async () => {
    const at = await testProject(withData({ 'a.txt': 'x' }));
    const { id } = await take(at);
    const untrusted = await openProject({ ...at.options, trusted: false }, at.dir);
    await assert.rejects(untrusted.snapshot({}, quietCall), { code: 'UNTRUSTED' });
    assert.deepStrictEqual(
      (await untrusted.list()).map((entry) => entry.id),
      [id],
    );
  });

  it('before something is lost is taken in an untrusted workspace, by nothing that is configured there', async () => {
    const config = { dataDirs: [{ path: 'other' }], retention: { keepLast: 1 } };
    const at = await testProject({
      data: { 'app.db': database(), 'a.txt': 'x' },
      other: { 'b.txt': 'y' },
      'savepoint.json': JSON.stringify(config),
    });
    const { id: first } = await take(at);
    const untrusted = await openProject({ ...at.options, trusted: false }, at.dir);
    const { id } = await untrusted.guard({ command: 'Delete data' }, quietCall);
    assert.equal(String(await untrusted.readFile(id, 'data/a.txt')), 'x');
    const listed = await untrusted.list();
    assert.deepStrictEqual(
      listed.map((entry) => entry.id),
      [id, first],
    );
    const bytes = await untrusted.readFile(id, 'data/app.db');
    assert.equal(String(bytes.subarray(0, 15)), 'SQLite format 3');
  });

  it('makes no directory a saved one that it does not hold', async () => {
    const at = await testProject({ data: { 'n.db': database() }, storage: { 'm.db': database() } });
    const { createdAt } = await at.project.snapshot({ data: ['data'] }, quietCall);
    const expected = [createdAt, null];
    const saved = ({ dataDirs }: { dataDirs: readonly { savedAt?: string | null }[] }) =>
      dataDirs.map((dir) => dir.savedAt);
    assert.deepStrictEqual(saved(await at.project.detect(quietCall)), expected);
    assert.deepStrictEqual(saved((await at.project.status(quietCall)).detection), expected);
  });

  it('keeps a label as it is shown, without what only looks the same', async () => {
    const at = await testProject(withData({ 'a.txt': 'x' }));
    const { id, label } = await take(at, ' cafe\u0301 ');
    assert.equal(label, 'caf\u00e9');
    assert.equal((await at.project.rename(id, ' e\u0301 ')).label, '\u00e9');
  });

  if (cannotActForOthers() === undefined)
    it('of which nothing could be read is refused instead of saved as empty', async () => {
      const at = await testProject(withData({ 'a.txt': 'x' }));
      const user = 12_345;
      for (const path of [at.dir, at.storeDir, join(at.dir, 'data')])
        fs.chownSync(path, user, user);
      fs.chmodSync(join(at.dir, 'data'), 0o000);
      await asUser(user, async () => {
        await assert.rejects(take(at), { code: 'IO', message: /data: permission denied/ });
        assert.deepStrictEqual(await at.project.list(), []);
      });
    });

  it('refuses a project without data in one line', async () => {
    const at = await testProject({ 'main.ts': 'export {}' });
    await assert.rejects(take(at), { code: 'NO_DATA_DIRECTORY' });
  });

  it('lets two at once both end well', async () => {
    const at = await testProject(withData({ 'notes.db': database(seeded), 'a.txt': 'x' }));
    const taken = await Promise.all([take(at, 'one'), take(at, 'two')]);
    assert.equal(new Set(taken.map(({ id }) => id)).size, 2);
    assert.deepStrictEqual((await at.project.verify([], {}, quietCall)).damaged, []);
  });

  it('keeps folders 0700 and files 0600', async () => {
    const at = await testProject(withData({ 'a.txt': 'x' }));
    await take(at);
    const modes = fs
      .readdirSync(at.project.storePath, { recursive: true, withFileTypes: true })
      .map((entry) => {
        const mode = fs.statSync(join(entry.parentPath, entry.name)).mode & 0o777;
        return [entry.name, entry.isDirectory() ? mode === 0o700 : mode === 0o600];
      });
    assert.deepStrictEqual(
      modes.filter(([, right]) => right !== true),
      [],
    );
  });
});
