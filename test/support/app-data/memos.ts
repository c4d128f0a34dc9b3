// Memos: an attachment lies beside the database, in it, or elsewhere, as its row says.

import { database } from '../sqlite.ts';
import { day, files, hex, insert, letters, numbers, pick, uuid, type AppData } from './app-data.ts';

export function memos(): AppData {
  const rows = numbers(90).map((number) => {
    const filename = `${pick(['photo', 'voice note', 'übersicht'], `name ${number}`)} ${number}.${pick(['png', 'm4a'], `e ${number}`)}`;
    const storage = pick(['LOCAL', 'LOCAL', 'LOCAL', 'LOCAL', '', 'S3', 'EXTERNAL'], `s ${number}`);
    const reference = {
      LOCAL: `assets/${1_760_000_000 + number * 977}_${uuid(`memo ${number}`)}_${filename}`,
      '': '',
      S3: `assets/${1_760_000_000 + number}_${filename}`,
      EXTERNAL: `https://example.com/pictures/${number}.png`,
    }[storage];
    return {
      id: number,
      uid: letters(`uid ${number}`, 12),
      creator_id: 1,
      created_ts: 1_760_000_000 + number * 977,
      filename,
      blob: storage === '' ? hex(`blob ${number}`, 40) : null,
      type: 'image/png',
      size: 500 + number,
      memo_id: number % 5 === 0 ? null : 1 + (number % 30),
      storage_type: storage,
      reference: reference ?? '',
    };
  });
  const local = rows.filter(({ storage_type }) => storage_type === 'LOCAL');
  const assets = local.map(({ reference }) => reference);
  const schema = `
    CREATE TABLE memo (id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE,
      created_ts BIGINT, row_status TEXT, content TEXT NOT NULL DEFAULT '', visibility TEXT);
    CREATE TABLE attachment (id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE,
      creator_id INTEGER NOT NULL, created_ts BIGINT NOT NULL, filename TEXT NOT NULL DEFAULT '',
      blob BLOB DEFAULT NULL, type TEXT NOT NULL DEFAULT '', size INTEGER NOT NULL DEFAULT 0,
      memo_id INTEGER, storage_type TEXT NOT NULL DEFAULT '', reference TEXT NOT NULL DEFAULT '');`;
  return {
    entries: {
      'memos_prod.db': database(
        schema +
          insert(
            'memo',
            numbers(40).map((number) => ({
              id: number,
              uid: letters(`memo ${number}`, 12),
              created_ts: Date.parse(day(number)) / 1000,
              row_status: pick(['NORMAL', 'ARCHIVED'], `row ${number}`),
              content: `Look at ![](/file/attachments/${letters(`uid ${number}`, 12)}) #tag/sub`,
              visibility: 'PRIVATE',
            })),
          ) +
          insert('attachment', rows),
        { journalMode: 'wal' },
      ),
      ...files([
        ...assets,
        ...numbers(20).map((number) => `.thumbnail_cache/${local[number]?.id}.jpeg`),
      ]),
    },
    rules: ["attachment: {reference} where storage_type = 'LOCAL' covers assets/*"],
    needed: [assets[2], assets[30]].filter((path) => path !== undefined),
    unknown: [`assets/1760099999_${uuid('lost')}_lost.png`],
    tolerated: ['.thumbnail_cache/8.jpeg'],
  };
}
