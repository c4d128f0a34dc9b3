// PocketBase: one table a collection, its files under the collection's id and the record's id.
// Each file has an `.attrs` beside it, images have thumbnails in a folder of their own.

import { database } from '../sqlite.ts';
import { day, files, hex, insert, letters, numbers, pick, type AppData } from './app-data.ts';

const posts = 'pbc_1125843985';
const users = '_pb_users_auth_';

function fileName(seed: string, extension: string): string {
  return `${pick(['holiday', 'cat_picture', 'scan', 'report'], seed)}_${letters(seed, 10)}.${extension}`;
}

export function pocketbase(): AppData {
  const postRows = numbers(90).map((number) => ({
    id: letters(`post ${number}`, 15),
    title: `Post ${number}`,
    slug: `/posts/post-${number}`,
    cover: number % 7 === 0 ? '' : fileName(`cover ${number}`, pick(['png', 'jpg'], `e${number}`)),
    gallery: JSON.stringify(
      numbers(Number.parseInt(hex(`g${number}`, 1), 16) % 4).map((part) =>
        fileName(`gallery ${number} ${part}`, 'jpg'),
      ),
    ),
    created: day(number),
  }));
  const userRows = numbers(30).map((number) => ({
    id: letters(`user ${number}`, 15),
    email: `user${number}@example.com`,
    avatar: number % 3 === 0 ? '' : fileName(`avatar ${number}`, 'png'),
    created: day(number),
  }));
  const covers = postRows.flatMap(({ id, cover }) =>
    cover === '' ? [] : [`storage/${posts}/${id}/${cover}`],
  );
  const galleries = postRows.flatMap(({ id, gallery }) =>
    (JSON.parse(gallery) as string[]).map((name) => `storage/${posts}/${id}/${name}`),
  );
  const avatars = userRows.flatMap(({ id, avatar }) =>
    avatar === '' ? [] : [`storage/${users}/${id}/${avatar}`],
  );
  const all = [...covers, ...galleries, ...avatars];
  const thumbs = covers.slice(0, 40).map((path) => {
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    return `${path.slice(0, slash)}/thumbs_${name}/100x100_${name}`;
  });
  const fields = (...names: string[]) =>
    JSON.stringify(names.map((name) => ({ id: hex(name, 10), name, type: 'file', maxSelect: 1 })));
  const schema = `
    CREATE TABLE _collections (id TEXT PRIMARY KEY, name TEXT, type TEXT, fields JSON);
    CREATE TABLE _params (id TEXT PRIMARY KEY, value JSON);
    CREATE TABLE _migrations (file VARCHAR(255) PRIMARY KEY NOT NULL, applied INTEGER NOT NULL);
    CREATE TABLE posts (id TEXT PRIMARY KEY, title TEXT, slug TEXT, cover TEXT DEFAULT '' NOT NULL,
      gallery JSON DEFAULT '[]' NOT NULL, created TEXT);
    CREATE TABLE users (id TEXT PRIMARY KEY, email TEXT, avatar TEXT DEFAULT '' NOT NULL, created TEXT);`;
  const migrations = numbers(20).map((number) => ({
    file: `16409880${number.toString().padStart(2, '0')}_${pick(['init', 'aux', 'fields'], `m${number}`)}.go`,
    applied: 1_700_000_000 + number,
  }));
  return {
    entries: {
      'data.db': database(
        schema +
          insert('_collections', [
            { id: posts, name: 'posts', type: 'base', fields: fields('cover', 'gallery') },
            { id: users, name: 'users', type: 'auth', fields: fields('avatar') },
          ]) +
          insert('_migrations', migrations) +
          insert('posts', postRows) +
          insert('users', userRows),
      ),
      'auxiliary.db': database(
        'CREATE TABLE _logs (id TEXT PRIMARY KEY, level INTEGER, message TEXT, data JSON);' +
          insert(
            '_logs',
            numbers(60).map((number) => ({
              id: letters(`log ${number}`, 15),
              level: 0,
              message: `GET /api/files/${posts}/${letters(`old ${number}`, 15)}/gone_${number}.png`,
              data: JSON.stringify({ url: `/api/collections/posts/records/${number}` }),
            })),
          ),
      ),
      'types.d.ts': '// types\n',
      ...files([...all, ...all.map((path) => `${path}.attrs`), ...thumbs]),
    },
    rules: [
      `posts: storage/${posts}/{id}/{cover} covers storage/${posts}/*/*`,
      `posts: storage/${posts}/{id}/{gallery:each} covers storage/${posts}/*/*`,
      `users: storage/${users}/{id}/{avatar} covers storage/${users}/*/*`,
    ],
    needed: [covers[3], galleries[5], avatars[7]].filter((path) => path !== undefined),
    unknown: [
      `storage/${posts}/${letters('post 4', 15)}/left_behind.png`,
      `storage/${posts}/${letters('nobody', 15)}/stray.jpg`,
    ],
    tolerated: [
      `${covers[60]}.old.attrs`,
      (covers[50] ?? '').replace(/\/([^/]+)$/, '/thumbs_$1/200x0_$1'),
    ],
  };
}
