// The project that is measured: a data directory with generated sites and a database, and some source
// code beside it. The same scale gives the same bytes. Everything is an hour old, as data mostly is.

import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { createRandomText, type RandomText } from './random-text.ts';

export interface SampleSize {
  readonly files: number;
  readonly fileBytes: number;
  readonly databaseBytes: number;
  readonly rows: number;
}

export const databasePath = 'data/app.db';
const sitesPath = 'data/sites';
const filesAFolder = 10;
/** Makes 14.5 KB the average. */
const medianFileBytes = 7_200;

const hourMs = 3_600_000;
const firstDayMs = Date.UTC(2026, 0, 1);

/** At scale 1: 10,000 files of 145 MB in 1,000 folders, and 200 MB of database with 400,000 rows. */
export function makeProject(folder: string, scale: number): SampleSize {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '.env'), 'PORT=3000\nDATA_DIR=./data\n');
  writeSources(folder);
  const written = writeSites(join(folder, sitesPath), scale);
  const rows = writeDatabase(join(folder, databasePath), scale);
  makeOld(folder);
  return { ...written, databaseBytes: statSync(join(folder, databasePath)).size, rows };
}

function writeSources(folder: string): void {
  const text = createRandomText(2);
  write(join(folder, 'package.json'), '{ "name": "sample", "private": true }\n');
  for (let i = 0; i < 300; i += 1) {
    const path = join(folder, 'src', `part-${i % 60}`, `module-${i}.ts`);
    write(path, `export const text = '${text.words(40)}';\n`);
  }
}

function writeSites(folder: string, scale: number): Pick<SampleSize, 'files' | 'fileBytes'> {
  const text = createRandomText(3);
  const folders = Math.max(1, Math.round(1_000 * scale));
  let fileBytes = 0;
  for (let site = 0; site < folders; site += 1) {
    const path = join(folder, `owner-${site % 25}`, `site-${site}`);
    mkdirSync(path, { recursive: true });
    for (let page = 0; page < filesAFolder; page += 1) {
      const isJson = page % 3 === 2;
      const content = (isJson ? json : html)(text, text.size(medianFileBytes));
      writeFileSync(join(path, `page-${page}.${isJson ? 'json' : 'html'}`), content);
      fileBytes += content.length;
    }
  }
  return { files: folders * filesAFolder, fileBytes };
}

function html(text: RandomText, length: number): string {
  const title = text.words(4);
  let page = `<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>${title}</title><link rel="stylesheet" href="/assets/style.css"></head>\n<body class="documentation">\n<main class="page-content">\n<h1 class="page-title">${title}</h1>\n`;
  while (page.length < length) {
    const id = `${text.words(1)}-${text.below(1e4)}`;
    page += `<section class="content-section" id="${id}">\n<h2 class="section-title"><a class="anchor" href="#${id}">${text.words(3)}</a></h2>\n<p class="section-text">${text.prose(160)}</p>\n<ul class="section-links">\n${links(text)}</ul>\n</section>\n`;
  }
  return `${page}</main></body>\n</html>\n`;
}

function links(text: RandomText): string {
  const link = (): string =>
    `<li class="section-link"><a href="/guide/${text.words(1)}/index.html">${text.words(2)}</a></li>\n`;
  return link() + link() + link();
}

function json(text: RandomText, length: number): string {
  const items: object[] = [];
  for (let bytes = 0; bytes < length; bytes += 400) {
    items.push({
      id: text.below(1e9),
      title: text.words(5),
      state: text.pick(['draft', 'review', 'published']),
      updatedAt: new Date(firstDayMs + text.below(1e9)).toISOString(),
      summary: text.prose(120),
      tags: [text.words(1), text.words(1)],
      author: { role: 'editor', team: 'documentation', verified: true },
    });
  }
  return `${JSON.stringify({ version: 1, items }, undefined, 1)}\n`;
}

/** The tables and how many of 400,000 rows each has; every one has a column `updated_at`. */
export const tables = [
  { name: 'users', share: 0.05 },
  { name: 'projects', share: 0.025 },
  { name: 'pages', share: 0.3 },
  { name: 'events', share: 0.625 },
] as const;

/** Rows in all tables together. */
function writeDatabase(path: string, scale: number): number {
  const text = createRandomText(4);
  const db = new Database(path);
  db.exec(schema);
  const counts = new Map<string, number>(
    tables.map(({ name, share }) => [name, Math.max(10, Math.round(400_000 * scale * share))]),
  );
  const count = (name: string): number => counts.get(name) ?? 0;
  const time = (): number => firstDayMs + text.below(1e10);
  const makers: Readonly<Record<string, (id: number) => readonly (string | number)[]>> = {
    users: (id) => [id, `${text.words(1)}.${id}@example.com`, text.words(2), 'member', time()],
    projects: (id) => [id, text.below(count('users')) + 1, text.words(3), 'ready', time()],
    pages: (id) => [
      id,
      text.below(count('projects')) + 1,
      `${text.words(3).replaceAll(' ', '-')}-${id}`,
      text.pick(['draft', 'review', 'published']),
      text.prose(200 + text.size(460)),
      text.below(10_000),
      time(),
    ],
    events: (id) => [
      id,
      text.below(count('pages')) + 1,
      text.pick(['view', 'edit', 'comment', 'publish']),
      JSON.stringify({ agent: text.words(2), from: text.words(1), ms: text.below(9_000) }),
      time() + id,
      time(),
    ],
  };
  db.transaction(() => {
    for (const { name } of tables) {
      const row = makers[name];
      if (row === undefined) throw new Error(`no rows for table ${name}`);
      const marks = row(1).map(() => '?');
      const insert = db.prepare(`INSERT INTO ${name} VALUES (${marks.join(', ')})`);
      for (let id = 1; id <= count(name); id += 1) insert.run(...row(id));
    }
  })();
  // Left closed, it has no log beside it.
  db.pragma('journal_mode = wal');
  db.close();
  return [...counts.values()].reduce((sum, rows) => sum + rows, 0);
}

const schema = `
  PRAGMA journal_mode = OFF;
  PRAGMA synchronous = OFF;
  CREATE TABLE users (
    id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL,
    updated_at INTEGER NOT NULL);
  CREATE TABLE projects (
    id INTEGER PRIMARY KEY, owner INTEGER NOT NULL REFERENCES users (id), title TEXT NOT NULL,
    status TEXT NOT NULL, updated_at INTEGER NOT NULL);
  CREATE INDEX projects_by_owner ON projects (owner);
  CREATE TABLE pages (
    id INTEGER PRIMARY KEY, project INTEGER NOT NULL REFERENCES projects (id), slug TEXT NOT NULL,
    status TEXT NOT NULL, body TEXT NOT NULL, views INTEGER NOT NULL, updated_at INTEGER NOT NULL);
  CREATE UNIQUE INDEX pages_by_slug ON pages (slug);
  CREATE INDEX pages_by_project ON pages (project, status);
  CREATE TABLE events (
    id INTEGER PRIMARY KEY, page INTEGER NOT NULL REFERENCES pages (id), kind TEXT NOT NULL,
    payload TEXT NOT NULL, at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
  CREATE INDEX events_by_page ON events (page);
  CREATE INDEX events_by_time ON events (at);
`;

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Children first: what is set on a folder must not be undone by what happens in it. */
function makeOld(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) makeOld(child);
    else setAge(child, hourMs);
  }
  setAge(path, hourMs);
}

/** Sets when a file was last changed. */
export function setAge(path: string, ageMs: number): void {
  const at = new Date(Date.now() - ageMs);
  utimesSync(path, at, at);
}
