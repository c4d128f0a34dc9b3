import { deepStrictEqual, rejects, strictEqual } from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigEdit } from '../../../src/core/documents/documents.ts';
import { openProject } from '../../../src/engine/index.ts';
import { files, insert, numbers, uuid } from '../../support/app-data/app-data.ts';
import { quietCall, testProject } from '../../support/project.ts';
import { database } from '../../support/sqlite.ts';
import type { Tree } from '../../support/tree.ts';

const rows = numbers(20).map((id) => ({ id, name: `file ${id}`, path: `${uuid(`f ${id}`)}.png` }));
const paths = rows.map(({ path }) => `uploads/${path}`);
const db = database(
  `CREATE TABLE uploads (id INTEGER PRIMARY KEY, name TEXT, path TEXT);${insert('uploads', rows)}`,
);
const data: Tree = { 'app.db': db, ...files(paths) };
const id = 'data/app.db:uploads -> uploads/{path}';

const apply = ({ file, text }: ConfigEdit): void => writeFileSync(file, text);

/** The text from the line that the edit names on, as far as `end` lines. */
function shown({ text, line }: ConfigEdit, lines = 1): string {
  return text
    .split('\n')
    .slice(line - 1, line - 1 + lines)
    .join('\n');
}

describe('editConfig acceptRules', () => {
  it('writes a rule that then is checked as such, and found no more', async () => {
    const { project, dir } = await testProject({ data });
    const before = await project.check('live', {}, quietCall);
    deepStrictEqual(
      before.rules.map((rule) => [rule.id, rule.origin]),
      [[id, 'inferred']],
    );
    const detected = (await project.detect(quietCall)).dataDirs.map(({ path }) => path);
    const edit = await project.editConfig({ kind: 'acceptRules', rules: [id] });
    strictEqual(edit.file, join(dir, 'savepoint.json'));
    strictEqual(
      shown(edit, 8),
      `    {
      "dataDir": "data",
      "database": "app.db",
      "table": "uploads",
      "path": "uploads/{path}",
      "covers": "uploads/*",
      "tombstones": [
        "**/*.tmp",`,
    );
    apply(edit);
    const after = await project.check('live', {}, quietCall);
    deepStrictEqual(
      after.rules.map((rule) => [rule.id, rule.origin, rule.covers]),
      [[id, 'config', 'uploads/*']],
    );
    deepStrictEqual([after.mismatches, after.configProblems], [[], []]);
    // The list of data directories is still found, not frozen.
    deepStrictEqual(
      (await project.detect(quietCall)).dataDirs.map(({ path }) => path),
      detected,
    );
    rmSync(join(dir, 'data', paths[3]!));
    const { mismatches } = await project.check('live', {}, quietCall);
    deepStrictEqual(
      mismatches.map(({ kind, path, rule }) => [kind, path, rule]),
      [['missing-file', `data/${paths[3]}`, id]],
    );
    await project.close();
  });

  it('needs no check before it in the same process', async () => {
    const { project, dir, options } = await testProject({ data });
    await project.close();
    const again = await openProject(options, dir);
    const { text } = await again.editConfig({ kind: 'acceptRules', rules: [id] });
    strictEqual(text.includes('"path": "uploads/{path}"'), true);
    await again.close();
  });

  it('stands apart from the comments of a new file, which are of other keys', async () => {
    const { project } = await testProject({ data });
    const { text } = await project.editConfig({ kind: 'acceptRules', rules: [id] });
    strictEqual(text.includes('  ]\n\n  // Exactly these are the data directories;'), true, text);
    await project.close();
  });

  it('keeps comments, and adds to the data directory where the file lists it', async () => {
    const { project } = await testProject({
      data,
      'savepoint.json': `{
  // ours
  "dataDirs": [
    { "path": "data" } // all of it
  ]
}
`,
    });
    const edit = await project.editConfig({ kind: 'acceptRules', rules: [id] });
    strictEqual(edit.text.includes('// ours\n') && edit.text.includes('// all of it\n'), true);
    apply(edit);
    const { rules, configProblems } = await project.check('live', {}, quietCall);
    deepStrictEqual(
      [rules.map((rule) => [rule.id, rule.origin]), configProblems],
      [[[id, 'config']], []],
    );
    strictEqual(shown(edit, 3).includes('"database": "app.db"'), true);
    strictEqual(edit.text.includes('"dataDir"'), false);
    await project.close();
  });

  it('writes a rule whose rows and files are in two data directories', async () => {
    const { project } = await testProject({
      'savepoint.json': '{ "dataDirs": [{ "path": "db/app.db" }, { "path": "public/uploads" }] }',
      'db/app.db': db,
      public: files(paths),
    });
    const { rules } = await project.check('live', {}, quietCall);
    const crossing = 'db/app.db:uploads -> public/uploads/{path}';
    deepStrictEqual(
      rules.map((rule) => [rule.id, rule.state, rule.covers]),
      [[crossing, 'checked', 'public/uploads/*']],
    );
    apply(await project.editConfig({ kind: 'acceptRules', rules: [crossing] }));
    const after = await project.check('live', {}, quietCall);
    deepStrictEqual(
      after.rules.map((rule) => [rule.id, rule.origin, rule.state]),
      [[crossing, 'config', 'checked']],
    );
    deepStrictEqual([after.mismatches, after.configProblems], [[], []]);
    await project.close();
  });

  it('refuses a rule that nobody found, and a file that cannot be understood', async () => {
    const { project, dir } = await testProject({ data });
    await rejects(project.editConfig({ kind: 'acceptRules', rules: ['x'] }), {
      code: 'USAGE',
      message: 'no rule "x" was found in the data',
    });
    await project.check('live', {}, quietCall);
    writeFileSync(join(dir, 'savepoint.json'), '{ "dataDirs": [');
    await rejects(project.editConfig({ kind: 'acceptRules', rules: [id] }), {
      code: 'CONFIG_INVALID',
    });
    await project.close();
  });
});

