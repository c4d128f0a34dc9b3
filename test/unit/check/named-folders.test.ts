// Where rows lead to, captured or not: layouts of known applications, and what only looks like paths.

import { deepStrictEqual } from 'node:assert/strict';
import { join } from 'node:path';
import {
  namedFolders,
  type CandidatePaths,
} from '../../../src/engine/check/infer/named-folders.ts';
import type { PathKind } from '../../../src/engine/check/file-index.ts';
import { openImage } from '../../../src/engine/sqlite/open-images.ts';
import { hex, insert, numbers, type SqlCell } from '../../support/app-data/app-data.ts';
import { sqlite } from '../../support/sqlite.ts';
import { tree } from '../../support/tree.ts';

type Rows = readonly Readonly<Record<string, SqlCell>>[];

function entriesOf(paths: readonly string[]): CandidatePaths['entries'] {
  const entries = new Map<string, PathKind>();
  for (const path of paths) {
    const names = path.split('/');
    for (let end = 1; end < names.length; end += 1) {
      entries.set(names.slice(0, end).join('/'), 'directory');
    }
    entries.set(path, 'file');
  }
  return entries;
}

/** `media: 30 of 30 photo.image, by media/{image}`. */
async function named(
  tables: Readonly<Record<string, Rows>>,
  candidates: CandidatePaths,
): Promise<string[]> {
  const path = join(await tree(), 'app.db');
  const schema = Object.entries(tables).map(
    ([table, rows]) =>
      `CREATE TABLE ${table} (${Object.keys(rows[0]!)
        .map((column) => (column === 'id' ? 'id INTEGER PRIMARY KEY' : column))
        .join()}); ${insert(table, rows)}`,
  );
  sqlite(path, schema.join('\n'));
  const db = openImage(path);
  try {
    const found = await namedFolders(db, candidates, new AbortController().signal);
    return found.map(
      ({ folder, table, column, template, fits, of, isStrong }) =>
        `${folder}: ${fits} of ${of} ${table}.${column}${isStrong ? '' : ' (weak)'}, by ${template}`,
    );
  } finally {
    db.close();
  }
}

const rowsOf = (column: string, count: number, valueOf: (id: number) => string): Rows =>
  numbers(count).map((id) => ({ id, [column]: valueOf(id) }));

describe('namedFolders', () => {
  it('tells the folder of each column, with how many of how many', async () => {
    const avatar = (id: number): string => `avatars/u${id}x.jpg`;
    const key = (id: number): string => hex(`k ${id}`, 28);
    const upload = (id: number): string => `/uploads/pic ${hex(`p ${id}`, 8)}.png`;
    const book = (id: number): string => `Author ${id % 5}/Title ${id} (${id})`;
    deepStrictEqual(
      await named(
        {
          auth_user: rowsOf('avatar', 400, avatar),
          blobs: rowsOf('key', 30, key),
          files: rowsOf('url', 25, (id) => upload(id).replace(' ', '%20')),
          books: rowsOf('path', 20, book),
        },
        {
          entries: entriesOf([
            ...numbers(392).map((id) => `media/${avatar(id)}`),
            ...numbers(30).map((id) => `storage/${key(id).slice(0, 2)}/${key(id)}`),
            ...numbers(25).map((id) => `public${upload(id)}`),
            ...numbers(20).map((id) => `library/${book(id)}/book.txt`),
            'src/index.ts',
          ]),
        },
      ),
      [
        'media: 392 of 400 auth_user.avatar, by media/{avatar}',
        'storage: 30 of 30 blobs.key, by storage/{key:0..2}/{key}',
        'public/uploads: 25 of 25 files.url, by public/{url:url}',
        'library: 20 of 20 books.path, by library/{path}/book.txt',
      ],
    );
  });

  it('tells the folder that stands in the rows themselves, and none that only a day makes', async () => {
    const path = (id: number): string => `uploads/2026/0${1 + (id % 2)}/${hex(`f ${id}`, 12)}.pdf`;
    const paths = numbers(20).map(path);
    deepStrictEqual(
      await named({ docs: rowsOf('file', 20, path) }, { entries: entriesOf(paths) }),
      ['uploads: 20 of 20 docs.file, by {file}'],
    );
  });

  it('tries values in folders that are too large to be listed', async () => {
    const key = (id: number): string => hex(`k ${id}`, 28);
    const there = new Set(
      numbers(500).map((id) => `storage/${key(id).slice(0, 2)}/${key(id).slice(2, 4)}/${key(id)}`),
    );
    const asked: string[] = [];
    const has = (path: string): boolean => {
      asked.push(path);
      return there.has(path);
    };
    const entries = entriesOf(['storage/zz/other']);
    const tables = {
      blobs: rowsOf('key', 500, key),
      notes: rowsOf('text', 500, (id) => `a/${id}`),
    };
    deepStrictEqual(await named(tables, { entries, partial: ['storage'], has }), [
      'storage: 500 of 500 blobs.key, by storage/{key:0..2}/{key:2..4}/{key}',
    ]);
    deepStrictEqual(asked.length < 2000, true, `${asked.length}`);
  });

  it('is silent about addresses of other hosts, words, numbers and what half of the rows lack', async () => {
    const tables = {
      links: rowsOf('url', 60, (id) => `https://cdn.example.com/media/photos/p${id}.png`),
      posts: rowsOf('slug', 8, (id) => ['home', 'about', 'team', 'news'][id % 4]!),
      items: rowsOf('title', 30, (id) => `Item ${id}`),
      old: rowsOf('file', 60, (id) => `${hex(`o ${id}`, 12)}.pdf`),
    };
    const entries = entriesOf([
      ...['home', 'about', 'team', 'news', 'shop'].map((name) => `src/pages/${name}.tsx`),
      ...numbers(30).map((id) => `frames/${id}.png`),
      ...numbers(25).map((id) => `archive/${hex(`o ${id}`, 12)}.pdf`),
      ...numbers(60).map((id) => `media/photos/q${id}.png`),
    ]);
    deepStrictEqual(await named(tables, { entries }), []);
  });
});
