// A folder named by a UUID for each document: the original, and what a worker makes of it once it is
// ready. People's pictures lie beside, with one for those who have none.

import { database } from '../sqlite.ts';
import { files, insert, letters, numbers, uuid, type AppData } from './app-data.ts';

export function documents(): AppData {
  const rows = numbers(50).map((number) => ({
    id: uuid(`document ${number}`),
    name: `Report ${number}.pdf`,
    pages: 1 + (number % 3),
    status: number % 10 === 0 ? 'processing' : 'ready',
  }));
  const people = numbers(40).map((id) => ({
    id,
    name: `Person ${id}`,
    picture: id % 2 === 0 ? null : `${letters(`picture ${id}`, 16)}.png`,
  }));
  const inFolders = rows.flatMap(({ id, pages, status }) => [
    `documents/${id}/original.pdf`,
    ...(status === 'ready' ? [`documents/${id}/thumb.webp`] : []),
    ...numbers(pages).map((page) => `documents/${id}/pages/${page}.png`),
  ]);
  const lost = uuid('lost');
  return {
    entries: {
      'app.db': database(
        `CREATE TABLE documents (id TEXT PRIMARY KEY, name TEXT, pages INTEGER, status TEXT);
         CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, picture TEXT);` +
          insert('documents', rows) +
          insert('people', people),
      ),
      ...files(inFolders),
      ...files(people.flatMap(({ picture }) => (picture === null ? [] : [`pictures/${picture}`]))),
      ...files(['pictures/default.png', 'pictures/.cache/1', 'documents/README.md']),
    },
    rules: [
      'documents: documents/{id}/original.pdf covers documents/*',
      'documents: documents/{id}/pages covers documents/*',
      "documents: documents/{id}/thumb.webp where status = 'ready' covers documents/*",
      'people: pictures/{picture} covers pictures/*',
    ],
    needed: [
      `documents/${rows[0]?.id ?? ''}/original.pdf`,
      `documents/${rows[1]?.id ?? ''}/thumb.webp`,
    ],
    unknown: [`documents/${lost}/original.pdf`, `pictures/${letters('lost', 16)}.png`],
    reported: [`documents/${lost}`, `pictures/${letters('lost', 16)}.png`],
    tolerated: ['pictures/placeholder.svg', `documents/${rows[9]?.id ?? ''}/thumb.webp`],
  };
}
