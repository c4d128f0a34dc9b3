// docsfy in both shapes of its paths: a sound tree reports nothing, and of what is planted exactly
// that is found. https://github.com/myk-org/docsfy, storage.py and api/projects.py.

import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import type { CheckDocument, Mismatch } from '../../../src/core/documents/documents.ts';
import { keyText } from '../../../src/core/format/cell-text.ts';
import { quietCall, testProject } from '../../support/project.ts';
import { database, sqlite } from '../../support/sqlite.ts';
import type { Tree } from '../../support/tree.ts';

interface Shape {
  readonly name: string;
  readonly branch: boolean;
}

const shapes: readonly Shape[] = [
  { name: 'with the branch level', branch: true },
  { name: 'without the branch level', branch: false },
];

const plan = '{"project_name":"x","navigation":[{"pages":["a","b"]}]}';

function schema({ branch }: Shape): string {
  const columns = branch ? "name TEXT, branch TEXT DEFAULT 'main'" : 'name TEXT';
  const key = branch ? 'name, branch' : 'name';
  return `
    CREATE TABLE projects (
      ${columns}, ai_provider TEXT DEFAULT '', ai_model TEXT DEFAULT '', owner TEXT DEFAULT '',
      status TEXT, page_count INTEGER, plan_json TEXT,
      PRIMARY KEY (${key}, ai_provider, ai_model, owner));
    CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT UNIQUE);
    CREATE TABLE project_access (
      project_name TEXT, project_owner TEXT, username TEXT,
      PRIMARY KEY (project_name, project_owner, username));
    CREATE TABLE sessions (token TEXT PRIMARY KEY, username TEXT);
    INSERT INTO users VALUES (1, 'mira'), (2, 'tomas');`;
}

/** `name owner model status` */
function row([name, owner, model, status]: readonly string[], shape: Shape): string {
  const branch = shape.branch ? `'main', ` : '';
  return `INSERT INTO projects VALUES
    ('${name}', ${branch}'gemini', '${model}', '${owner}', '${status}', 2, '${plan}');`;
}

function home([name = '', owner = '', model = '']: readonly string[], { branch }: Shape): string {
  const levels = [owner || '_default', name, ...(branch ? ['main'] : []), 'gemini', model];
  return `data/projects/${levels.join('/')}`;
}

const siteFiles = ['index.html', '.nojekyll', 'search-index.json', 'llms.txt', 'llms-full.txt'];

function variantFiles(variant: readonly string[], shape: Shape): Tree {
  const at = home(variant, shape);
  return Object.fromEntries([
    ...siteFiles.map((name) => [`${at}/site/${name}`, name]),
    [`${at}/site/assets/style.css`, 'body {}'],
    [`${at}/plan.json`, JSON.stringify(JSON.parse(plan), undefined, 2)],
    [`${at}/cache/pages/a.md`, '# a'],
    [`${at}/cache/pages/b.md`, '# b'],
  ]);
}

const ready = [
  ['alpha', '', 'pro', 'ready'],
  ['beta', '', 'opus[1m]', 'ready'],
  ['gamma', 'mira', 'pro', 'ready'],
  ['delta', 'admin', 'pro', 'ready'],
];
const unfinished = [
  ['new', '', 'pro', 'generating'],
  ['bad', 'tomas', 'pro', 'error'],
  ['stopped', '', 'pro', 'aborted'],
];

/** Sound, with everything that is legitimate: rows that are not ready, tombstones, empty folders. */
function sound(shape: Shape): Tree {
  const rows = [...ready, ...unfinished].map((variant) => row(variant, shape));
  const access = `INSERT INTO project_access VALUES ('gamma', 'mira', 'tomas'), ('alpha', '', 'mira');`;
  return {
    'data/docsfy.db': database(schema(shape) + rows.join('') + access),
    'data/tmp/upload': 'half',
    ...Object.assign({}, ...ready.map((variant) => variantFiles(variant, shape))),
    ...variantFiles(['bad', 'tomas', 'pro'], shape),
    [`${home(['new', '', 'pro'], shape)}/cache/pages/a.md`]: '# a',
    [`${home(['gone', '', `pro.deleting-${'0a'.repeat(16)}`], shape)}/site/index.html`]:
      'left over',
    [`${home(['emptied', '', 'pro'], shape)}/`]: {},
    'data/projects/_default/.DS_Store': 'x',
  };
}

async function checked(tree: Tree, change?: (dir: string) => void): Promise<CheckDocument> {
  const { project, dir } = await testProject(tree);
  change?.(dir);
  return await project.check('live', {}, quietCall);
}

