// Rails with Active Storage: the key of a blob in pieces is its path; variants of pictures are blobs, too.
// Sessions, jobs and the cache are in databases of their own beside it.

import { database } from '../sqlite.ts';
import { day, files, hex, insert, letters, numbers, type AppData } from './app-data.ts';

export function rails(): AppData {
  const blobs = numbers(60).map((id) => ({
    id,
    key: letters(`blob ${id}`, 28),
    filename: id % 2 === 0 ? 'photo.png' : `scan ${id}.pdf`,
    content_type: id % 2 === 0 ? 'image/png' : 'application/pdf',
    metadata: '{"identified":true,"analyzed":true}',
    service_name: 'local',
    byte_size: 1000 + id,
    checksum: `${hex(`sum ${id}`, 22)}==`,
    created_at: day(id),
  }));
  const attachments = numbers(60).map((id) => ({
    id,
    name: id > 40 ? 'image' : 'document',
    record_type: id > 40 ? 'ActiveStorage::VariantRecord' : 'Post',
    record_id: id > 40 ? id - 40 : id,
    blob_id: id,
  }));
  const pathOf = (key: string): string => `${key.slice(0, 2)}/${key.slice(2, 4)}/${key}`;
  const versions = ['create_users', 'create_posts', 'create_active_storage_tables'].map(
    (_, index) => ({ version: `2025010${index + 1}120000` }),
  );
  return {
    entries: {
      'development.sqlite3': database(
        `CREATE TABLE active_storage_blobs (id INTEGER PRIMARY KEY, key VARCHAR NOT NULL, filename VARCHAR, content_type VARCHAR, metadata TEXT, service_name VARCHAR, byte_size BIGINT, checksum VARCHAR, created_at DATETIME);
         CREATE TABLE active_storage_attachments (id INTEGER PRIMARY KEY, name VARCHAR, record_type VARCHAR, record_id BIGINT, blob_id BIGINT REFERENCES active_storage_blobs(id));
         CREATE TABLE schema_migrations (version VARCHAR PRIMARY KEY);` +
          insert('active_storage_blobs', blobs) +
          insert('active_storage_attachments', attachments) +
          insert('schema_migrations', versions),
        { journalMode: 'wal' },
      ),
      'development_cache.sqlite3': database(
        'CREATE TABLE solid_cache_entries (id INTEGER PRIMARY KEY, key BLOB, value BLOB)',
      ),
      '.keep': '',
      ...files(blobs.map(({ key }) => pathOf(key))),
    },
    rules: ['active_storage_blobs: {key:0..2}/{key:2..4}/{key} covers */*/*'],
    needed: [pathOf(letters('blob 7', 28))],
    unknown: [pathOf(letters('purged', 28))],
    tolerated: ['tmp/upload'],
  };
}
