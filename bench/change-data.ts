// What an afternoon of work does to the data: one per cent of the rows of every table, or of the
// files, scattered over all of it. The same seed gives the same change to the same data.

import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { createRandomText, type RandomText } from './random-text.ts';
import { databasePath, setAge, tables } from './sample-data.ts';

/** Of so many rows or files one is changed. */
const oneOf = 100;
const halfHourMs = 1_800_000;

/** Updates rows as applications do: a state, a counter and a time; in every tenth page also the text. */
export function changeRows(project: string, seed: number): void {
  const text = createRandomText(seed + 1_000);
  const db = new Database(join(project, databasePath));
  const at = Date.UTC(2026, 5, 1) + seed;
  const updates: Readonly<Record<string, string>> = {
    users: `UPDATE users SET updated_at = ${at} WHERE id = ?`,
    projects: `UPDATE projects SET status = 'stale', updated_at = ${at} WHERE id = ?`,
    pages: `UPDATE pages SET status = 'review', views = views + 1, updated_at = ${at} WHERE id = ?`,
    events: `UPDATE events SET kind = 'closed', updated_at = ${at} WHERE id = ?`,
  };
  const rewrite = db.prepare('UPDATE pages SET body = ? WHERE id = ?');
  db.transaction(() => {
    for (const { name } of tables) {
      const update = db.prepare(updates[name] ?? '');
      const last = db.prepare<[], number>(`SELECT max(id) FROM ${name}`).pluck().get() ?? 0;
      for (const [i, position] of scattered(last, text).entries()) {
        update.run(position + 1);
        if (name === 'pages' && i % 10 === 0)
          rewrite.run(text.prose(300 + text.below(900)), position + 1);
      }
    }
  })();
  db.close();
}

/** As many rows, but one behind the other: what an import or a batch job touches. */
export function changeBlock(project: string, seed: number): void {
  const db = new Database(join(project, databasePath));
  const total = tables.reduce(
    (sum, { name }) =>
      sum + (db.prepare<[], number>(`SELECT count(*) FROM ${name}`).pluck().get() ?? 0),
    0,
  );
  const update = db.prepare(
    "UPDATE events SET kind = 'closed', updated_at = ? WHERE id > ? AND id <= ?",
  );
  update.run(Date.UTC(2026, 6, 1) + seed, total / 10, total / 10 + total / oneOf);
  db.close();
}

/** Of ten changed files eight are edited, one is removed and one is new. */
export function changeFiles(project: string, seed: number): void {
  const text = createRandomText(seed + 2_000);
  const paths = globSync('data/sites/**/*.*', { cwd: project }).toSorted();
  for (const [i, position] of scattered(paths.length, text).entries()) {
    const path = join(project, paths[position] ?? '');
    if (i % 10 === 8) rmSync(path);
    else if (i % 10 === 9) write(join(dirname(path), `new-${seed}-${i}.html`), text.prose(9_000));
    else write(path, `${text.prose(300)}${readFileSync(path, 'utf8').slice(300)}`);
  }
}

/** One position of every hundred, at random within each hundred. */
function scattered(count: number, text: RandomText): number[] {
  const found: number[] = [];
  for (let start = 0; start + oneOf <= count; start += oneOf) found.push(start + text.below(oneOf));
  return found.length > 0 ? found : [text.below(count)];
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  setAge(path, halfHourMs);
}
