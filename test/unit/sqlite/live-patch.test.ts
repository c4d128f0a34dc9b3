import { deepStrictEqual, ok, strictEqual, throws } from 'node:assert/strict';
import Database from 'better-sqlite3';
import { copyFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { patchInto } from '../../../src/engine/sources/live-patch.ts';
import { haveEqualPages } from '../../../src/engine/sources/sqlite-prove.ts';
import { startApplication } from '../../support/application.ts';
import { captureOne } from '../../support/live-databases.ts';
import { sqlite, type DatabaseFacts } from '../../support/sqlite.ts';
import { tree } from '../../support/tree.ts';

/** A table of `rows` rows with content that depends on `seed`. */
function content(rows: number, seed: number): string {
  return `
    CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, a);
    DELETE FROM t;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
      INSERT INTO t SELECT i, CASE WHEN i % 7 = ${seed} THEN hex(i * ${seed + 1}) ELSE hex(i) END || hex(zeroblob(50)) FROM n;`;
}

/** What lies at `path` for whoever opens it: its pages without what SQLite counts. */
function pagesOf(path: string): string {
  const db = new Database(path);
  strictEqual(db.pragma('quick_check', { simple: true }), 'ok');
  const rows = db.prepare('SELECT * FROM t').raw().all();
  const schema = db.prepare('SELECT type, name, sql FROM sqlite_schema').raw().all();
  db.close();
  return JSON.stringify([schema, rows]);
}

interface Scene {
  readonly folder: string;
  readonly target: string;
  readonly imagePath: string;
}

async function scene(facts: DatabaseFacts, oldRows: number, newRows: number): Promise<Scene> {
  const folder = await tree();
  const target = join(folder, 'app.db');
  sqlite(target, content(oldRows, 3), facts);
  const { imagePath } = await captureOne(target);
  sqlite(target, `${content(newRows, 4)} CREATE TABLE newer(a); VACUUM`);
  return { folder, target, imagePath: imagePath! };
}

const sizes = [
  [300, 300],
  [300, 3000],
  [3000, 300],
  [1, 1],
] as const;

describe('patchInto', () => {
  for (const journalMode of ['delete', 'wal'] as const) {
    for (const pageSize of [512, 4096, 65536]) {
      it(`makes the database what the image is (${journalMode}, pages of ${pageSize})`, async () => {
        for (const [oldRows, newRows] of sizes) {
          const { folder, target, imagePath } = await scene(
            { journalMode, pageSize },
            oldRows,
            newRows,
          );
          const done = patchInto(
            { target, imagePath, nativeBinding: undefined },
            () => true,
            () => undefined,
          );
          strictEqual(done, 'done');
          ok(await haveEqualPages(imagePath, target, new AbortController().signal));
          deepStrictEqual(readdirSync(folder), ['app.db']);
        }
      });

      it(`leaves what SQLite rolls back wherever it ends (${journalMode}, pages of ${pageSize})`, async () => {
        const { folder, target, imagePath } = await scene({ journalMode, pageSize }, 3000, 1000);
        const request = { target, imagePath, nativeBinding: undefined };
        const before = pagesOf(target);
        let steps = 0;
        const killed = (): void => {
          steps += 1;
          for (const suffix of ['', '-journal'])
            copyFileSync(
              `${target}${suffix}`,
              join(folder, `killed${suffix === '' ? '' : suffix}`),
            );
          strictEqual(pagesOf(join(folder, 'killed')), before, `killed after step ${steps}`);
        };
        throws(
          () =>
            patchInto(
              request,
              () => true,
              () => {
                killed();
                throw new Error('the disk broke');
              },
            ),
          /^Error: the disk broke$/,
        );
        strictEqual(pagesOf(target), before, 'rolled back');
        patchInto(request, () => true, killed);
        ok(steps > 1);
        ok(await haveEqualPages(imagePath, target, new AbortController().signal));
      });
    }
  }

  it('does no harm when it ends while the journal is written', async () => {
    const { folder, target, imagePath } = await scene({ journalMode: 'delete' }, 300, 3000);
    const [copy, journal] = [join(folder, 'copy.db'), join(folder, 'copy.db-journal')];
    const old = readFileSync(target);
    const before = pagesOf(target);
    patchInto(
      { target, imagePath, nativeBinding: undefined },
      () => true,
      () => {
        copyFileSync(`${target}-journal`, join(folder, 'whole'));
      },
    );
    const length = readFileSync(join(folder, 'whole')).length;
    for (const bytes of [0, 5, 28, 512, 513, 516, 4000, 4624, Math.floor(length / 2), length - 1]) {
      writeFileSync(copy, old);
      copyFileSync(join(folder, 'whole'), journal);
      truncateSync(journal, bytes);
      strictEqual(pagesOf(copy), before, `${bytes} of ${length} bytes`);
    }
  });

  it('writes nothing where there is nothing to write', async () => {
    const { target, imagePath } = await scene({ journalMode: 'delete' }, 30, 30);
    const request = { target, imagePath, nativeBinding: undefined };
    patchInto(
      request,
      () => true,
      () => undefined,
    );
    const bytes = readFileSync(target);
    strictEqual(
      patchInto(
        request,
        () => true,
        () => undefined,
      ),
      'done',
    );
    ok(readFileSync(target).equals(bytes));
  });

  it('changes nothing where it is refused', async () => {
    for (const journalMode of ['delete', 'wal'] as const) {
      const { folder, target, imagePath } = await scene({ journalMode }, 30, 60);
      const bytes = readFileSync(target);
      const request = { target, imagePath, nativeBinding: undefined };
      strictEqual(
        patchInto(
          request,
          () => false,
          () => undefined,
        ),
        'refused',
      );
      ok(readFileSync(target).equals(bytes));
      deepStrictEqual(readdirSync(folder), ['app.db']);
    }
  });

  it('leaves a log alone that somebody else has open', async () => {
    const { target, imagePath } = await scene({ journalMode: 'wal' }, 30, 60);
    const application = await startApplication(target);
    await application.run('SELECT count(*) FROM t');
    const bytes = readFileSync(target);
    const request = { target, imagePath, nativeBinding: undefined };
    strictEqual(
      patchInto(
        request,
        () => true,
        () => undefined,
      ),
      undefined,
    );
    ok(readFileSync(target).equals(bytes));
    deepStrictEqual(await application.run('SELECT count(*) AS n FROM t'), [{ n: 60 }]);
    await application.close();
  });

  it('rolls back first what a killed application left', async () => {
    const { folder, target, imagePath } = await scene({ journalMode: 'delete' }, 3000, 3000);
    const application = await startApplication(target);
    await application.run('BEGIN');
    await application.run("UPDATE t SET a = 'half'");
    await application.kill();
    deepStrictEqual(readdirSync(folder), ['app.db', 'app.db-journal']);
    const request = { target, imagePath, nativeBinding: undefined };
    let seen = '';
    patchInto(
      request,
      () => {
        seen = String(readFileSync(target).includes('half'));
        return true;
      },
      () => undefined,
    );
    strictEqual(seen, 'false');
    ok(await haveEqualPages(imagePath, target, new AbortController().signal));
  });
});
