// Uptime Kuma: icons of status pages as links with a time behind them, or of another host; screenshots
// that no row names.

import { database } from '../sqlite.ts';
import { day, files, hex, insert, numbers, type AppData } from './app-data.ts';

export function uptimeKuma(): AppData {
  const pages = numbers(24).map((id) => ({
    id,
    slug: `status-${id}`,
    title: `Status ${id}`,
    icon:
      id % 6 === 0
        ? 'https://example.com/icon.svg'
        : `/upload/logo${id}.png?t=${1_760_000_000_000 + id}`,
    custom_css: 'body {}',
  }));
  const icons = pages.flatMap(({ id }) => (id % 6 === 0 ? [] : [`upload/logo${id}.png`]));
  return {
    entries: {
      'kuma.db': database(
        `CREATE TABLE status_page (id INTEGER PRIMARY KEY, slug TEXT, title TEXT, icon TEXT, custom_css TEXT);
         CREATE TABLE monitor (id INTEGER PRIMARY KEY, name TEXT, url TEXT, hostname TEXT);
         CREATE TABLE heartbeat (id INTEGER PRIMARY KEY, monitor_id INTEGER REFERENCES monitor(id), msg TEXT, time DATETIME);` +
          insert('status_page', pages) +
          insert(
            'monitor',
            numbers(40).map((id) => ({
              id,
              name: `Monitor ${id}`,
              url: `https://site${id}.example.com/health`,
              hostname: `site${id}`,
            })),
          ) +
          insert(
            'heartbeat',
            numbers(200).map((id) => ({
              id,
              monitor_id: 1 + (id % 40),
              msg: '200 - OK',
              time: day(id),
            })),
          ),
        { journalMode: 'wal' },
      ),
      'db-config.json': '{"type":"sqlite"}',
      ...files([...icons, ...numbers(12).map((id) => `screenshots/${hex(`shot ${id}`, 16)}.png`)]),
    },
    rules: ["status_page: {icon:url} where icon NOT LIKE '%://%' covers upload/*"],
    needed: [icons[4]].filter((path) => path !== undefined),
    unknown: ['upload/logo99.png'],
    tolerated: ['screenshots/abc.png'],
  };
}
