// Linkding: snapshots of bookmarks once they are complete; favicons that many bookmarks share;
// previews of some.

import { database } from '../sqlite.ts';
import { day, files, hex, insert, numbers, pick, type AppData } from './app-data.ts';

export function linkding(): AppData {
  const bookmarks = numbers(110).map((id) => {
    const site = `site${1 + (id % 23)}.example.com`;
    return {
      id,
      url: `https://${site}/posts/${id}.html`,
      title: `Bookmark ${id}`,
      description: `Saved from ${site}/about`,
      web_archive_snapshot_url: `https://web.archive.org/web/2026/https://${site}/posts/${id}.html`,
      favicon_file: id % 10 === 0 ? '' : `https_${site.replaceAll('.', '_')}.png`,
      preview_image_file: id % 3 === 0 ? `${hex(`preview ${id}`, 32)}.jpg` : '',
      date_added: day(id),
    };
  });
  const assets = numbers(80).map((id) => {
    const status = pick(['complete', 'complete', 'complete', 'pending', 'failure'], `s ${id}`);
    const isHtml = id % 5 !== 0;
    const name = `${isHtml ? 'snapshot' : 'upload'}_2026-0${1 + (id % 9)}-11_${100_000 + id * 137}_https___site${id}.${isHtml ? 'html.gz' : 'pdf'}`;
    return {
      id,
      date_created: day(id),
      file: status === 'complete' || (status === 'failure' && id % 2 === 0) ? name : '',
      content_type: isHtml ? 'text/html' : 'application/pdf',
      asset_type: isHtml ? 'snapshot' : 'upload',
      display_name: isHtml ? `HTML snapshot from ${day(id)}` : `paper ${id}.pdf`,
      status,
      gzip: isHtml ? 1 : 0,
      bookmark_id: id,
    };
  });
  const assetFiles = assets.flatMap(({ status, file }) =>
    status === 'complete' ? [`assets/${file}`] : [],
  );
  const favicons = [
    ...new Set(bookmarks.map(({ favicon_file }) => favicon_file).filter((name) => name !== '')),
  ].map((name) => `favicons/${name}`);
  const previews = bookmarks.flatMap(({ preview_image_file }) =>
    preview_image_file === '' ? [] : [`previews/${preview_image_file}`],
  );
  const schema = `
    CREATE TABLE bookmarks_bookmark (id integer PRIMARY KEY AUTOINCREMENT, url varchar(2048),
      title varchar(512), description text, web_archive_snapshot_url varchar(2048),
      favicon_file varchar(512), preview_image_file varchar(512), date_added datetime);
    CREATE TABLE bookmarks_bookmarkasset (id integer PRIMARY KEY AUTOINCREMENT, date_created datetime,
      file varchar(2048), content_type varchar(128), asset_type varchar(64),
      display_name varchar(2048), status varchar(64), gzip bool,
      bookmark_id integer REFERENCES bookmarks_bookmark(id));
    CREATE TABLE bookmarks_tag (id integer PRIMARY KEY AUTOINCREMENT, name varchar(64));`;
  return {
    entries: {
      'db.sqlite3': database(
        schema +
          insert('bookmarks_bookmark', bookmarks) +
          insert('bookmarks_bookmarkasset', assets) +
          insert(
            'bookmarks_tag',
            numbers(30).map((id) => ({ id, name: `tag-${id}` })),
          ),
        { journalMode: 'wal' },
      ),
      'tasks.sqlite3': database(
        'CREATE TABLE task (id INTEGER PRIMARY KEY, queue TEXT, data BLOB, priority REAL);',
      ),
      'secretkey.txt': 'secret\n',
      ...files([...assetFiles, ...favicons, ...previews]),
    },
    rules: [
      'bookmarks_bookmark: favicons/{favicon_file} covers favicons/*',
      'bookmarks_bookmark: previews/{preview_image_file} covers previews/*',
      "bookmarks_bookmarkasset: assets/{file} where status = 'complete' covers assets/*",
    ],
    needed: [assetFiles[4], previews[9]].filter((path) => path !== undefined),
    unknown: ['assets/snapshot_2020-01-01_000000_https___gone.html.gz', 'previews/gone.jpg'],
    tolerated: ['assets/upload.tmp'],
  };
}
