// What a plan forecasts, what the restore says, and what check finds right afterwards are the same, on
// data of many kinds: rules of savepoint.json and of a layout, rules found in the data, two of which
// share a folder, and schemas that are not those of the snapshot.

import { deepStrictEqual } from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { mismatchKey } from '../../../src/core/check/mismatch-key.ts';
import type { Mismatch } from '../../../src/core/documents/documents.ts';
import { hex, insert, numbers } from '../../support/app-data/app-data.ts';
import { quietCall, testProject } from '../../support/project.ts';
import { database, sqlite } from '../../support/sqlite.ts';
import { writeTree, type Tree } from '../../support/tree.ts';
import type { RestoreOptions } from '../../../src/core/documents/options.ts';

interface Case {
  readonly name: string;
  readonly data: () => Tree;
  /** What happens to the data after the snapshot. */
  readonly change: (dir: string) => void | Promise<void>;
  readonly parts: readonly Partial<RestoreOptions>[];
  /** Mismatches after each of `parts`. */
  readonly after: readonly (number | null)[];
}

const app = 'data/app.db';

const cases: readonly Case[] = [
  {
    name: 'a dropped column whose files share a folder with those of another',
    data: shop,
    change: (dir) => {
      sqlite(join(dir, app), 'ALTER TABLE products DROP COLUMN image');
    },
    parts: [{}, { only: [app] }, { except: [app] }, { keepNew: true }],
    after: [0, 0, 60, 0],
  },
  {
    name: 'rows gone from one of two tables that share a folder, and files of both',
    data: shop,
    change: (dir) => {
      for (const n of numbers(9)) fs.rmSync(join(dir, 'data', image('p', n)));
      sqlite(join(dir, app), 'DELETE FROM products WHERE id > 50');
    },
    parts: [{}, { exceptTable: [`${app}:products`] }, { table: [`${app}:users`] }, { only: [app] }],
    after: [0, 10, 19, 9],
  },
  {
    name: 'more rows and files since, of a table that shares its folder',
    data: shop,
    change: async (dir) => {
      const more = numbers(12).map((n) => ({ id: 100 + n, title: 'new', image: image('n', n) }));
      sqlite(join(dir, app), insert('products', more));
      await writeTree(join(dir, 'data'), images('n', 12));
    },
    parts: [{}, { only: [app] }, { keepNew: true }, { table: [`${app}:products`] }],
    after: [0, 12, 12, 12],
  },
  {
    name: 'rows gone of one of two tables whose files have numbered names in one folder',
    data: numbered,
    change: (dir) => {
      sqlite(join(dir, app), 'DELETE FROM products WHERE id > 30; DELETE FROM users WHERE id > 10');
      for (const n of numbers(8)) fs.rmSync(join(dir, 'data', fileOf('product', n)));
    },
    parts: [{}, { exceptTable: [`${app}:products`] }, { only: [app] }, { except: [app] }],
    after: [0, 10, 8, 12],
  },
  {
    name: 'a table that is gone with its rule',
    data: shop,
    change: (dir) => {
      sqlite(join(dir, app), 'DROP TABLE users');
    },
    parts: [{}, { only: [app] }],
    after: [0, 0],
  },
  {
    name: 'a database that is gone with all rules',
    data: shop,
    change: (dir) => {
      fs.rmSync(join(dir, app));
      for (const n of numbers(3)) fs.rmSync(join(dir, 'data', image('p', n)));
    },
    parts: [{}, { only: [app] }],
    after: [0, 3],
  },
  {
    name: 'rules of savepoint.json losing a column, rows and files',
    data: configured,
    change: async (dir) => {
      sqlite(
        join(dir, app),
        'ALTER TABLE users DROP COLUMN avatar; DELETE FROM products WHERE id < 5',
      );
      fs.rmSync(join(dir, 'data', image('p', 9)));
      await writeTree(join(dir, 'data'), images('n', 3));
    },
    parts: [{}, { only: [app] }, { keepNew: true }, { except: [app] }],
    after: [0, 4, 3, 16],
  },
  {
    name: 'rows and sites of docsfy gone',
    data: docsfy,
    change: (dir) => {
      sqlite(join(dir, 'data/docsfy.db'), "DELETE FROM projects WHERE name = 'p1'");
      fs.rmSync(join(dir, 'data/projects/mira/p2'), { recursive: true });
    },
    parts: [{}, { only: ['data/docsfy.db'] }, { except: ['data/docsfy.db'] }],
    after: [0, 2, 1],
  },
];

describe('the forecast of a restore, its result and the check that follows', () => {
  for (const { name, data, change, parts, after } of cases) {
    it(`tell the same after ${name}`, async () => {
      const counts: (number | null)[] = [];
      for (const [index, part] of parts.entries()) {
        // What was not shown is counted on the safety snapshot.
        const isShown = index % 2 === 0;
        counts.push(await forecastOf({ data, change, part, isShown }));
      }
      deepStrictEqual(counts, after);
    });
  }
});