describe('editConfig ignore', () => {
  it('of what is no mismatch is told with its place', async () => {
    const { project, dir } = await testProject({ data });
    const ignore = [{ dataDir: 'data', path: 'uploads/never-*' }];
    writeFileSync(join(dir, 'savepoint.json'), JSON.stringify({ ignore }, null, 2));
    const problems = async (): Promise<unknown> =>
      (await project.check('live', {}, quietCall)).configProblems.map(({ line, message }) => [
        line,
        message,
      ]);
    deepStrictEqual(await problems(), [[3, 'matches no mismatch of the data as it is now']]);
    writeFileSync(join(dir, 'data/uploads/never-1.png'), 'x');
    deepStrictEqual(await problems(), []);
  });

  it('takes expected mismatches out by their path, by their rule, with the reason', async () => {
    const { project, dir } = await testProject({ data });
    rmSync(join(dir, 'data', paths[2]!));
    writeFileSync(join(dir, 'data/uploads/old-1.png'), 'x');
    strictEqual((await project.check('live', {}, quietCall)).mismatches.length, 2);
    const edit = await project.editConfig({
      kind: 'ignore',
      dataDir: 'data',
      path: 'uploads/old-*',
      why: 'of the old site',
    });
    strictEqual(
      shown(edit, 5),
      `    {
      "dataDir": "data",
      "path": "uploads/old-*",
      "why": "of the old site"
    }`,
    );
    apply(edit);
    const one = await project.check('live', {}, quietCall);
    deepStrictEqual(
      [one.mismatches.map(({ kind }) => kind), one.ignored, one.configProblems],
      [['missing-file'], 1, []],
    );
    apply(await project.editConfig({ kind: 'ignore', dataDir: 'data', rule: id }));
    const none = await project.check('live', {}, quietCall);
    deepStrictEqual([none.mismatches, none.ignored, none.configProblems], [[], 2, []]);
    await project.close();
  });

  it('goes to the data directory where the file lists it', async () => {
    const { project } = await testProject({
      data,
      'savepoint.json': '{\n  "dataDirs": [{ "path": "data" }]\n}\n',
    });
    apply(await project.editConfig({ kind: 'ignore', dataDir: 'data', path: 'uploads/x' }));
    const edit = await project.editConfig({ kind: 'ignore', dataDir: 'data', path: 'uploads/y' });
    strictEqual(shown(edit, 2).includes('"path": "uploads/y"'), true);
    strictEqual(edit.text.includes('"dataDir"'), false);
    await project.close();
  });

  it('takes out files in one data directory of rows in another, by their path in the project', async () => {
    const { project, dir } = await testProject({
      'savepoint.json': '{ "dataDirs": [{ "path": "db/app.db" }, { "path": "public/uploads" }] }',
      'db/app.db': db,
      public: files(paths),
    });
    rmSync(join(dir, 'public', paths[2]!));
    writeFileSync(join(dir, 'public/uploads/old-1.png'), 'x');
    const found = await project.check('live', {}, quietCall);
    deepStrictEqual(found.mismatches.length, 2);
    for (const path of ['public/uploads/old-*', `public/${paths[2]}`]) {
      const dataDir = found.rules[0]?.dataDir ?? '';
      apply(await project.editConfig({ kind: 'ignore', dataDir, path }));
    }
    const { mismatches, ignored } = await project.check('live', {}, quietCall);
    deepStrictEqual([mismatches, ignored], [[], 2]);
    await project.close();
  });

  it('refuses what names nothing', async () => {
    const { project } = await testProject({ data });
    await rejects(project.editConfig({ kind: 'ignore', dataDir: 'data' }), { code: 'USAGE' });
    await rejects(project.editConfig({ kind: 'ignore', dataDir: 'other', path: 'x' }), {
      code: 'USAGE',
      message: 'no data directory "other"',
    });
    await project.close();
  });
});

describe('dismissRule', () => {
  it('is remembered: the rule is told no more', async () => {
    const { project, dir, options } = await testProject({ data });
    strictEqual((await project.check('live', {}, quietCall)).rules.length, 1);
    await project.dismissRule(id);
    await project.dismissRule(id);
    deepStrictEqual((await project.check('live', {}, quietCall)).rules, []);
    await project.close();
    const again = await openProject(options, dir);
    deepStrictEqual((await again.check('live', {}, quietCall)).rules, []);
    await again.close();
  });
});
