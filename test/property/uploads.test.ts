// Snapshots under a real application that takes uploads: rows and files of each are of one moment. Long:
// 20,000 files, 10 and 30 uploads a second; else the same with few.

import { equal, ok } from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { quietCall, tempFolder, testProject } from '../support/project.ts';
import { database, rows } from '../support/sqlite.ts';
import type { Tree } from '../support/tree.ts';

const isLong = process.env['SAVEPOINT_LONG'] === '1';
const files = isLong ? 20_000 : 100;
const snapshots = isLong ? 20 : 2;

describe('snapshots while files are uploaded', function () {
  this.timeout(isLong ? 3_600_000 : 240_000);

  for (const rate of isLong ? [10, 30] : [30]) {
    for (const order of ['file', 'row'] as const) {
      it(`are consistent at ${rate} a second, the ${order} first`, async () => {
        const test = await testProject({
          '.env': 'DATA_DIR=data',
          'data/app.db': database('CREATE TABLE upload(id INTEGER PRIMARY KEY, path)', {
            journalMode: 'wal',
          }),
          'data/files': uploaded(),
        });
        await test.project.snapshot({}, quietCall);
        const application = await startUploads(join(test.dir, 'data'), rate, order);
        let consistent = 0;
        try {
          for (let i = 0; i < snapshots; i += 1) {
            const taken = await test.project.snapshot({}, quietCall);
            if (!taken.consistent) continue;
            consistent += 1;
            const to = join(tempFolder(), 'copy');
            await test.project.applyRestore({ snapshot: taken.id, to }, undefined, quietCall);
            const named = rows(join(to, 'data/app.db'), 'SELECT path FROM upload');
            const lost = (named as { path: string }[]).filter(
              ({ path }) => !existsSync(join(to, 'data', path)),
            );
            equal(lost.length, 0, `${lost.length} of ${named.length} rows without a file`);
          }
        } finally {
          application.kill();
          await once(application, 'exit');
        }
        ok(consistent >= snapshots - 1, `${consistent} of ${snapshots} are consistent`);
      });
    }
  }
});

/** Folders with files that are there from the beginning. */
function uploaded(): Tree {
  const folders = Array.from({ length: 100 }, (_, i) => {
    const names = Array.from({ length: files / 100 }, (_, n) => `${n}.bin`);
    return [`${i}`, Object.fromEntries(names.map((name) => [name, `${i} ${name}`]))] as const;
  });
  return Object.fromEntries(folders);
}

/** A process that writes a file and its row, again and again; answers once the first is written. */
async function startUploads(
  dataDir: string,
  rate: number,
  order: 'file' | 'row',
): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', uploads, dataDir, String(rate), order], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout !== null) await once(child.stdout, 'data');
  return child;
}

const uploads = `
  const { DatabaseSync } = require('node:sqlite');
  const { writeFileSync } = require('node:fs');
  const [dataDir, rate, order] = process.argv.slice(1);
  const db = new DatabaseSync(dataDir + '/app.db', { timeout: 5000 });
  const insert = db.prepare('INSERT INTO upload(path) VALUES (?)');
  let count = 0;
  setInterval(() => {
    count += 1;
    const path = 'files/' + (count % 100) + '/upload ' + count + '.bin';
    if (order === 'row') insert.run(path);
    writeFileSync(dataDir + '/' + path, 'x'.repeat(20000));
    if (order === 'file') insert.run(path);
    if (count === 1) process.stdout.write('begun');
  }, 1000 / Number(rate));
`;
