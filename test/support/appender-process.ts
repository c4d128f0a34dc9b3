// A program that keeps a file open which is no database, and appends what stdin says to it. Started
// by `startAppender`.

import { openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

const fd = openSync(process.argv[2] ?? '', 'a');
process.stdout.write('{}\n');
createInterface({ input: process.stdin }).on('line', (line) => {
  writeSync(fd, `${line}\n`);
  process.stdout.write('{}\n');
});
