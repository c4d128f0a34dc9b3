// Data directories that the newest snapshot has, whatever they look like now.

import { deepStrictEqual } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findDataDirs } from '../../../src/engine/detect/find-data-dirs.ts';
import { engineOptions } from '../../support/engine-options.ts';
import { quietCall, testProject } from '../../support/project.ts';
import { database } from '../../support/sqlite.ts';
import { symlink, tree, type Tree } from '../../support/tree.ts';
import type { KnownDataDir } from '../../../src/engine/detect/found.ts';

const db = database();

/** `path layout confidence`, with `: roots` where it is not captured as a whole; then what was not taken. */
async function found(files: Tree, known: readonly KnownDataDir[]): Promise<string[]> {
  const storeDir = '/nowhere/savepoint-store';
  const options = engineOptions({ storeDir, env: { HOME: '/nowhere/home' } });
  const context = { options, allowed: [], storeDir, known: { dataDirs: known, databases: [] } };
  const { dataDirs, rejected } = findDataDirs(await tree(files), context);
  return [
    ...dataDirs.map(({ path, layout, confidence, roots }) => {
      const parts = roots.length === 1 && roots[0] === path ? '' : `: ${roots.join(' ')}`;
      return `${path} ${layout} ${confidence}${parts}`;
    }),
    ...rejected.map(({ path, reason }) => `${path}: ${reason}`),
  ];
}

describe('findDataDirs, of a project with snapshots', () => {
  const data: KnownDataDir = { name: 'data', path: 'data', roots: ['data'], layout: 'generic' };
  const site = { ...data, layout: 'docsfy' };
  const cases: [what: string, Tree, KnownDataDir[], string[]][] = [
    [
      'holds on to what lost its database, or has a damaged one',
      { 'data/app.db': 'garbage', 'data/a.txt': 'x' },
      [data],
      ['data generic likely'],
    ],
    [
      'holds on to the layout while something of it is there',
      { 'data/docsfy.db': 'garbage', 'data/projects/_default/a': 'x', '.env': 'DATA_DIR=data' },
      [site],
      ['data docsfy likely'],
    ],
    [
      'lets go of a layout of which nothing is left',
      { 'data/app.db': db, 'data/a.txt': 'x' },
      [site],
      ['data generic likely'],
    ],
    [
      'holds on to a database by itself, and to those of a folder that are there',
      { 'dev.db': 'garbage', 'prisma/a.db': 'garbage' },
      [
        { ...data, path: 'dev.db', roots: ['dev.db'] },
        { ...data, path: 'prisma', roots: ['prisma/a.db', 'prisma/b.db'] },
      ],
      [
        'dev.db generic guess',
        'prisma generic likely: prisma/a.db',
        'prisma/b.db: gone since the newest snapshot: savepoint restore latest',
      ],
    ],
    [
      'says of what is gone, or empty, that it was there',
      { 'data/': {}, 'var/': {} },
      [data, { ...data, path: 'var', roots: ['var', 'var2'] }],
      [
        'data: empty since the newest snapshot: savepoint restore latest',
        'var: empty since the newest snapshot: savepoint restore latest',
        'var2: gone since the newest snapshot: savepoint restore latest',
      ],
    ],
    [
      'lets go of what a link took the place of',
      { 'elsewhere/a.txt': 'x', data: symlink('elsewhere') },
      [data],
      ['elsewhere: no SQLite database among its 1 file'],
    ],
    [
      'keeps a folder as a whole though only its database would be taken now',
      { 'data/app.db': db, 'data/src/': { 'a.ts': 'x', 'b.ts': 'x' }, 'data/note.txt': 'x' },
      [data],
      ['data generic likely'],
    ],
    [
      'takes what is found now before what was',
      { 'data/inner/.git': 'x', 'data/inner/data/app.db': db, 'data/a.txt': 'x' },
      [{ ...data, path: 'data/inner', roots: ['data/inner'] }],
      ['data generic likely'],
    ],
    [
      'leaves it to savepoint.json where that has a list',
      {
        'data/app.db': 'garbage',
        'other/app.db': db,
        'savepoint.json': '{ "dataDirs": [{ "path": "other" }] }',
      },
      [data],
      ['other generic certain'],
    ],
  ];
  for (const [what, files, known, expected] of cases) {
    it(what, async () => {
      deepStrictEqual(await found(files, known), expected);
    });
  }
});

describe('detect', () => {
  it('tells databases of the newest snapshot that are none any more, until that is what was saved', async () => {
    const { project, dir } = await testProject({
      'data/a.db': db,
      'data/b': db,
      'data/c.txt': 'garbage',
    });
    await project.snapshot({}, quietCall);
    writeFileSync(join(dir, 'data/a.db'), 'garbage');
    writeFileSync(join(dir, 'data/b'), '');
    const states = async (): Promise<string[]> => {
      const { dataDirs } = await project.detect(quietCall);
      return dataDirs.flatMap(({ databases, files }) => [
        ...databases.map(({ path, state }) => `${path} ${state}`),
        `${files} files`,
      ]);
    };
    deepStrictEqual(await states(), ['data/a.db damaged', 'data/b empty', '1 files']);
    await project.snapshot({}, quietCall);
    deepStrictEqual(await states(), ['3 files']);
    await project.close();
  });
});
