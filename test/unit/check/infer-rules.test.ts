import { deepStrictEqual } from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { inferRules } from '../../../src/engine/check/infer/infer-rules.ts';
import { imageDatabase } from '../../../src/engine/check/side-database.ts';
import type { PathKind } from '../../../src/engine/check/file-index.ts';
import { ruleFromReference } from '../../../src/engine/check/rule-from-reference.ts';
import type { Rule } from '../../../src/core/check/rule.ts';
import { hex, insert, numbers, uuid, type SqlCell } from '../../support/app-data/app-data.ts';
import { join } from 'node:path';
import { sqlite } from '../../support/sqlite.ts';
import { tree } from '../../support/tree.ts';

type Rows = readonly Readonly<Record<string, SqlCell>>[];

interface Given {
  /** Each table's rows; the columns are those of the first. */
  readonly tables: Readonly<Record<string, Rows>>;
  /** Relative to the data directory. */
  readonly paths: readonly string[];
  readonly known?: readonly Rule[];
  /** Default `data`. */
  readonly dataDir?: string;
}

async function infer({ tables, paths, known = [], dataDir = 'data' }: Given): Promise<Rule[]> {
  const root = await tree();
  const image = join(root, 'app.db');
  const schema = Object.entries(tables).map(
    ([table, rows]) =>
      `CREATE TABLE ${table} (${Object.keys(rows[0] ?? { id: 0 })
        .map((column) => (column === 'id' ? 'id INTEGER PRIMARY KEY' : `"${column}"`))
        .join(', ')});${insert(table, rows)}`,
  );
  sqlite(image, schema.join('\n'));
  const kinds = new Map<string, PathKind>([[`${dataDir}/app.db`, 'file']]);
  for (const path of paths) {
    const names = `${dataDir}/${path}`.split('/');
    for (let end = 1; end < names.length; end += 1) {
      kinds.set(names.slice(0, end).join('/'), 'directory');
    }
    kinds.set(names.join('/'), 'file');
  }
  const db = imageDatabase(`${dataDir}/app.db`, root, async () => image);
  try {
    return await inferRules(
      {
        dataDirs: [{ name: 'data', path: dataDir }],
        files: { kinds, isDatabase: () => false },
        databases: [db],
        known,
      },
      new AbortController().signal,
    );
  } finally {
    db.close();
  }
}

/** `checked uploads: files/{path} where … (19 of 20)`. */
async function found(given: Given): Promise<string[]> {
  const rules = await infer(given);
  return rules.map(({ state, table, target, where, evidence }) => {
    const path = target.kind === 'path' ? target.template.text : '';
    const condition = where === null ? '' : ` where ${where}`;
    return `${state} ${table}: ${path}${condition} (${evidence?.fits} of ${evidence?.of})`;
  });
}

const name = (id: number): string => `${uuid(`file ${id}`)}.png`;
const rowsOf = (count: number): Rows => numbers(count).map((id) => ({ id, path: name(id) }));
const filesOf = (count: number, missing: number): string[] =>
  numbers(count - missing).map((id) => `files/${name(id)}`);

