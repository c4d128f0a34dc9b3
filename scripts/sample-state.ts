// What the sample project's data is, as one hash, and what happens to it on a bad day.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import Database from 'better-sqlite3';
import { root } from './setup.mjs';

export const migrationFile = 'migrations/0007-merge-owners.mjs';
export const removedFolder = 'data/projects/mira';

/** One hash over every file of docsfy's data and every row of its database. */
export function fingerprint(sample: string): string {
  const data = join(sample, 'data');
  const hash = createHash('sha256');
  const entries = readdirSync(join(data, 'projects'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  for (const file of files.map((entry) => join(entry.parentPath, entry.name)).toSorted()) {
    hash.update(`${relative(data, file)}\0`).update(readFileSync(file));
  }
  return withDatabase(join(data, 'docsfy.db'), (db) => {
    for (const table of ['projects', 'users', 'project_access', 'sessions']) {
      for (const row of db.prepare(`SELECT * FROM ${table}`).all())
        hash.update(JSON.stringify(row));
    }
    return hash.digest('hex');
  });
}

/** Runs the migration with the forgotten WHERE; answers what it printed. */
export function migrate(sample: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [migrationFile], {
    cwd: sample,
    encoding: 'utf8',
    env: { ...process.env, SAMPLE_REQUIRE: join(root, 'package.json') },
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** The sites of one owner, as a hasty `rm -rf` takes them. */
export function removeSites(sample: string): void {
  rmSync(join(sample, removedFolder), { recursive: true });
}

export function visits(sample: string): { total: number; counted: number; check: string } {
  return withDatabase(join(sample, 'storage', 'visits.db'), (db) => {
    const sql = 'SELECT total, (SELECT count(*) FROM visits) AS counted FROM counter';
    const counts = db.prepare(sql).get() as { total: number; counted: number };
    return { ...counts, check: String(db.pragma('quick_check', { simple: true })) };
  });
}

function withDatabase<T>(path: string, read: (db: Database.Database) => T): T {
  const db = new Database(path, { fileMustExist: true, timeout: 5_000 });
  try {
    return read(db);
  } finally {
    db.close();
  }
}
