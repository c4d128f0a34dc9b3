// Five applications as they lie on a developer's disk, with the schemas and folders that they make
// themselves: rows in a SQLite file, an upload for each where the application puts it.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hex, insert, letters, uuid, type SqlCell } from './app-data/app-data.ts';
import { contentOf, type ApplicationDriver, type DataApplication } from './run-application.ts';
import { rows, sqlite } from './sqlite.ts';
import { writeTree, type Tree } from './tree.ts';

/** Relative to the project folder, and the rows that the application writes for it. */
interface Upload {
  readonly path: string;
  readonly rows: Readonly<Record<string, Readonly<Record<string, SqlCell>>>>;
}

interface MadeApplication {
  readonly name: string;
  readonly dataDirs: readonly string[];
  /** What stands beside the data: the project's own code and settings. */
  readonly project: Tree;
  readonly database: string;
  readonly schema: string;
  readonly upload: (name: string, id: number, content: string) => Upload;
  /** Answers `name` and `path` of every record. */
  readonly list: string;
  readonly destroy: readonly [string, ...string[]];
  /** A file that no row knows. */
  readonly stray: string;
  /** True where the folder that it is in needs a row, too. */
  readonly isFolderTold?: boolean;
  /** Whether rows keep a size or a hash, by which a file that was changed is told. */
  readonly knowsContent: boolean;
}

const month = (id: number): string => String(1 + (id % 3)).padStart(2, '0');

const djangoLayout: MadeApplication = {
  name: 'Django',
  dataDirs: ['db.sqlite3', 'media'],
  project: {
    'manage.py': 'import os, sys\n',
    gallery: { 'models.py': 'from django.db import models\n' },
  },
  database: 'db.sqlite3',
  schema: `
    CREATE TABLE gallery_photo (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, title varchar(200) NOT NULL, image varchar(100) NOT NULL);
    CREATE TABLE django_migrations (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, app varchar(255) NOT NULL, name varchar(255) NOT NULL);
    INSERT INTO django_migrations (app, name) VALUES ('gallery', '0001_initial');`,
  upload: (name, id) => {
    const image = `photos/2026/${month(id)}/${name}_${letters(name, 7)}.jpg`;
    return { path: `media/${image}`, rows: { gallery_photo: { id, title: name, image } } };
  },
  list: `SELECT title AS name, 'media/' || image AS path FROM gallery_photo`,
  destroy: ['rm', '-rf', 'db.sqlite3', 'media'],
  stray: 'media/photos/2026/02/nobody_1234567.jpg',
  knowsContent: false,
};

const railsPath = (key: string): string => `storage/${key.slice(0, 2)}/${key.slice(2, 4)}/${key}`;

const railsLayout: MadeApplication = {
  name: 'Rails with Active Storage',
  dataDirs: ['db', 'storage'],
  project: {
    Gemfile: 'gem "rails", "~> 6.1"\n',
    'config/storage.yml': 'local:\n  service: Disk\n  root: <%= Rails.root.join("storage") %>\n',
    'db/schema.rb': 'ActiveRecord::Schema.define(version: 2025_01_01_120000) do\nend\n',
  },
  database: 'db/development.sqlite3',
  schema: `
    CREATE TABLE active_storage_blobs (id integer NOT NULL PRIMARY KEY, key varchar NOT NULL, filename varchar NOT NULL, content_type varchar, metadata text, service_name varchar NOT NULL, byte_size bigint NOT NULL, checksum varchar NOT NULL, created_at datetime NOT NULL);
    CREATE TABLE active_storage_attachments (id integer NOT NULL PRIMARY KEY, name varchar NOT NULL, record_type varchar NOT NULL, record_id bigint NOT NULL, blob_id bigint NOT NULL REFERENCES active_storage_blobs(id));
    CREATE TABLE schema_migrations (version varchar NOT NULL PRIMARY KEY);`,
  upload: (name, id, content) => {
    const key = letters(name, 28);
    const blob = {
      id,
      key,
      filename: name,
      content_type: 'text/plain',
      metadata: '{"identified":true}',
      service_name: 'local',
      byte_size: content.length,
      checksum: createHash('md5').update(content).digest('base64'),
      created_at: '2026-12-01 10:00:00',
    };
    const use = { id, name: 'file', record_type: 'Post', record_id: id, blob_id: id };
    return {
      path: railsPath(key),
      rows: { active_storage_blobs: blob, active_storage_attachments: use },
    };
  },
  list: `SELECT filename AS name, 'storage/' || substr(key, 1, 2) || '/' || substr(key, 3, 2) || '/' || key AS path FROM active_storage_blobs`,
  destroy: ['rm', '-rf', 'storage'],
  stray: railsPath(letters('nobody', 28)),
  knowsContent: true,
};

const strapiLayout: MadeApplication = {
  name: 'Strapi',
  dataDirs: ['.tmp', 'public/uploads'],
  project: {
    '.env': 'DATABASE_CLIENT=sqlite\nDATABASE_FILENAME=.tmp/data.db\n',
    'package.json': '{ "dependencies": { "@strapi/strapi": "5.20.0" } }\n',
    'public/robots.txt': 'User-agent: *\n',
    'public/uploads/.gitkeep': '',
  },
  database: '.tmp/data.db',
  schema: `
    CREATE TABLE files (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, name varchar(255), formats json, hash varchar(255), ext varchar(255), mime varchar(255), size float, url text, provider varchar(255));
    CREATE TABLE strapi_migrations (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, name varchar(255));`,
  upload: (name, id) => {
    const hash = `${name.replace('-', '_')}_${hex(name, 10)}`;
    const url = `/uploads/${hash}.txt`;
    const row = { id, name, formats: null, hash, ext: '.txt', mime: 'text/plain', size: 0.02, url };
    return { path: `public${url}`, rows: { files: { ...row, provider: 'local' } } };
  },
  list: `SELECT name, 'public' || url AS path FROM files`,
  destroy: ['rm', '-rf', '.tmp', 'public/uploads'],
  stray: 'public/uploads/nobody_0123456789.txt',
  knowsContent: false,
};

