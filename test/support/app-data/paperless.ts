// Paperless-ngx: originals by name, or by number where no name was given; archived versions of some;
// a thumbnail of each under its padded number.

import { database } from '../sqlite.ts';
import { day, files, hex, insert, numbers, pick, type AppData } from './app-data.ts';

export function paperless(): AppData {
  // Some were deleted: numbers have gaps.
  const ids = numbers(130).filter((number) => number % 11 !== 5 && number % 17 !== 3);
  const rows = ids.map((id) => {
    const title = `${pick(['Invoice', 'Contract', 'Letter'], `title ${id}`)} ${id}`;
    const folder = pick(['2024/Bank', '2025/Insurance', 'none'], `folder ${id}`);
    const isImage = id % 8 === 0;
    return {
      id,
      title,
      content: `Dear customer, see /home/you/${title}.pdf and https://example.com/terms.html`,
      created: day(id),
      mime_type: isImage ? 'image/png' : 'application/pdf',
      checksum: hex(`checksum ${id}`, 32),
      archive_checksum: isImage ? null : hex(`archive ${id}`, 32),
      filename: id % 9 === 2 && !isImage ? null : `${folder}/${title}.${isImage ? 'png' : 'pdf'}`,
      archive_filename: isImage ? null : `${folder}/${title}.pdf`,
      original_filename: `scan_${hex(`scan ${id}`, 6)}.pdf`,
      archive_serial_number: id % 20 === 0 ? id : null,
      correspondent_id: id % 3 === 0 ? 1 + (id % 6) : null,
    };
  });
  const padded = (id: number): string => String(id).padStart(7, '0');
  const originals = rows.map(
    ({ id, filename }) => `media/documents/originals/${filename ?? `${padded(id)}.pdf`}`,
  );
  const archive = rows.flatMap(({ archive_filename }) =>
    archive_filename === null ? [] : [`media/documents/archive/${archive_filename}`],
  );
  const thumbnails = rows.map(({ id }) => `media/documents/thumbnails/${padded(id)}.webp`);
  const named = (table: string, count: number, word: string): string =>
    insert(
      table,
      numbers(count).map((id) => ({ id, name: `${word} ${id}`, match: '', slug: `${word}-${id}` })),
    );
  const schema = `
    CREATE TABLE documents_tag (id integer PRIMARY KEY AUTOINCREMENT, name varchar(128), match varchar(256), slug varchar(128));
    CREATE TABLE documents_correspondent (id integer PRIMARY KEY AUTOINCREMENT, name varchar(128), match varchar(256), slug varchar(128));
    CREATE TABLE documents_document (id integer PRIMARY KEY AUTOINCREMENT, title varchar(128),
      content text, created datetime, mime_type varchar(256), checksum varchar(32),
      archive_checksum varchar(32), filename varchar(1024), archive_filename varchar(1024),
      original_filename varchar(1024), archive_serial_number integer,
      correspondent_id integer REFERENCES documents_correspondent(id));
    CREATE TABLE documents_document_tags (id integer PRIMARY KEY AUTOINCREMENT,
      document_id integer NOT NULL REFERENCES documents_document(id),
      tag_id integer NOT NULL REFERENCES documents_tag(id));
    CREATE TABLE documents_note (id integer PRIMARY KEY AUTOINCREMENT, note text,
      document_id integer REFERENCES documents_document(id));
    CREATE TABLE django_migrations (id integer PRIMARY KEY, app varchar(255), name varchar(255));`;
  return {
    entries: {
      'db.sqlite3': database(
        schema +
          named('documents_tag', 15, 'tag') +
          named('documents_correspondent', 6, 'sender') +
          insert('documents_document', rows) +
          insert(
            'documents_document_tags',
            ids.map((document, index) => ({
              id: index + 1,
              document_id: document,
              tag_id: 1 + (document % 15),
            })),
          ) +
          insert(
            'documents_note',
            numbers(12).map((id) => ({ id, note: `Note ${id}`, document_id: ids[id * 3] ?? null })),
          ) +
          insert(
            'django_migrations',
            numbers(50).map((id) => ({ id, app: 'documents', name: `${padded(id)}_auto` })),
          ),
        { journalMode: 'wal' },
      ),
      'classification_model.pickle': 'model\n',
      'index/MAIN_abc.toc': 'index\n',
      'media/media.lock': '',
      ...files([...originals, ...archive, ...thumbnails, ...indexFiles]),
    },
    rules: [
      'documents_document: media/documents/archive/{archive_filename} covers media/documents/archive/**',
      'documents_document: media/documents/originals/{filename} covers media/documents/originals/**',
      'documents_document: media/documents/originals/{id:07}.pdf where filename IS NULL covers media/documents/originals/**',
      'documents_document: media/documents/thumbnails/{id:07}.webp covers media/documents/thumbnails/*',
    ],
    needed: [
      originals[20],
      `media/documents/originals/${padded(rows.find(({ filename }) => filename === null)?.id ?? 0)}.pdf`,
      archive[15],
      thumbnails[50],
    ].filter((path) => path !== undefined),
    unknown: [
      'media/documents/originals/2024/Bank/Forgotten.pdf',
      'media/documents/archive/none/Forgotten.pdf',
      'media/documents/thumbnails/0009999.webp',
    ],
    tolerated: ['index/MAIN_xyz.seg', 'log/paperless.log'],
  };
}

const indexFiles = numbers(15).map((number) => `index/MAIN_${hex(`segment ${number}`, 16)}.seg`);
