// Jobs whose files go away with the work, in a table with a status and in one that only has a time; and
// a log of paths that are elsewhere, long gone, or those of another table.

import { database } from '../sqlite.ts';
import { day, files, insert, numbers, pick, uuid, type AppData } from './app-data.ts';

export function workQueue(): AppData {
  const jobs = numbers(220).map((id) => ({
    id,
    payload: `spool/${uuid(`job ${id}`)}.json`,
    status: id <= 190 ? 'done' : id <= 200 ? 'failed' : 'pending',
  }));
  const imports = numbers(150).map((id) => ({
    id,
    file: `${uuid(`import ${id}`)}.csv`,
    finished_at: id > 130 ? null : day(id),
  }));
  const blobs = numbers(60).map((id) => ({ id, file: `${uuid(`blob ${id}`)}.bin` }));
  const log = numbers(300).map((id) => ({
    id,
    action: pick(['open', 'delete', 'upload'], `a ${id}`),
    path: pick(
      [
        `/var/log/app/${id % 7}.log`,
        `C:\\Users\\me\\file ${id}.txt`,
        `blobs/${uuid(`deleted ${id}`)}.bin`,
        `/srv/app/data/blobs/${blobs[id % 60]?.file ?? ''}`,
      ],
      `p ${id}`,
    ),
  }));
  return {
    entries: {
      'queue.db': database(
        `CREATE TABLE jobs (id INTEGER PRIMARY KEY, payload TEXT, status TEXT);
         CREATE TABLE imports (id INTEGER PRIMARY KEY, file TEXT, finished_at TEXT);
         CREATE TABLE blobs (id INTEGER PRIMARY KEY, file TEXT);
         CREATE TABLE log (id INTEGER PRIMARY KEY, action TEXT, path TEXT);` +
          insert('jobs', jobs) +
          insert('imports', imports) +
          insert('blobs', blobs) +
          insert('log', log),
      ),
      ...files(jobs.flatMap(({ payload, status }) => (status === 'pending' ? [payload] : []))),
      ...files(
        jobs.flatMap(({ payload, status }) =>
          status === 'failed' ? [payload.replace('spool', 'failed')] : [],
        ),
      ),
      ...files(
        imports.flatMap(({ file, finished_at }) => (finished_at === null ? [`inbox/${file}`] : [])),
      ),
      ...files(blobs.map(({ file }) => `blobs/${file}`)),
    },
    rules: [
      'blobs: blobs/{file} covers blobs/*',
      'imports: inbox/{file} where finished_at IS NULL covers inbox/*',
      "jobs: failed/{payload:base} where status = 'failed' covers failed/*",
      "jobs: {payload} where status = 'pending' covers spool/*",
    ],
    needed: [`blobs/${uuid('blob 9')}.bin`, `inbox/${uuid('import 140')}.csv`],
    unknown: [`spool/${uuid('nobody')}.json`],
    tolerated: ['spool/upload.part'],
  };
}