function told({ mismatches }: CheckDocument): readonly string[] {
  return mismatches.map(({ kind, severity, table, key, path, detail }: Mismatch) => {
    const name =
      table === null
        ? ''
        : ` ${table} ${keyText({ key: Object.values(key ?? {})[0] ?? null }, '')}`;
    return `${severity} ${kind}${name} ${path ?? '-'}: ${detail}`;
  });
}

describe('check of docsfy', () => {
  for (const shape of shapes) {
    describe(shape.name, () => {
      const at = (...variant: readonly string[]): string => home(variant, shape);
      const db = (dir: string): string => join(dir, 'data/docsfy.db');

      it('reports nothing on a sound tree', async () => {
        const check = await checked(sound(shape));
        deepStrictEqual(told(check), []);
        deepStrictEqual(check.diagnoses, []);
        deepStrictEqual(check.configProblems, []);
        deepStrictEqual(
          check.rules.map(({ title, state }) => `${title} ${state}`),
          [
            'projects -> site checked',
            'projects -> plan.json checked',
            'projects.owner -> users checked',
            'project_access.username -> users checked',
            'project_access -> projects checked',
          ],
        );
        strictEqual(check.checkedRows, 9);
      });

      it('finds a site that is gone, and one without its plan', async () => {
        const check = await checked(sound(shape), (dir) => {
          fs.rmSync(join(dir, at('alpha', '', 'pro'), 'site'), { recursive: true });
          fs.rmSync(join(dir, at('beta', '', 'opus[1m]'), 'plan.json'));
        });
        deepStrictEqual(told(check), [
          `error missing-file projects beta ${at('beta', '', 'opus[1m]')}/plan.json: no plan.json`,
          `error missing-file projects alpha ${at('alpha', '', 'pro')}/site: no site/`,
        ]);
      });

      it('finds sites that lack what sites have', async () => {
        const check = await checked(sound(shape), (dir) => {
          const site = join(dir, at('gamma', 'mira', 'pro'), 'site');
          fs.rmSync(join(site, 'index.html'));
          fs.rmSync(join(site, 'llms.txt'));
          fs.rmSync(join(site, 'assets'), { recursive: true });
        });
        const site = `${at('gamma', 'mira', 'pro')}/site`;
        deepStrictEqual(told(check), [
          `error missing-file projects gamma ${site}/index.html: no site/index.html`,
          `warning missing-file projects gamma ${site}/llms.txt: no site/llms.txt and 1 more`,
        ]);
      });

      it('asks for what only newer versions write where most sites have it', async () => {
        const check = await checked(sound(shape), (dir) => {
          for (const [name = '', owner = '', model = ''] of ready) {
            fs.rmSync(join(dir, at(name, owner, model), 'site/llms-full.txt'));
          }
        });
        deepStrictEqual(told(check), []);
      });

      it('finds a plan that is not the one of its row, and pages that are not as many', async () => {
        const check = await checked(sound(shape), (dir) => {
          fs.writeFileSync(join(dir, at('alpha', '', 'pro'), 'plan.json'), '{"other": 1}');
          fs.writeFileSync(join(dir, at('delta', 'admin', 'pro'), 'plan.json'), 'torn {');
          fs.rmSync(join(dir, at('gamma', 'mira', 'pro'), 'cache/pages/a.md'));
        });
        deepStrictEqual(told(check), [
          `warning changed-file projects alpha ${at('alpha', '', 'pro')}/plan.json: differs from the row's plan_json`,
          `warning changed-file projects delta ${at('delta', 'admin', 'pro')}/plan.json: no JSON`,
          `warning changed-file projects gamma ${at('gamma', 'mira', 'pro')}/cache/pages: 1 page, row says 2`,
        ]);
      });

      it('finds a variant without a row', async () => {
        const check = await checked(
          { ...sound(shape), ...variantFiles(['old', 'mira', 'flash'], shape) },
          (dir) => {
            fs.mkdirSync(join(dir, at('hollow', 'mira', 'pro'), 'site/assets'), {
              recursive: true,
            });
          },
        );
        deepStrictEqual(told(check), [`warning orphan-file ${at('old', 'mira', 'flash')}: no row`]);
      });

      it('finds access and owners that nobody has', async () => {
        const check = await checked(sound(shape), (dir) => {
          sqlite(
            db(dir),
            `INSERT INTO project_access VALUES ('nothing', 'mira', 'mira');
             INSERT INTO project_access VALUES ('alpha', '', 'carol');
             UPDATE users SET username = 'tom' WHERE username = 'tomas';`,
          );
        });
        deepStrictEqual(told(check), [
          'warning missing-row project_access nothing -: "nothing · mira" not in projects',
          'warning missing-row project_access alpha -: "carol" not in users',
          'warning missing-row project_access gamma -: "tomas" not in users',
          'warning missing-row projects bad -: "tomas" not in users',
        ]);
      });

      it('excuses rows of a legacy that have no path', async () => {
        const check = await checked(sound(shape), (dir) => {
          sqlite(db(dir), row(['legacy', '', '', 'ready'], shape));
          sqlite(db(dir), row(['a/../../b', '', 'pro', 'ready'], shape));
        });
        deepStrictEqual(
          told(check).map((line) => line.replace(/".*"/, '"..."')),
          [
            'info missing-file projects a/../../b -: unaddressable: "..." leads out of the data directory',
            'info missing-file projects legacy -: unaddressable: its ai_model is empty',
          ].toSorted(),
        );
      });

      it('names a damaged database once, and no path for it', async () => {
        const check = await checked(sound(shape), (dir) => {
          const bytes = fs.readFileSync(db(dir));
          bytes.fill(0x5a, 4096);
          fs.writeFileSync(db(dir), bytes);
        });
        deepStrictEqual(told(check), ['error unreadable data/docsfy.db: damaged']);
      });

      it('checks a snapshot as it was', async () => {
        const { project, dir } = await testProject(sound(shape));
        await project.snapshot({ label: 'sound' }, quietCall);
        fs.rmSync(join(dir, at('alpha', '', 'pro'), 'plan.json'));
        await project.snapshot({ label: 'hurt' }, quietCall);
        const hurt = await project.check('hurt', {}, quietCall);
        deepStrictEqual(told(await project.check('sound', {}, quietCall)), []);
        deepStrictEqual(told(hurt), told(await project.check('live', {}, quietCall)));
        strictEqual(told(hurt).length, 1);
      });
    });
  }

  it('tells rows with branches over folders without as a stale layout, and nothing else', async () => {
    const [withBranch = { name: '', branch: true }, without = { name: '', branch: false }] = shapes;
    const files = Object.assign({}, ...ready.map((variant) => variantFiles(variant, without)));
    const rows = [...ready, ...unfinished].map((variant) => row(variant, withBranch));
    const check = await checked({
      'data/docsfy.db': database(schema(withBranch) + rows.join('')),
      ...files,
      ...variantFiles(['bad', 'tomas', 'pro'], without),
    });
    deepStrictEqual(told(check), []);
    deepStrictEqual(
      check.diagnoses.map(({ code, title, detail, severity }) => [code, title, detail, severity]),
      [['stale-layout', 'Stale layout', '4 sites lie one level higher: no branch level', 'error']],
    );
    deepStrictEqual(
      check.diagnoses[0]?.paths,
      [
        home(['beta', '', 'opus[1m]'], without),
        home(['alpha', '', 'pro'], without),
        home(['delta', 'admin', 'pro'], without),
        home(['gamma', 'mira', 'pro'], without),
      ].toSorted(),
    );
  });

  it('tells sites of the first version, whose rows have no model', async () => {
    const [shape = { name: '', branch: true }] = shapes;
    const check = await checked({
      'data/docsfy.db': database(schema(shape) + row(['alpha', '', '', 'ready'], shape)),
      'data/projects/alpha/site/index.html': 'a',
      'data/projects/alpha/site/assets/css/deep/style.css': 'a',
      'data/projects/alpha/plan.json': plan,
    });
    deepStrictEqual(told(check), []);
    deepStrictEqual(
      check.diagnoses.map(({ detail }) => detail),
      ['1 site lies where the first version had it: no owner, branch and model levels'],
    );
  });

  it('checks an older snapshot by the schema that it has', async () => {
    const [withBranch = { name: '', branch: true }, without = { name: '', branch: false }] = shapes;
    const { project, dir } = await testProject(sound(without));
    await project.snapshot({ label: 'before the upgrade' }, quietCall);
    fs.rmSync(join(dir, 'data'), { recursive: true });
    fs.mkdirSync(join(dir, 'data/projects'), { recursive: true });
    sqlite(join(dir, 'data/docsfy.db'), schema(withBranch));
    deepStrictEqual(told(await project.check('live', {}, quietCall)), []);
    const before = await project.check('before the upgrade', {}, quietCall);
    deepStrictEqual(told(before), []);
    strictEqual(before.rules[0]?.evidence?.fits, 4);
  });
});
