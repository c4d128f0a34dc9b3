// Nothing here ties a row to a file, however much the texts look like it: routes, links, titles,
// names of files that are elsewhere, lines of a log, and numbers that both sides count from one.

import { database } from '../sqlite.ts';
import { day, files, hex, insert, letters, numbers, pick, uuid, type AppData } from './app-data.ts';

export function lookAlikes(): AppData {
  const pages = numbers(60).map((id) => ({
    id,
    route:
      pick(['/about', '/contact', '/blog', '/team', '/index.html'], `r ${id}`) +
      (id % 3 === 0 ? `/${id}` : ''),
    title: pick(['About us', 'index', 'readme', 'main', 'style'], `t ${id}`),
    template: pick(['page.html', 'post.html', 'home.html'], `tpl ${id}`),
    image: `https://cdn.example.com/images/photo-${id}.jpg`,
    language: pick(['en', 'de', 'fr'], `l ${id}`),
    status: pick(['draft', 'live'], `s ${id}`),
  }));
  const uploads = numbers(80).map((id) => ({
    id,
    uuid: uuid(`elsewhere ${id}`),
    file_name: `${pick(['invoice', 'scan', 'photo'], `n ${id}`)}_${id}.pdf`,
    file_path: `/mnt/archive/2025/${letters(`p ${id}`, 8)}.pdf`,
    storage_key: `tenant/${hex(`k ${id}`, 16)}.bin`,
    mime: 'application/pdf',
    created: day(id),
  }));
  const log = numbers(150).map((id) => ({
    id,
    line: `open("src/lib/module${id % 9}.ts") failed at /usr/lib/node/${id}.js`,
    file: pick(['app.ts', 'server.ts', 'module1.ts', 'gone.ts', 'other.ts', 'last.ts'], `f ${id}`),
    level: pick(['info', 'warn', 'error'], `lv ${id}`),
  }));
  const days = numbers(12).map((id) => ({
    id,
    name: `month ${id}`,
    short: String(id).padStart(2, '0'),
  }));
  return {
    entries: {
      'app.db': database(
        `CREATE TABLE pages (id INTEGER PRIMARY KEY, route TEXT, title TEXT, template TEXT, image TEXT, language TEXT, status TEXT);
         CREATE TABLE uploads (id INTEGER PRIMARY KEY, uuid TEXT, file_name TEXT, file_path TEXT, storage_key TEXT, mime TEXT, created TEXT);
         CREATE TABLE log (id INTEGER PRIMARY KEY, line TEXT, file TEXT, level TEXT);
         CREATE TABLE months (id INTEGER PRIMARY KEY, name TEXT, short TEXT);` +
          insert('pages', pages) +
          insert('uploads', uploads) +
          insert('log', log) +
          insert('months', days),
      ),
      ...files([
        ...numbers(60).map((id) => `frames/frame-${String(id).padStart(4, '0')}.png`),
        ...numbers(150).map((id) => `exports/${id}.csv`),
        ...numbers(12).map((id) => `reports/2026/${String(id).padStart(2, '0')}/summary.txt`),
        ...['en', 'de', 'fr'].flatMap((code) => [
          `locales/${code}.json`,
          `locales/${code}/help.md`,
        ]),
        ...['page.html', 'post.html', 'home.html', 'list.html'].map(
          (name) => `themes/plain/${name}`,
        ),
        ...numbers(9).map((id) => `src/lib/module${id}.ts`),
        ...['app.ts', 'server.ts', 'index.html', 'style.css', 'readme.md'].map(
          (name) => `src/${name}`,
        ),
        'site/about/index.html',
        'site/contact/index.html',
        ...numbers(40).map((id) => `pictures/${hex(`picture ${id}`, 12)}.jpg`),
      ]),
    },
    rules: [],
    needed: [],
    unknown: [],
    tolerated: ['pictures/new.jpg', 'exports/151.csv'],
  };
}
