// Karakeep: a folder an asset, with its content and its metadata under fixed names. The rows of the
// bookmarks name assets too; the queue is a database of its own.

import { database } from '../sqlite.ts';
import { day, files, insert, letters, numbers, pick, uuid, type AppData } from './app-data.ts';

export function karakeep(users: 1 | 3 = 3): AppData {
  const assets = numbers(100).map((number) => ({
    id: uuid(`asset ${number}`),
    assetType: pick(['linkScreenshot', 'bookmarkAsset', 'linkBannerImage'], `t ${number}`),
    size: 2000 + number,
    contentType: 'image/png',
    fileName: number % 2 === 0 ? null : `screenshot-${number}.png`,
    bookmarkId: letters(`bookmark ${1 + (number % 60)}`, 24),
    userId: letters(`user ${1 + (number % users)}`, 24),
  }));
  const folders = assets.map(({ id, userId }) => `assets/${userId}/${id}`);
  const schema = `
    CREATE TABLE user (id text PRIMARY KEY NOT NULL, name text NOT NULL, email text NOT NULL);
    CREATE TABLE bookmarks (id text PRIMARY KEY NOT NULL, createdAt integer, title text,
      userId text NOT NULL REFERENCES user(id), type text NOT NULL);
    CREATE TABLE bookmarkLinks (id text PRIMARY KEY NOT NULL REFERENCES bookmarks(id),
      url text NOT NULL, imageUrl text, favicon text);
    CREATE TABLE bookmarkAssets (id text PRIMARY KEY NOT NULL REFERENCES bookmarks(id),
      assetType text NOT NULL, assetId text NOT NULL, fileName text);
    CREATE TABLE assets (id text PRIMARY KEY NOT NULL, assetType text NOT NULL, size integer NOT NULL,
      contentType text, fileName text, bookmarkId text REFERENCES bookmarks(id),
      userId text NOT NULL REFERENCES user(id));`;
  return {
    entries: {
      'db.db': database(
        schema +
          insert(
            'user',
            numbers(users).map((number) => ({
              id: letters(`user ${number}`, 24),
              name: `User ${number}`,
              email: `user${number}@example.com`,
            })),
          ) +
          insert(
            'bookmarks',
            numbers(60).map((number) => ({
              id: letters(`bookmark ${number}`, 24),
              createdAt: Date.parse(day(number)),
              title: `Bookmark ${number}`,
              userId: letters(`user ${1 + (number % users)}`, 24),
              type: number % 6 === 0 ? 'asset' : 'link',
            })),
          ) +
          insert(
            'bookmarkLinks',
            numbers(50).map((number) => ({
              id: letters(`bookmark ${number}`, 24),
              url: `https://example.com/articles/${number}/index.html`,
              imageUrl: `https://example.com/images/${number}.png`,
              favicon: 'https://example.com/favicon.ico',
            })),
          ) +
          insert(
            'bookmarkAssets',
            numbers(16).map((number) => ({
              id: letters(`bookmark ${number + 30}`, 24),
              assetType: 'pdf',
              assetId: uuid(`asset ${number * 3}`),
              fileName: `paper ${number}.pdf`,
            })),
          ) +
          insert('assets', assets),
      ),
      'queue.db': database(
        'CREATE TABLE tasks (id INTEGER PRIMARY KEY, queue TEXT, payload TEXT, status TEXT);' +
          insert(
            'tasks',
            numbers(40).map((number) => ({
              id: number,
              queue: 'link_crawler_queue',
              payload: JSON.stringify({ bookmarkId: letters(`bookmark ${number}`, 24) }),
              status: 'completed',
            })),
          ),
      ),
      ...files(folders.flatMap((folder) => [`${folder}/asset.bin`, `${folder}/metadata.json`])),
    },
    rules: [
      'assets: assets/{userId}/{id}/asset.bin covers assets/*/*',
      'assets: assets/{userId}/{id}/metadata.json covers assets/*/*',
    ],
    needed: [`${folders[12]}/asset.bin`, `${folders[40]}/metadata.json`],
    unknown: [`assets/${letters('user 1', 24)}/${uuid('lost asset')}/asset.bin`],
    reported: [`assets/${letters('user 1', 24)}/${uuid('lost asset')}`],
    tolerated: [],
  };
}
