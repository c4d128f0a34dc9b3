// An application that never stops: adds visits and keeps their counter in step, one transaction
// each. Ends on SIGTERM with one line of JSON: what it did and how it fared.
// `node scripts/sample-writer.ts storage/visits.db`
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';

const [path = ''] = process.argv.slice(2);
const db = new Database(path, { fileMustExist: true, timeout: 5_000 });
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());

const insert = db.prepare("INSERT INTO visits (page, at) VALUES ('live', ?)");
const count = db.prepare('UPDATE counter SET total = total + 1');
const visit = db.transaction(() => {
  insert.run(new Date().toISOString());
  count.run();
});

let commits = 0;
let errors = 0;
let longestWaitMs = 0;
while (!stop.signal.aborted) {
  const started = performance.now();
  try {
    visit();
    commits += 1;
  } catch {
    errors += 1;
  }
  longestWaitMs = Math.max(longestWaitMs, performance.now() - started);
  await delay(20);
}
db.close();
process.stdout.write(
  `${JSON.stringify({ commits, errors, longestWaitMs: Math.round(longestWaitMs) })}\n`,
);
