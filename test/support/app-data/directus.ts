// Directus: a row a file, on the disk under its id; rows of other storages have none here.
// Generated images share the id as a prefix.

import { database } from '../sqlite.ts';
import { day, files, hex, insert, numbers, pick, uuid, type AppData } from './app-data.ts';

export function directus(): AppData {
  const rows = numbers(110).map((number) => {
    const extension = pick(['jpg', 'png', 'pdf', 'webp'], `extension ${number}`);
    const storage = number % 10 === 4 ? 's3' : 'local';
    return {
      id: uuid(`file ${number}`),
      storage,
      filename_disk: `${uuid(`file ${number}`)}.${extension}`,
      filename_download: `${pick(['photo', 'invoice', 'plan'], `n${number}`)}-${number}.${extension}`,
      title: `File ${number}`,
      type: extension === 'pdf' ? 'application/pdf' : `image/${extension}`,
      folder: number % 4 === 0 ? uuid(`folder ${number % 3}`) : null,
      filesize: String(1000 + number),
      uploaded_on: day(number),
    };
  });
  const local = rows.filter(({ storage }) => storage === 'local');
  const originals = local.map(({ filename_disk }) => `uploads/${filename_disk}`);
  const generated = local
    .filter((_, index) => index % 3 === 0)
    .map(({ id }) => `uploads/${id}__${hex(`g ${id}`, 40)}.avif`);
  const revisions = rows.slice(0, 80).map((row, index) => ({
    id: index + 1,
    activity: index + 400,
    collection: 'directus_files',
    item: row.id,
    data: JSON.stringify(row),
  }));
  const schema = `
    CREATE TABLE directus_folders (id char(36) NOT NULL PRIMARY KEY, name varchar(255) NOT NULL);
    CREATE TABLE directus_files (id char(36) NOT NULL PRIMARY KEY, storage varchar(255) NOT NULL,
      filename_disk varchar(255), filename_download varchar(255) NOT NULL, title varchar(255),
      type varchar(255), folder char(36) REFERENCES directus_folders(id), filesize bigint,
      uploaded_on datetime);
    CREATE TABLE directus_revisions (id integer PRIMARY KEY AUTOINCREMENT, activity integer,
      collection varchar(64), item varchar(255), data json);
    CREATE TABLE directus_users (id char(36) NOT NULL PRIMARY KEY, email varchar(128),
      avatar char(36), last_page varchar(255));
    CREATE TABLE articles (id integer PRIMARY KEY, slug varchar(255), image char(36), body text);`;
  return {
    entries: {
      'data.db': database(
        schema +
          insert(
            'directus_folders',
            numbers(3).map((number) => ({ id: uuid(`folder ${number - 1}`), name: `F${number}` })),
          ) +
          insert('directus_files', rows) +
          insert('directus_revisions', revisions) +
          insert(
            'directus_users',
            numbers(12).map((number) => ({
              id: uuid(`user ${number}`),
              email: `u${number}@example.com`,
              avatar: rows[number]?.id ?? null,
              last_page: `/content/articles/${number}`,
            })),
          ) +
          insert(
            'articles',
            numbers(40).map((number) => ({
              id: number,
              slug: `/blog/article-${number}`,
              image: rows[number + 20]?.id ?? null,
              body: `<img src="/assets/${rows[number]?.id}">`,
            })),
          ),
      ),
      ...files([...originals, ...generated]),
    },
    rules: ["directus_files: uploads/{filename_disk} where storage = 'local' covers uploads/*"],
    needed: [originals[5], originals[70]].filter((path) => path !== undefined),
    unknown: [`uploads/${uuid('nobody')}.jpg`],
    tolerated: [`uploads/${local[9]?.id}__${hex('one more', 40)}.webp`],
  };
}
