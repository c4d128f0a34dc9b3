// A bank in a process of its own: moves money between accounts all over the file, a transaction at a
// time, at once or so many milliseconds after the one before, until stdin ends. The sum of all balances never changes, and `entries` has as many rows as
// the counter says. A locked database is tried again every millisecond.

import Database from 'better-sqlite3';

const path = process.argv[2] ?? '';
let random = Number(process.argv[3] ?? 1);
const everyMs = Number(process.argv[5] ?? 0);
const db = new Database(path, { timeout: 10_000 });
db.pragma(`journal_mode = ${process.argv[4]}`);
const accounts = db.prepare('SELECT count(*) FROM accounts').pluck().get() as number;
const move = db.prepare('UPDATE accounts SET balance = balance + ? WHERE id = ?');
const enter = db.prepare('INSERT INTO entries (text) VALUES (?)');
const count = db.prepare('UPDATE counter SET entries = entries + 1');
db.pragma('busy_timeout = 0');
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** When each was done, in ms since the Unix epoch. */
const commitTimes: number[] = [];
let stopping = false;
const errors: string[] = [];
let waiting: NodeJS.Timeout | undefined;
process.stdin.on('end', () => stop()).resume();
work();

function work(): void {
  while (!tryOnce()) Atomics.wait(sleeper, 0, 0, 1);
  commitTimes.push(performance.timeOrigin + performance.now());
  if (commitTimes.length === 1) process.stdout.write('started\n');
  if (stopping || errors.length > 0) finish();
  else if (everyMs === 0) setImmediate(work);
  else waiting = setTimeout(work, everyMs);
}

function stop(): void {
  stopping = true;
  if (waiting === undefined) return;
  clearTimeout(waiting);
  finish();
}

function tryOnce(): boolean {
  try {
    db.transaction(() => {
      for (let i = 0; i < 4; i += 1) {
        const amount = next() % 100;
        move.run(-amount, 1 + (next() % accounts));
        move.run(amount, 1 + (next() % accounts));
      }
      enter.run('x'.repeat(next() % 400));
      count.run();
    }).immediate();
    return true;
  } catch (error) {
    const code = String((error as { code?: string }).code);
    if (code.startsWith('SQLITE_BUSY')) return false;
    errors.push(`${code}: ${String(error)}`);
    return true;
  }
}

function finish(): void {
  db.close();
  process.stdout.write(`${JSON.stringify({ commitTimes, errors })}\n`);
  process.stdin.destroy();
}

/** A small generator with a seed: https://en.wikipedia.org/wiki/Xorshift */
function next(): number {
  random ^= random << 13;
  random ^= random >>> 17;
  random ^= random << 5;
  return random >>> 0;
}