const directusLayout: MadeApplication = {
  name: 'Directus',
  dataDirs: ['database', 'uploads'],
  project: {
    'docker-compose.yml': `services:
  directus:
    image: directus/directus:11
    volumes:
      - ./database:/directus/database
      - ./uploads:/directus/uploads
    environment:
      DB_CLIENT: sqlite3
      DB_FILENAME: /directus/database/data.db
`,
  },
  database: 'database/data.db',
  schema: `
    CREATE TABLE directus_files (id char(36) NOT NULL PRIMARY KEY, storage varchar(255) NOT NULL, filename_disk varchar(255), filename_download varchar(255) NOT NULL, title varchar(255), type varchar(255), filesize bigint);
    CREATE TABLE directus_migrations (version varchar(255) NOT NULL PRIMARY KEY, name varchar(255) NOT NULL);`,
  upload: (name, _id, content) => {
    const filename_disk = `${uuid(name)}.txt`;
    const row = { id: uuid(name), storage: 'local', filename_disk, filename_download: name };
    const more = { title: name, type: 'text/plain', filesize: content.length };
    return { path: `uploads/${filename_disk}`, rows: { directus_files: { ...row, ...more } } };
  },
  list: `SELECT title AS name, 'uploads/' || filename_disk AS path FROM directus_files`,
  destroy: ['rm', '-rf', 'uploads', 'database'],
  stray: `uploads/${uuid('nobody')}.txt`,
  knowsContent: true,
};

const authorOf = (id: number): string => `${['Ann', 'Bob', 'Eve'][id % 3]} Author`;

const calibreFolder = (name: string, id: number): string => `${authorOf(id)}/Title ${name} (${id})`;

const calibreLayout: MadeApplication = {
  name: 'Calibre',
  dataDirs: ['library'],
  project: { 'README.md': 'My books\n' },
  database: 'library/metadata.db',
  schema: `
    CREATE TABLE books (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL DEFAULT 'Unknown', path TEXT NOT NULL DEFAULT '', has_cover BOOL DEFAULT 0);
    CREATE TABLE data (id INTEGER PRIMARY KEY, book INTEGER NOT NULL, format TEXT NOT NULL COLLATE NOCASE, uncompressed_size INTEGER NOT NULL, name TEXT NOT NULL, UNIQUE(book, format));
    CREATE INDEX data_idx ON data (book);`,
  upload: (name, id, content) => {
    const path = calibreFolder(name, id);
    const file = `Title ${name} - ${authorOf(id)}`;
    const data = { id, book: id, format: 'TXT', uncompressed_size: content.length, name: file };
    return {
      path: `library/${path}/${file}.txt`,
      rows: { books: { id, title: name, path, has_cover: 0 }, data },
    };
  },
  list: `SELECT title AS name, 'library/' || path || '/' || name || '.txt' AS path FROM data JOIN books ON books.id = book`,
  destroy: ['rm', '-rf', 'library'],
  stray: 'library/Bob Author/Nobody (999)/nobody.txt',
  isFolderTold: true,
  knowsContent: true,
};

export const madeApplications: readonly ApplicationDriver[] = [
  djangoLayout,
  railsLayout,
  strapiLayout,
  directusLayout,
  calibreLayout,
].map((made) => ({
  name: made.name,
  needs: [],
  dataDirs: made.dataDirs,
  start: async ({ dir }) => {
    await writeTree(dir, made.project);
    mkdirSync(dirname(join(dir, made.database)), { recursive: true });
    sqlite(join(dir, made.database), made.schema);
    return started(made, dir);
  },
}));

function started(made: MadeApplication, dir: string): DataApplication {
  let last = 0;
  const pathOf = (name: string, id: number): string => made.upload(name, id, '').path;
  return {
    add: async (names) => {
      for (const name of names) {
        last += 1;
        const content = contentOf(name);
        const { path, rows: added } = made.upload(name, last, content);
        mkdirSync(dirname(join(dir, path)), { recursive: true });
        writeFileSync(join(dir, path), content);
        const inserts = Object.entries(added).map(([table, row]) => insert(table, [row]));
        sqlite(join(dir, made.database), `BEGIN; ${inserts.join('')} COMMIT`);
      }
    },
    read: async () =>
      Object.fromEntries(
        (rows(join(dir, made.database), made.list) as { name: string; path: string }[]).map(
          ({ name, path }) => [
            name,
            existsSync(join(dir, path)) ? readFileSync(join(dir, path), 'utf8') : null,
          ],
        ),
      ),
    destroy: made.destroy,
    faults: async () => {
      const [removed, changed] = [pathOf('paper-3', 3), pathOf('paper-5', 5)];
      const { stray } = made;
      const unknown = made.isFolderTold === true ? [dirname(stray), stray] : [stray];
      const told = [`missing-file ${removed}`, ...unknown.map((path) => `orphan-file ${path}`)];
      return {
        removed,
        stray,
        changed,
        told: made.knowsContent ? [`changed-file ${changed}`, ...told] : told,
      };
    },
  };
}
