// Django: pictures by year and month, two kinds of thumbnail caches beside them, a default avatar that
// most people share, and names of migrations that are in the source code.

import { database } from '../sqlite.ts';
import { files, hex, insert, letters, numbers, pick, type AppData } from './app-data.ts';

export function django(): AppData {
  const photos = numbers(80).map((id) => {
    const month = String(1 + (id % 12)).padStart(2, '0');
    const end = id % 3 === 0 ? String(id) : `_${letters(`photo ${id}`, 7)}`;
    const image = `photos/2025/${month}/${pick(['beach', 'cat', 'party'], `n ${id}`)}${end}.jpg`;
    return { id, image, title: `Photo ${id}`, author_id: 1 + (id % 40) };
  });
  const users = numbers(40).map((id) => ({
    id,
    username: `user${id}`,
    avatar: id % 3 === 0 ? `avatars/${letters(`avatar ${id}`, 10)}.png` : 'avatars/default.png',
  }));
  const migrations = numbers(9).map((id) => ({
    id,
    app: pick(['auth', 'gallery', 'admin'], `app ${id}`),
    name: `000${id}_${pick(['initial', 'alter_title', 'remove_slug'], `m ${id}`)}`,
  }));
  const thumbnails = photos.flatMap(({ image }) => {
    const hash = hex(image, 40);
    return [
      `media/CACHE/images/${image.slice(0, -4)}/${hash.slice(0, 32)}.jpg`,
      `media/cache/${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash}.jpg`,
    ];
  });
  const avatars = new Set(users.map(({ avatar }) => `media/${avatar}`));
  return {
    entries: {
      'db.sqlite3': database(
        `CREATE TABLE gallery_photo (id INTEGER PRIMARY KEY, image VARCHAR(100), title VARCHAR(200), author_id INTEGER REFERENCES auth_user(id));
         CREATE TABLE auth_user (id INTEGER PRIMARY KEY, username VARCHAR(150), avatar VARCHAR(100));
         CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app VARCHAR(255), name VARCHAR(255));
         CREATE TABLE thumbnail_kvstore (key VARCHAR(200) PRIMARY KEY, value TEXT);` +
          insert('auth_user', users) +
          insert('gallery_photo', photos) +
          insert('django_migrations', migrations) +
          insert(
            'thumbnail_kvstore',
            photos.map(({ image }) => ({
              key: `sorl-thumbnail||image||${hex(image, 32)}`,
              value: JSON.stringify({ storage: 'FileSystemStorage', name: `cache/${image}` }),
            })),
          ),
      ),
      ...files(photos.map(({ image }) => `media/${image}`)),
      ...files([...avatars, ...thumbnails]),
    },
    rules: [
      'auth_user: media/{avatar} covers media/avatars/*',
      'gallery_photo: media/{image} covers media/photos/*/*/*',
    ],
    needed: [photos[4]?.image, users[2]?.avatar].flatMap((path) =>
      path === undefined ? [] : [`media/${path}`],
    ),
    unknown: ['media/photos/2025/03/cat_gone.jpg', `media/avatars/${letters('gone', 10)}.png`],
    tolerated: ['media/CACHE/images/more.jpg', 'media/avatars/no-avatar.svg', 'media/robots.txt'],
  };
}
