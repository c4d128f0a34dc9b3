// Metadata against files: a table of uploads and as many files, with a rule of savepoint.json and with
// nothing known at all, beside what a developer writes in a shell: find, sqlite3 and comm.

import Database from 'better-sqlite3';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measure, run, type Command } from './measure.ts';
import type { Results } from './results.ts';
import { savepoint } from './tools/savepoint.ts';
import { firstLineOf } from './tools/tool.ts';

/** Rows and files at scale 1. */
const uploads = 100_000;
const folders = 1000;

/** Adds seconds of whole processes, one sample a round each. */
export function measureCheck(
  cli: string,
  folder: string,
  column: string,
  results: Results,
  { rounds, scale }: { readonly rounds: number; readonly scale: number },
): void {
  const project = join(folder, 'project');
  makeUploads(project, Math.max(folders, Math.round(uploads * scale)));
  const call = (): Command => ({
    argv: savepoint(cli, project, join(folder, 'store'), 'check'),
    env: { HOME: folder },
  });
  const shell: Command = {
    argv: ['sh', '-c', `[ -z "$(${byHand})" ]`],
    cwd: join(project, 'data'),
  };
  const config = join(project, 'savepoint.json');
  for (let round = 0; round < rounds; round += 1) {
    rmSync(config, { force: true });
    results.add('check-found', column, measure(call()).seconds);
    writeFileSync(config, rule);
    results.add('check', column, measure(call()).seconds);
    if (firstLineOf('sqlite3', '--version') !== null) {
      const { seconds } = measure(shell);
      results.add('check', 'sqlite3', seconds);
      results.add('check-found', 'sqlite3', seconds);
    }
  }
  rmSync(project, { recursive: true });
}

/** Prints what only one side has. */
const byHand = `
  find files -type f -printf '%P\\n' | LC_ALL=C sort > ../files.txt
  sqlite3 app.db 'SELECT path FROM uploads' | LC_ALL=C sort > ../rows.txt
  comm -3 ../files.txt ../rows.txt`;

const rule = JSON.stringify({
  dataDirs: [
    {
      path: 'data',
      references: [
        { database: 'app.db', table: 'uploads', path: 'files/{path}', covers: 'files/**' },
      ],
    },
  ],
});

function makeUploads(project: string, count: number): void {
  const data = join(project, 'data');
  mkdirSync(join(data, 'files'), { recursive: true });
  for (let i = 0; i < folders; i += 1) mkdirSync(join(data, 'files', String(i)));
  const db = new Database(join(data, 'app.db'));
  db.exec('CREATE TABLE uploads (id INTEGER PRIMARY KEY, path TEXT, created_at TEXT)');
  const insert = db.prepare('INSERT INTO uploads (path, created_at) VALUES (?, ?)');
  db.transaction(() => {
    for (let i = 0; i < count; i += 1) {
      const path = `${i % folders}/upload-${(i * 7919).toString(36)}.bin`;
      writeFileSync(join(data, 'files', path), 'x');
      insert.run(path, new Date(1_700_000_000_000 + i * 1000).toISOString());
    }
  })();
  db.close();
  // Only what is on the disk is measured, not the writing of it.
  run({ argv: ['sync'] });
}
