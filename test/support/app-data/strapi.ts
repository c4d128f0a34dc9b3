// Strapi: an upload has its own file and one for each format in a JSON column. Rows of another
// provider have URLs of theirs.

import { database } from '../sqlite.ts';
import { day, files, hex, insert, numbers, pick, type AppData } from './app-data.ts';

interface Format {
  readonly name: string;
  readonly hash: string;
  readonly ext: string;
  readonly url: string;
  readonly width: number;
}

export function strapi(): AppData {
  const rows = numbers(100).map((number) => {
    const isImage = number % 4 !== 1;
    const isRemote = number % 12 === 6;
    const ext = isImage ? pick(['.png', '.jpg'], `ext ${number}`) : '.pdf';
    const word = pick(['garden', 'team', 'price list'], `word ${number}`);
    const hash = `${word.replace(' ', '_')}_${hex(`hash ${number}`, 10)}`;
    const base = isRemote ? 'https://cdn.example.com/' : '/uploads/';
    const sizes = isImage ? ['thumbnail', ...(number % 3 === 0 ? ['small', 'medium'] : [])] : [];
    const formats = Object.fromEntries(
      sizes.map((size): [string, Format] => [
        size,
        {
          name: `${size}_${word}${ext}`,
          hash: `${size}_${hash}`,
          ext,
          url: `${base}${size}_${hash}${ext}`,
          width: 156,
        },
      ]),
    );
    return {
      id: number,
      name: `${word}${ext}`,
      formats: isImage ? JSON.stringify(formats) : null,
      hash,
      ext,
      mime: isImage ? 'image/png' : 'application/pdf',
      size: 12.5 + number,
      url: `${base}${hash}${ext}`,
      provider: isRemote ? 'aws-s3' : 'local',
      created_at: Date.parse(day(number)),
    };
  });
  const local = rows.filter(({ provider }) => provider === 'local');
  const originals = local.map(({ hash, ext }) => `public/uploads/${hash}${ext}`);
  const formats = local.flatMap((row) =>
    row.formats === null
      ? []
      : Object.values(JSON.parse(row.formats) as Record<string, Format>).map(
          ({ hash, ext }) => `public/uploads/${hash}${ext}`,
        ),
  );
  const schema = `
    CREATE TABLE files (id integer PRIMARY KEY AUTOINCREMENT, name varchar(255), formats json,
      hash varchar(255), ext varchar(255), mime varchar(255), size float, url text,
      provider varchar(255), created_at datetime);
    CREATE TABLE files_related_mph (id integer PRIMARY KEY, file_id integer REFERENCES files(id),
      related_id integer, related_type varchar(255), field varchar(255));
    CREATE TABLE articles (id integer PRIMARY KEY, title varchar(255), slug varchar(255));`;
  return {
    entries: {
      '.tmp/data.db': database(
        schema +
          insert('files', rows) +
          insert(
            'files_related_mph',
            numbers(60).map((number) => ({
              id: number,
              file_id: number,
              related_id: number % 20,
              related_type: 'api::article.article',
              field: 'cover',
            })),
          ) +
          insert(
            'articles',
            numbers(25).map((number) => ({
              id: number,
              title: `Article ${number}`,
              slug: `article-${number}`,
            })),
          ),
      ),
      'public/robots.txt': 'User-agent: *\n',
      'public/uploads/.gitkeep': '',
      ...files([...originals, ...formats]),
    },
    rules: [
      "files: public/uploads/{formats:each.hash}{formats:each.ext} where provider = 'local' covers public/uploads/*",
      "files: public/uploads/{hash}{ext} where provider = 'local' covers public/uploads/*",
    ],
    needed: [originals[8], formats[20]].filter((path) => path !== undefined),
    unknown: ['public/uploads/old_logo_0123456789.png'],
    tolerated: ['public/favicon.png'],
  };
}