describe('inferRules', () => {
  const shares: readonly (readonly [count: number, missing: number, rules: readonly string[]])[] = [
    [4, 0, []],
    [5, 0, ['checked uploads: files/{path} (5 of 5)']],
    [9, 1, []],
    [10, 1, ['checked uploads: files/{path} (9 of 10)']],
    [20, 2, ['suggested uploads: files/{path} (18 of 20)']],
    [60, 3, ['checked uploads: files/{path} (57 of 60)']],
    [100, 4, ['suggested uploads: files/{path} (96 of 100)']],
    [400, 8, ['checked uploads: files/{path} (392 of 400)']],
    [400, 9, ['suggested uploads: files/{path} (391 of 400)']],
    [100, 11, []],
  ];
  for (const [count, missing, rules] of shares) {
    it(`makes of ${missing} missing in ${count}: ${rules[0]?.split(' ')[0] ?? 'nothing'}`, async () => {
      const given = { tables: { uploads: rowsOf(count) }, paths: filesOf(count, missing) };
      deepStrictEqual(await found(given), rules);
    });
  }

  it('tells which paths do not fit, in the project', async () => {
    const [rule] = await infer({ tables: { uploads: rowsOf(20) }, paths: filesOf(20, 2) });
    deepStrictEqual(
      rule?.evidence?.misfits,
      [19, 20].map((id) => `data/files/${name(id)}`),
    );
    deepStrictEqual(rule.evidence.examples.length, 10);
  });

  const whereOf = async (column: string, valueOf: (id: number) => SqlCell): Promise<string[]> =>
    await found({
      tables: { uploads: numbers(60).map((id) => ({ id, path: name(id), [column]: valueOf(id) })) },
      paths: numbers(60)
        .filter((id) => id % 5 !== 0)
        .map((id) => `files/${name(id)}`),
    });

  it('finds the column that tells which rows have no file', async () => {
    const fits = '(48 of 48)';
    deepStrictEqual(await whereOf('deleted_at', (id) => (id % 5 === 0 ? `2026-01-${id}` : null)), [
      `checked uploads: files/{path} where deleted_at IS NULL ${fits}`,
    ]);
    deepStrictEqual(await whereOf('status', (id) => (id % 5 === 0 ? 'failed' : 'done')), [
      `checked uploads: files/{path} where status = 'done' ${fits}`,
    ]);
    deepStrictEqual(
      await whereOf('storage', (id) => (id % 5 === 0 ? 's3' : id % 2 === 0 ? 'disk' : 'local')),
      [`checked uploads: files/{path} where storage IS NOT 's3' ${fits}`],
    );
    deepStrictEqual(await whereOf('order', (id) => (id % 5 === 0 ? 0 : 1)), [
      `checked uploads: files/{path} where "order" = 1 ${fits}`,
    ]);
  });

  it('takes no column for a reason that has nothing to do with it', async () => {
    deepStrictEqual(await whereOf('colour', (id) => ['red', 'green', 'blue'][id % 3]!), []);
  });

  it('believes one row where the column says that it is deleted, and no other column', async () => {
    const rows = (column: string): Rows =>
      numbers(30).map((id) => ({ id, path: name(id), [column]: id === 30 ? 1 : 0 }));
    const paths = filesOf(30, 1);
    deepStrictEqual(await found({ tables: { uploads: rows('is_deleted') }, paths }), [
      'checked uploads: files/{path} where is_deleted = 0 (29 of 29)',
    ]);
    deepStrictEqual(await found({ tables: { uploads: rows('flag') }, paths }), [
      'checked uploads: files/{path} (29 of 30)',
    ]);
  });

  it('believes numbers only where they are the very numbers of the files', async () => {
    const rows = (ids: readonly number[]): Rows => ids.map((id) => ({ id, title: `Page ${id}` }));
    const paths = (ids: readonly number[]): string[] => ids.map((id) => `pages/${id}.mp4`);
    const all = numbers(60);
    const gaps = all.filter((id) => id % 7 !== 0);
    deepStrictEqual(await found({ tables: { pages: rows(gaps) }, paths: paths(gaps) }), [
      'checked pages: pages/{id}.mp4 (52 of 52)',
    ]);
    deepStrictEqual(await found({ tables: { posts: rows(all) }, paths: paths(all) }), []);
    deepStrictEqual(await found({ tables: { pages: rows(gaps) }, paths: paths(all) }), []);
  });

  it('believes numbers without gaps where the folder has the name of the table, and what lies beside it', async () => {
    const rows = (count: number): Rows => numbers(count).map((id) => ({ id, title: `No. ${id}` }));
    const paths = (name: string, count: number): string[] =>
      numbers(count).map((id) => name.replace('N', String(id)));
    const photos = [...paths('photos/N.jpg', 30), ...paths('thumbs/N.webp', 30)];
    deepStrictEqual(await found({ tables: { photos: rows(30), users: rows(30) }, paths: photos }), [
      'checked photos: photos/{id}.jpg (30 of 30)',
      'checked photos: thumbs/{id}.webp (30 of 30)',
    ]);
    deepStrictEqual(
      await found({ tables: { app_photo: rows(20) }, paths: paths('media/photo-N.jpg', 20) }),
      ['checked app_photo: media/photo-{id}.jpg (20 of 20)'],
    );
    deepStrictEqual(
      await found({ tables: { galleries: rows(20) }, paths: paths('gallery/N/cover.mp4', 20) }),
      ['checked galleries: gallery/{id}/cover.mp4 (20 of 20)'],
    );
    const none: readonly Given[] = [
      { tables: { photos: rows(9) }, paths: paths('photos/N.jpg', 9) },
      { tables: { photos: rows(30) }, paths: paths('photos/N.jpg', 40) },
      { tables: { photos: rows(40) }, paths: paths('photos/N.jpg', 30) },
      { tables: { users: rows(30) }, paths: photos },
      {
        tables: { photos: rows(30) },
        paths: [...paths('thumbs/N.webp', 30), ...paths('exports/N.csv', 30)],
      },
    ];
    for (const given of none) deepStrictEqual(await found(given), []);
    deepStrictEqual(
      await found({
        tables: { photos: rows(30) },
        paths: [...paths('photos/N.jpg', 30), ...paths('reports/N.csv', 28)],
      }),
      ['checked photos: photos/{id}.jpg (30 of 30)'],
    );
  });

  it('believes days and numbers in texts no more than numbers', async () => {
    const dayOf = (number: number): string =>
      new Date(Date.UTC(2026, 0, number)).toISOString().slice(0, 10);
    const days = (list: readonly number[]): Rows =>
      list.map((number, index) => ({ id: index + 50, on: dayOf(number) }));
    const all = numbers(60);
    const some = all.filter((number) => number % 7 !== 0);
    const reports = (list: readonly number[], folder = 'reports'): string[] =>
      list.map((number) => `${folder}/${dayOf(number)}.csv`);
    deepStrictEqual(await found({ tables: { orders: days(all) }, paths: reports(all) }), []);
    deepStrictEqual(await found({ tables: { orders: days(some) }, paths: reports(all) }), []);
    deepStrictEqual(
      await found({ tables: { orders: days([...some, ...some]) }, paths: reports(some) }),
      [],
    );
    deepStrictEqual(await found({ tables: { entries: days(some) }, paths: reports(some) }), [
      'checked entries: reports/{on}.csv (52 of 52)',
    ]);
    deepStrictEqual(
      await found({ tables: { entries: days(all) }, paths: reports(all, 'entries') }),
      ['checked entries: entries/{on}.csv (60 of 60)'],
    );
    const codes = all.map((id) => ({ id: id + 50, code: String(id).padStart(4, '0') }));
    deepStrictEqual(
      await found({
        tables: { items: codes },
        paths: codes.map(({ code }) => `frames/${code}.png`),
      }),
      [],
    );
  });

  it('takes a whole name before one that is put together', async () => {
    const media = numbers(20).map((id) => ({
      id,
      name: hex(`m ${id}`, 9),
      file_name: `${hex(`m ${id}`, 9)}.jpg`,
    }));
    deepStrictEqual(
      await found({ tables: { media }, paths: media.map((row) => `public/${row.file_name}`) }),
      ['checked media: public/{file_name} (20 of 20)'],
    );
  });

  it('takes a row that another table refers to for the owner of the file', async () => {
    const files = numbers(40).map((id) => ({ id, uuid: uuid(`u ${id}`) }));
    const links = numbers(25).map((id) => ({ id, file_uuid: uuid(`u ${id}`) }));
    deepStrictEqual(
      await found({
        tables: { files, links },
        paths: files.map((row) => `store/${row.uuid}/content`),
      }),
      ['checked files: store/{uuid}/content (40 of 40)'],
    );
  });

  it('covers a folder that two tables share only together', async () => {
    const people = numbers(20).map((id) => ({ id, avatar: `${hex(`a ${id}`, 12)}.png` }));
    const posts = numbers(30).map((id) => ({ id, image: `${hex(`i ${id}`, 12)}.png` }));
    const rules = await infer({
      tables: { people, posts },
      paths: [...people.map((row) => row.avatar), ...posts.map((row) => row.image)].map(
        (file) => `media/${file}`,
      ),
    });
    deepStrictEqual(
      rules.map(({ table, target }) => [table, target.kind === 'path' && target.covers]),
      [
        ['people', 'media/*'],
        ['posts', 'media/*'],
      ],
    );
  });

  it('covers no folder where many files have no row', async () => {
    const [rule] = await infer({
      tables: { uploads: rowsOf(30) },
      paths: [...filesOf(30, 0), ...numbers(20).map((id) => `files/other ${id}.txt`)],
    });
    deepStrictEqual(
      [rule?.state, rule?.target.kind === 'path' && rule.target.covers],
      ['checked', null],
    );
  });

  it('takes default pictures, hidden files and folders beside the files of rows for no lost files', async () => {
    const paths = [
      'default.png',
      'user-default.svg',
      'no_avatar@2x.png',
      'placeholder.jpg',
      'README.md',
      'index.html',
      '.thumbs/1',
      '.hidden',
      'cache/a.png',
    ].map((path) => `files/${path}`);
    const [rule] = await infer({
      tables: { uploads: rowsOf(30) },
      paths: [...filesOf(30, 0), ...paths, `files/${uuid('lost')}.png`],
    });
    const { covers, tombstones } = { tombstones: [], covers: null, ...rule?.target };
    deepStrictEqual(
      [covers, tombstones],
      [
        'files/*',
        [
          'files/**/.*',
          'files/**/README.md',
          'files/**/default.png',
          'files/**/index.html',
          'files/**/no_avatar\\@2x.png',
          'files/**/placeholder.jpg',
          'files/**/user-default.svg',
          'files/cache',
          '**/*.tmp',
          '**/*.part',
        ],
      ],
    );
  });

  it('takes pictures to choose from for no lost files where nobody has chosen them yet', async () => {
    const types = ['bug', 'feature', 'task', 'story', 'epic', 'spike', 'chore', 'idea', 'risk'];
    const issues = numbers(60).map((id) => ({ id, type: types[id % 9] ?? '' }));
    const [rule, ...others] = await infer({
      tables: { issues },
      paths: [...types, 'unused'].map((type) => `icons/${type}.svg`),
    });
    deepStrictEqual(
      [rule?.id, rule?.target.kind === 'path' && rule.target.covers, others],
      ['data/app.db:issues -> icons/{type}.svg', null, []],
    );
    const endings = ['csv', 'json', 'html', 'pdf', 'xlsx'];
    deepStrictEqual(
      await found({
        tables: { exports: numbers(60).map((id) => ({ id, format: endings[id % 5] ?? '' })) },
        paths: endings.map((ending) => `samples/file.${ending}`),
      }),
      [],
    );
  });

  const coverOf = async (given: Given): Promise<unknown> => {
    const [rule] = await infer(given);
    return rule?.target.kind === 'path' ? rule.target.covers : undefined;
  };

  it('covers a folder all the same when one more file has no row, until a quarter has none', async () => {
    for (const count of [12, 40, 200]) {
      const lost = (many: number): string[] =>
        numbers(many).map((id) => `files/${uuid(`lost ${id}`)}.png`);
      for (const many of [0, 1, 2, count / 4 - 1, count / 4]) {
        deepStrictEqual(
          await coverOf({
            tables: { uploads: rowsOf(count) },
            paths: [...filesOf(count, 0), ...lost(many)],
          }),
          'files/*',
          `${many} beside ${count}`,
        );
      }
      const half = [...filesOf(count, 0), ...lost(count / 2)];
      deepStrictEqual(await coverOf({ tables: { uploads: rowsOf(count) }, paths: half }), null);
    }
  });

  it('takes files whose names stand in a row of any table for no lost files', async () => {
    const mentioned = numbers(6).map((id) => `${hex(`b ${id}`, 10)} ${id}.png`);
    const pages = [
      { id: 1, body: `<img src="/media/${mentioned[0]}"> and ![x](${encodeURI(mentioned[1]!)})` },
      { id: 2, body: JSON.stringify({ banner: `files/${mentioned[2]}`, icon: mentioned[3] }) },
      { id: 3, body: `${mentioned[4]}, see ${mentioned[5]!.replace('.png', '')}` },
    ];
    const [rule] = await infer({
      tables: { uploads: rowsOf(30), pages },
      paths: [...filesOf(30, 0), ...mentioned.map((one) => `files/${one}`), 'files/stray 7.png'],
    });
    const { covers, tombstones } = { tombstones: [], covers: null, ...rule?.target };
    deepStrictEqual(
      [covers, tombstones],
      ['files/*', [...mentioned.map((one) => `files/${one}`).toSorted(), '**/*.tmp', '**/*.part']],
    );
  });

  it('takes names that begin alike for those that need a row, whatever lies beside them', async () => {
    const rows = numbers(20).map((id) => ({ id, key: uuid(`k ${id}`) }));
    const own = rows.map(({ key }) => `blobs/file-${key}.blob`);
    for (const others of [[], ['blobs/notes.txt'], ['blobs/notes.txt', 'blobs/group-1.bin']]) {
      deepStrictEqual(
        await coverOf({ tables: { files: rows }, paths: [...own, ...others] }),
        'blobs/file-*.blob',
      );
    }
  });

  it('keeps names with braces and wildcards as they are', async () => {
    deepStrictEqual(
      (
        await infer({
          tables: { uploads: rowsOf(20) },
          paths: numbers(20).map((id) => `a {1} [x]*/${name(id)}`),
        })
      ).map(({ target }) => target.kind === 'path' && [target.template.text, target.covers]),
      [['a {{1}} [x]*/{path}', 'a \\{1\\} \\[x\\]\\*/*']],
    );
  });

  it('finds nothing again that is known, however it is written', async () => {
    const known = [
      ruleFromReference(
        {
          database: 'app.db',
          table: 'uploads',
          where: undefined,
          path: 'files/{path:base}',
          covers: undefined,
        },
        { dataDir: 'data', base: 'data', origin: 'config' },
      ),
    ];
    const given = { tables: { uploads: rowsOf(20) }, paths: filesOf(20, 0) };
    deepStrictEqual((await found(given)).length, 1);
    deepStrictEqual(await found({ ...given, known }), []);
  });

  it('finds rules of a data directory outside of the project', async () => {
    const [rule] = await infer({
      tables: { uploads: rowsOf(20) },
      paths: filesOf(20, 0),
      dataDir: '/srv/app/data',
    });
    deepStrictEqual(
      [rule?.id, rule?.dataDir, rule?.target.kind === 'path' && rule.target.base],
      ['/srv/app/data/app.db:uploads -> files/{path}', 'data', '/srv/app/data'],
    );
  });

  it('finds nothing without rows, without files, and in rows of every type', async () => {
    deepStrictEqual(await found({ tables: { empty: [] }, paths: ['files/a'] }), []);
    deepStrictEqual(await found({ tables: { uploads: rowsOf(20) }, paths: [] }), []);
    const odd = numbers(20).map((id) => ({ id, a: null, b: 1.5, c: '', d: '{', e: '[1,' }));
    deepStrictEqual(await found({ tables: { odd }, paths: ['files/{', 'files/[1,'] }), []);
  });

  it('takes no names for files of one folder that many folders have', async () => {
    const slugs = numbers(8).map((id) => `chapter-${id * 7}`);
    const visits = numbers(200).map((id) => ({ id, page: slugs[id % 8] ?? '' }));
    const sites = ['atlas', 'borealis', 'cumulus', 'delta'];
    const paths = sites.flatMap((site) => slugs.map((slug) => `${site}/site/${slug}.html`));
    deepStrictEqual(await found({ tables: { visits }, paths }), []);
    const one = paths.filter((path) => path.startsWith('atlas/'));
    deepStrictEqual(await found({ tables: { visits }, paths: one }), [
      'checked visits: atlas/site/{page}.html (200 of 200)',
    ]);
  });

  it('takes no words that stand anywhere for names of files', async () => {
    const words = [
      'about',
      'index',
      'logo',
      'home',
      'blog',
      'team',
      'news',
      'shop',
      'help',
      'terms',
    ];
    const rows = numbers(40).map((id) => ({ id, title: words[id % words.length]! }));
    const everywhere = words.map((word) => `${word}/a.txt`);
    deepStrictEqual(await found({ tables: { pages: rows }, paths: everywhere }), []);
    const others = numbers(20).map((id) => `icons/icon-${id}.svg`);
    const icons = words.map((word) => `icons/${word}.svg`);
    deepStrictEqual(await found({ tables: { pages: rows }, paths: [...icons, ...others] }), []);
    // Where a row names all that lies there, it does name it.
    deepStrictEqual(await found({ tables: { pages: rows }, paths: icons }), [
      'checked pages: icons/{title}.svg (40 of 40)',
    ]);
  });

  const monthly = (count: number, month: (id: number) => string) =>
    numbers(count).map((id) => ({
      id,
      file: `${hex(`m ${id}`, 16)}.pdf`,
      month: month(id),
      created_on: `${month(id).replace('/', '-')}-1${id % 9} 0${id % 9}:30:00`,
    }));
  const inMonths = (rows: readonly { file: string; month: string }[]): string[] =>
    rows.map(({ file, month }) => `scans/${month}/${file}`);

  it('takes the folder of a month from the column that has it, also while there is one month only', async () => {
    for (const [count, next] of [
      [30, 0],
      [30, 1],
      [30, 4],
      [12, 2],
      [300, 1],
    ] as const) {
      const scans = monthly(count + next, (id) => (id > count ? '2025/02' : '2025/01'));
      const total = count + next;
      deepStrictEqual(await found({ tables: { scans }, paths: inMonths(scans) }), [
        `checked scans: scans/{month}/{file} (${total} of ${total})`,
      ]);
    }
  });

  it('names no month or year that happens to be the only one: the file may lie in any', async () => {
    const bare = (count: number, month: (id: number) => string) =>
      monthly(count, month).map(({ id, file, created_on }) => ({ id, file, created_on }));
    const of = async (count: number, month: (id: number) => string): Promise<unknown> => {
      const [rule, ...others] = await infer({
        tables: { scans: bare(count, month) },
        paths: inMonths(monthly(count, month)),
      });
      const { template, covers } = { template: null, covers: null, ...rule?.target };
      return [template?.text, covers, rule?.evidence?.fits, others.length];
    };
    deepStrictEqual(await of(30, () => '2025/01'), ['scans/**/{file}', 'scans/**', 30, 0]);
    deepStrictEqual(await of(30, () => '2025'), ['scans/**/{file}', 'scans/**', 30, 0]);
    // More months than one prove that it is that of the row.
    deepStrictEqual(await of(30, (id) => `2025/0${1 + (id % 3)}`), [
      'scans/{created_on:%Y/%m}/{file}',
      'scans/*/*/*',
      30,
      0,
    ]);
    // A row of another zone: its file lies in the month before.
    const paths = inMonths(monthly(30, (id) => (id === 30 ? '2025/02' : '2025/01')));
    const scans = bare(30, (id) => (id >= 29 ? '2025/02' : '2025/01'));
    deepStrictEqual(await found({ tables: { scans }, paths }), [
      'checked scans: scans/**/{file} (30 of 30)',
    ]);
  });

  it('finds a file in folders that no column tells, where its name is there once', async () => {
    const shelves = ['north', 'south', 'east'];
    const shelf = (id: number): string => shelves[id % 3] ?? '';
    const rows = numbers(30).map((id) => ({ id, file: `${hex(`s ${id}`, 16)}.pdf` }));
    const given = {
      tables: { papers: rows },
      paths: rows.map(({ id, file }) => `shelf/${shelf(id)}/${file}`),
    };
    deepStrictEqual(await found(given), ['checked papers: shelf/**/{file} (30 of 30)']);
    // One folder as yet, and one file that a person has put into another.
    const moved = rows.map(({ id, file }) => `shelf/${id === 7 ? 'south' : 'north'}/${file}`);
    deepStrictEqual(await found({ ...given, paths: moved }), [
      'checked papers: shelf/**/{file} (30 of 30)',
    ]);
    // Names that are there twice are two rules, if any.
    const twice = rows.flatMap(({ file }) => [`shelf/north/${file}`, `shelf/south/${file}`]);
    deepStrictEqual(await found({ ...given, paths: twice }), [
      'checked papers: shelf/north/{file} (30 of 30)',
      'checked papers: shelf/south/{file} (30 of 30)',
    ]);
  });

  it('takes folders from the hash of a name', async () => {
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    const images = numbers(25).map((id) => ({ id, img_name: `Picture ${hex(`w ${id}`, 5)}.png` }));
    deepStrictEqual(
      await found({
        tables: { images },
        paths: images.map(({ img_name: name }) => {
          const digits = md5(name);
          return `images/${digits.slice(0, 1)}/${digits.slice(0, 2)}/${name}`;
        }),
      }),
      ['checked images: images/{img_name:md5:0..1}/{img_name:md5:0..2}/{img_name} (25 of 25)'],
    );
    const pages = numbers(25).map((id) => ({
      id,
      url: `https://h/${id}`,
      file: hex(`p ${id}`, 20),
    }));
    const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');
    deepStrictEqual(
      await found({
        tables: { pages },
        paths: pages.map(({ url, file }) => {
          const digits = sha1(url);
          return `mirror/${digits.slice(0, 2)}/${digits.slice(2, 4)}/${file}.html`;
        }),
      }),
      ['checked pages: mirror/{url:sha1:0..2}/{url:sha1:2..4}/{file}.html (25 of 25)'],
    );
  });

  it('takes the folder from the row of another table that the row refers to', async () => {
    const books = numbers(30).map((id) => ({
      id,
      title: `T ${id}`,
      path: `Writer ${id % 7}/Book (${id})`,
    }));
    const files = numbers(30).map((id) => ({
      id: id + 100,
      book: id,
      format: id % 3 === 0 ? 'PDF' : 'EPUB',
      name: `Book - Writer ${id}`,
    }));
    const paths = numbers(30).map(
      (id) => `Writer ${id % 7}/Book (${id})/Book - Writer ${id}.${id % 3 === 0 ? 'pdf' : 'epub'}`,
    );
    const rules = await found({ tables: { books, files }, paths });
    deepStrictEqual(rules, [
      'checked books: {path} (30 of 30)',
      'checked files: {books.path}/{name}.{format:lower} (30 of 30)',
    ]);
  });

  it('finds paths in JSON of any shape and in pages by what stands in front of them', async () => {
    const key = (id: number): string => `runs/${id % 3}/${uuid(`part ${id}`)}`;
    const runs = numbers(30).map((id) => ({
      id,
      data: JSON.stringify([{ '1': ['2'] }, 'text', `blob-v2:${key(id)}`, { mime: 'a/b' }]),
    }));
    const pages = numbers(30).map((id) => ({
      id,
      body: `<p>See <img src="/media/${name(id)}"> and <a href="https://example.org/x.png">this</a>.</p>`,
    }));
    const paths = [
      ...numbers(30).map((id) => `storage/${key(id)}`),
      ...numbers(30).map((id) => `pictures/${name(id)}`),
    ];
    deepStrictEqual(await found({ tables: { runs, pages }, paths }), [
      'checked pages: pictures/{body:after./media/} (30 of 30)',
      'checked runs: storage/{data:after."blob-v2:"} (30 of 30)',
    ]);
  });

  it('finds paths that are kept as bytes', async () => {
    const root = await tree();
    const image = join(root, 'app.db');
    const path = (id: number): string => `/home/me/Music/Band ${id % 4}/${id} søng.mp3`;
    const values = numbers(20).map(
      (id) => `(${id}, x'${Buffer.from(path(id)).toString('hex')}', x'00ff2f${id + 10}')`,
    );
    sqlite(
      image,
      `CREATE TABLE items(id INTEGER PRIMARY KEY, path BLOB, key BLOB);
      INSERT INTO items VALUES ${values.join()};`,
    );
    const kinds = new Map<string, PathKind>([['data/Music', 'directory']]);
    for (const id of numbers(20)) kinds.set(path(id).replace('/home/me', 'data'), 'file');
    const database = imageDatabase('data/app.db', root, async () => image);
    const [rule, ...others] = await inferRules(
      {
        dataDirs: [{ name: 'data', path: 'data' }],
        files: { kinds, isDatabase: () => false },
        databases: [database],
        known: [],
      },
      new AbortController().signal,
    );
    database.close();
    deepStrictEqual(
      [rule?.id, rule?.evidence?.fits, others],
      ['data/app.db:items -> {path:from.Music}', 20, []],
    );
  });
});
