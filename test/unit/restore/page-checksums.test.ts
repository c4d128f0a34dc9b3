import { deepStrictEqual, equal, rejects } from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { startApplication } from '../../support/application.ts';
import { quietCall, testProject, type TestProject } from '../../support/project.ts';
import { sqlite } from '../../support/sqlite.ts';

const log = `CREATE TABLE entry(id INTEGER PRIMARY KEY, text);
  WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 900)
  INSERT INTO entry SELECT x, hex(randomblob(40)) FROM n;
  CREATE TABLE other(id)`;

describe('a database whose pages carry checksums', () => {
  for (const journalMode of ['delete', 'wal'] as const) {
    it(`comes back with right ones, journal mode ${journalMode}`, async () => {
      const test = await checkedProject(journalMode);
      sqlite(join(test.dir, 'data/log.db'), 'DELETE FROM entry WHERE id > 20');
      stamp(test);
      await test.project.applyRestore({ snapshot: 'good' }, undefined, quietCall);
      deepStrictEqual(wrongPages(test), []);
      equal(fs.readFileSync(join(test.dir, 'data/log.db'))[18], journalMode === 'wal' ? 2 : 1);
      equal((await test.project.planRestore({ snapshot: 'good' }, quietCall)).empty, true);
    });
  }

  it('is not written by another SQLite: neither in part nor under its application', async () => {
    const test = await checkedProject('delete');
    const application = await startApplication(join(test.dir, 'data/log.db'));
    await application.run('DELETE FROM other');
    await application.run('INSERT INTO other VALUES (5)');
    stamp(test);
    const stamped = fs.readFileSync(join(test.dir, 'data/log.db'));
    await rejects(test.project.applyRestore({ snapshot: 'good' }, undefined, quietCall), {
      code: 'DATABASE_IN_USE',
    });
    await application.close();
    const table = ['data/log.db:other'];
    await rejects(test.project.applyRestore({ snapshot: 'good', table }, undefined, quietCall), {
      code: 'RESTORE_BLOCKED',
      message: /its pages carry checksums/,
    });
    deepStrictEqual(fs.readFileSync(join(test.dir, 'data/log.db')), stamped);
  });

  it('with 8 reserved bytes and no checksums is restored under its application', async () => {
    const test = await reservedProject('delete');
    await test.project.snapshot({ label: 'good' }, quietCall);
    const application = await startApplication(join(test.dir, 'data/log.db'));
    await application.run('DELETE FROM entry');
    await test.project.applyRestore({ snapshot: 'good' }, undefined, quietCall);
    deepStrictEqual(await application.run('SELECT count(*) AS n FROM entry'), [{ n: 900 }]);
    await application.close();
  });
});

async function checkedProject(journalMode: 'delete' | 'wal'): Promise<TestProject> {
  const test = await reservedProject(journalMode);
  stamp(test);
  await test.project.snapshot({ label: 'good' }, quietCall);
  return test;
}

async function reservedProject(journalMode: 'delete' | 'wal'): Promise<TestProject> {
  return await testProject({
    '.env': 'DATA_DIR=data',
    'data/log.db': (path) => {
      sqlite(path.toString(), 'PRAGMA user_version = 1');
      // As `.filectrl reserve_bytes 8` leaves an empty database: less room, in the header and in the page.
      const page = fs.readFileSync(path);
      page[20] = 8;
      page.writeUInt16BE(page.length - 8, 105);
      fs.writeFileSync(path, page);
      sqlite(path.toString(), log, { journalMode });
    },
  });
}

/** What the checksum VFS of SQLite writes at the end of each page. */
function stamp({ dir }: TestProject): void {
  const path = join(dir, 'data/log.db');
  const bytes = fs.readFileSync(path);
  for (let at = 0; at < bytes.length; at += 4096) checksum(bytes, at).copy(bytes, at + 4088);
  fs.writeFileSync(path, bytes);
}

function wrongPages({ dir }: TestProject): number[] {
  const bytes = fs.readFileSync(join(dir, 'data/log.db'));
  const pages = Array.from({ length: bytes.length / 4096 }, (_, i) => i);
  return pages.filter((i) => {
    const at = i * 4096;
    return !checksum(bytes, at).equals(bytes.subarray(at + 4088, at + 4096));
  });
}

function checksum(bytes: Buffer, start: number): Buffer {
  const words = Array.from({ length: 1022 }, (_, i) => bytes.readUInt32LE(start + 4 * i));
  let [a, b] = [0n, 0n];
  for (let i = 0; i < words.length; i += 2) {
    a = BigInt.asUintN(32, a + BigInt(words[i] ?? 0) + b);
    b = BigInt.asUintN(32, b + BigInt(words[i + 1] ?? 0) + a);
  }
  const out = Buffer.alloc(8);
  out.writeUInt32LE(Number(a), 0);
  out.writeUInt32LE(Number(b), 4);
  return out;
}
