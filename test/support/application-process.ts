// An application in a process of its own: opens the database that its argument names, runs each line
// of stdin as SQL and answers with one line of JSON. Started by `startApplication`.

import Database from 'better-sqlite3';
import { createInterface } from 'node:readline';

const [, , path = '', title] = process.argv;
if (title !== undefined) process.title = title;
const db = new Database(path, { timeout: 0 });
// An application that is killed in the middle of a large transaction has written pages before.
db.pragma('cache_size = 10');
process.stdout.write('{}\n');

createInterface({ input: process.stdin })
  .on('line', (line) => {
    process.stdout.write(`${JSON.stringify(answer(JSON.parse(line) as string))}\n`);
  })
  .on('close', () => {
    db.close();
  });

function answer(sql: string): { rows: unknown } | { error: string } {
  try {
    if (/^\s*(select|pragma)/i.test(sql)) return { rows: db.prepare(sql).all() };
    db.exec(sql);
    return { rows: [] };
  } catch (error) {
    return { error: (error as { code?: string }).code ?? String(error) };
  }
}
