// Open WebUI: the paths of uploads are absolute, as the container saw them; some files live in a
// bucket, some rows have none. The folder of the vectors has databases of its own.

import { database } from '../sqlite.ts';
import { day, files, hex, insert, numbers, pick, uuid, type AppData } from './app-data.ts';

export function openWebui(): AppData {
  const rows = numbers(95).map((number) => {
    const id = uuid(`file ${number}`);
    const filename = `${pick(['notes', 'paper', 'budget 2026'], `f ${number}`)}.${pick(['pdf', 'md'], `x ${number}`)}`;
    const place = pick(['disk', 'disk', 'disk', 'disk', 'bucket', 'none'], `place ${number}`);
    const name = `${id}_${filename}`;
    const path = {
      disk: `/app/backend/data/uploads/${name}`,
      bucket: `s3://bucket/${name}`,
      none: null,
    };
    return {
      id,
      user_id: uuid('user 1'),
      hash: hex(`hash ${number}`, 64),
      filename,
      path: path[place as keyof typeof path],
      meta: JSON.stringify({ name: filename, content_type: 'text/plain', size: 100 + number }),
      created_at: Date.parse(day(number)) / 1000,
    };
  });
  const uploads = rows.flatMap(({ path }) =>
    path?.startsWith('/app') === true ? [path.replace('/app/backend/data/', '')] : [],
  );
  return {
    entries: {
      'webui.db': database(
        `CREATE TABLE file (id TEXT PRIMARY KEY, user_id TEXT, hash TEXT, filename TEXT, path TEXT,
           meta JSON, created_at INTEGER);
         CREATE TABLE chat (id TEXT PRIMARY KEY, title TEXT, chat JSON);` +
          insert('file', rows) +
          insert(
            'chat',
            numbers(30).map((number) => ({
              id: uuid(`chat ${number}`),
              title: `Chat ${number}`,
              chat: JSON.stringify({ files: [rows[number]?.id], model: 'llama3:8b/q4' }),
            })),
          ),
      ),
      'vector_db/chroma.sqlite3': database(
        'CREATE TABLE embeddings (id INTEGER PRIMARY KEY, embedding_id TEXT, segment_id TEXT);' +
          insert(
            'embeddings',
            numbers(80).map((number) => ({
              id: number,
              embedding_id: uuid(`vector ${number}`),
              segment_id: uuid(`segment ${number % 3}`),
            })),
          ),
      ),
      ...files([
        ...uploads,
        ...numbers(3).map((n) => `vector_db/${uuid(`segment ${n - 1}`)}/data_level0.bin`),
      ]),
    },
    rules: ['file: {path:from.uploads} covers uploads/*'],
    needed: [uploads[3], uploads[40]].filter((path) => path !== undefined),
    unknown: [`uploads/${uuid('nobody')}_lost.pdf`],
    tolerated: [`cache/audio/${uuid('speech')}.mp3`],
  };
}