/** How many mismatches all three tell. */
async function forecastOf({
  data,
  change,
  part,
  isShown,
}: Pick<Case, 'data' | 'change'> & {
  readonly part: Partial<RestoreOptions>;
  readonly isShown: boolean;
}): Promise<number | null> {
  const { project, dir } = await testProject(data());
  const good = await project.snapshot({ label: 'good' }, quietCall);
  await change(dir);
  const options = { snapshot: good.id, ...part };
  const plan = await project.planRestore(options, quietCall);
  const done = await project.applyRestore(options, isShown ? plan.token : undefined, quietCall);
  const { mismatches, rules } = await project.check('live', {}, quietCall);
  await project.close();
  const told = mismatches.filter(({ severity }) => severity !== 'info');
  const found = rules.some(({ state }) => state === 'checked') ? told.length : null;
  const words = JSON.stringify(part);
  deepStrictEqual([plan.mismatches.after, done.mismatches], [found, found], words);
  if (plan.mismatches.before !== null) {
    const fresh = told.filter(({ isNew }) => isNew === true);
    deepStrictEqual(keysOf(plan.newMismatches), keysOf(fresh), words);
  }
  return found;
}

function keysOf(mismatches: readonly Mismatch[]): readonly string[] {
  return mismatches.map(mismatchKey).toSorted();
}

/** Users and products with pictures in one folder; nothing in a name tells whose it is. */
function shop(): Tree {
  const users = numbers(20).map((id) => ({
    id,
    name: `User ${id}`,
    avatar: id <= 12 ? image('u', id) : null,
  }));
  const products = numbers(60).map((id) => ({
    id,
    title: `Product ${id}`,
    image: image('p', id),
  }));
  return {
    '.env': 'DATA_DIR=data',
    [app]: database(
      `CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, avatar TEXT);
      CREATE TABLE products (id INTEGER PRIMARY KEY, title TEXT, image TEXT);
      ${insert('users', users)}${insert('products', products)}`,
    ),
    ...inData(images('u', 12)),
    ...inData(images('p', 60)),
  };
}

function numbered(): Tree {
  const kinds = [['user', 12] as const, ['product', 40] as const];
  const tables = kinds.map(
    ([kind, last]) => `CREATE TABLE ${kind}s (id INTEGER PRIMARY KEY, name TEXT);
      ${insert(
        `${kind}s`,
        numbers(last).map((id) => ({ id, name: `The ${kind} ${id}` })),
      )}`,
  );
  const all = kinds.flatMap(([kind, last]) => numbers(last).map((n) => fileOf(kind, n)));
  return {
    '.env': 'DATA_DIR=data',
    [app]: database(tables.join('')),
    ...inData(Object.fromEntries(all.map((path) => [path, path]))),
  };
}

function fileOf(kind: string, n: number): string {
  return `uploads/${kind}-${String(n).padStart(3, '0')}.png`;
}

function configured(): Tree {
  const references = [
    { database: 'app.db', table: 'products', path: '{image}', covers: 'uploads/*' },
    { database: 'app.db', table: 'users', where: 'avatar NOT NULL', path: '{avatar}' },
  ];
  const config = { dataDirs: [{ path: 'data', references }] };
  return { ...shop(), 'savepoint.json': JSON.stringify(config) };
}

function docsfy(): Tree {
  const names = numbers(4).map((n) => `p${n}`);
  const plan = '{"project_name":"x","navigation":[{"pages":["a"]}]}';
  const projects = names.map((name) => ({
    name,
    owner: 'mira',
    status: 'ready',
    page_count: 1,
    plan_json: plan,
  }));
  const content = {
    ...Object.fromEntries(
      ['index.html', '.nojekyll', 'search-index.json', 'llms.txt', 'llms-full.txt'].map((page) => [
        `site/${page}`,
        page,
      ]),
    ),
    'site/assets/style.css': 'body {}',
    'plan.json': plan,
    'cache/pages/a.md': '# a',
  };
  const sites = names.flatMap((name) =>
    Object.entries(content).map(([path, text]) => [
      `data/projects/mira/${name}/main/gemini/pro/${path}`,
      text,
    ]),
  );
  return {
    'data/docsfy.db': database(
      `CREATE TABLE projects (
        name TEXT, branch TEXT DEFAULT 'main', ai_provider TEXT DEFAULT 'gemini',
        ai_model TEXT DEFAULT 'pro', owner TEXT DEFAULT '', status TEXT, page_count INTEGER,
        plan_json TEXT, PRIMARY KEY (name, branch, ai_provider, ai_model, owner));
      CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT UNIQUE);
      CREATE TABLE project_access (project_name TEXT, project_owner TEXT, username TEXT);
      CREATE TABLE sessions (token TEXT PRIMARY KEY, username TEXT);
      INSERT INTO users VALUES (1, 'mira');${insert('projects', projects)}`,
    ),
    ...Object.fromEntries(sites),
  };
}

function image(kind: string, n: number): string {
  return `uploads/${hex(`${kind} ${n}`, 32)}.png`;
}

function images(kind: string, last: number): Tree {
  return Object.fromEntries(numbers(last).map((n) => [image(kind, n), `${kind} ${n}`]));
}

function inData(tree: Tree): Tree {
  return Object.fromEntries(Object.entries(tree).map(([path, entry]) => [`data/${path}`, entry]));
}
