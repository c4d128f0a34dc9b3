import { deepStrictEqual } from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { files, insert, numbers, uuid } from '../../support/app-data/app-data.ts';
import { quietCall, testProject } from '../../support/project.ts';
import { database, sqlite } from '../../support/sqlite.ts';
import { writeTree } from '../../support/tree.ts';

const rows = numbers(12).map((id) => ({ id, path: `${uuid(`f ${id}`)}.png` }));
const data = {
  'app.db': database(
    `CREATE TABLE uploads (id INTEGER PRIMARY KEY, path TEXT);${insert('uploads', rows)}`,
  ),
  ...files(rows.map(({ path }) => `uploads/${path}`)),
};
const id = 'data/app.db:uploads -> uploads/{path}';

describe('rules that held when a snapshot was taken', () => {
  it('are asked when all their files are gone, until the files are back', async () => {
    const { project, dir } = await testProject({ data });
    const first = await project.snapshot({}, quietCall);
    deepStrictEqual(first.mismatches, 0);
    rmSync(join(dir, 'data/uploads'), { recursive: true });
    const { mismatches, rules } = await project.check('live', {}, quietCall);
    deepStrictEqual(
      rules.map((rule) => [rule.id, rule.state, rule.evidence?.fits, rule.evidence?.of]),
      [[id, 'checked', 0, 12]],
    );
    deepStrictEqual(
      mismatches.map(({ kind, isNew }) => [kind, isNew]),
      rows.map(() => ['missing-file', true]),
    );
    const second = await project.snapshot({}, quietCall);
    deepStrictEqual([second.mismatches, second.newMismatches], [12, 12]);
    deepStrictEqual((await project.check('live', {}, quietCall)).mismatches.length, 12);
    await project.applyRestore({ snapshot: first.id }, undefined, quietCall);
    deepStrictEqual((await project.check('live', {}, quietCall)).mismatches, []);
    await project.close();
  });

  it('give way to what is true now: another folder, another table', async () => {
    const { project, dir } = await testProject({ data });
    await project.snapshot({}, quietCall);
    mkdirSync(join(dir, 'data/media'));
    renameSync(join(dir, 'data/uploads'), join(dir, 'data/media/pictures'));
    const moved = await project.check('live', {}, quietCall);
    deepStrictEqual(
      moved.rules.map((rule) => rule.id),
      ['data/app.db:uploads -> media/pictures/{path}'],
    );
    deepStrictEqual(moved.mismatches, []);
    rmSync(join(dir, 'data/media'), { recursive: true });
    sqlite(join(dir, 'data/app.db'), 'ALTER TABLE uploads RENAME COLUMN path TO file');
    const renamed = await project.check('live', {}, quietCall);
    deepStrictEqual([renamed.rules, renamed.mismatches], [[], []]);
    await project.close();
  });

  it('have their folders covered as before where rows went and files stayed, as the restore said', async () => {
    const { project, dir } = await testProject({ data });
    const first = await project.snapshot({}, quietCall);
    const more = numbers(8).map((n) => ({ id: 100 + n, path: `${uuid(`m ${n}`)}.png` }));
    sqlite(join(dir, 'data/app.db'), insert('uploads', more));
    await writeTree(join(dir, 'data'), files(more.map(({ path }) => `uploads/${path}`)));
    const options = { snapshot: first.id, only: ['data/app.db'] };
    const plan = await project.planRestore(options, quietCall);
    deepStrictEqual(plan.mismatches, { before: 0, after: 8 });
    const done = await project.applyRestore(options, plan.token, quietCall);
    deepStrictEqual(done.mismatches, 8);
    const { mismatches } = await project.check('live', {}, quietCall);
    deepStrictEqual(
      mismatches.map(({ kind, path }) => `${kind} ${path}`),
      more.map(({ path }) => `orphan-file data/uploads/${path}`).toSorted(),
    );
    const second = await project.snapshot({}, quietCall);
    deepStrictEqual(second.mismatches, 8);
    deepStrictEqual((await project.check('live', {}, quietCall)).mismatches.length, 8);
    await project.close();
  });

  it('tell one file without a row more when one more comes, until there are too many of them', async () => {
    const { project, dir } = await testProject({ data });
    await project.snapshot({}, quietCall);
    for (const count of numbers(5)) {
      await writeTree(join(dir, 'data'), files([`uploads/${uuid(`lost ${count}`)}.png`]));
      const { mismatches, rules } = await project.check('live', {}, quietCall);
      deepStrictEqual([mismatches.length, rules[0]?.covers], [count, 'uploads/*']);
      deepStrictEqual((await project.snapshot({}, quietCall)).mismatches, count);
    }
    await project.close();
  });

  it('cover a folder no more where files come that no row has ever had', async () => {
    const { project, dir } = await testProject({ data });
    await project.snapshot({}, quietCall);
    const exported = numbers(8).map((n) => `uploads/${uuid(`export ${n}`)}.png`);
    await writeTree(join(dir, 'data'), files(exported));
    const { rules, mismatches } = await project.check('live', {}, quietCall);
    deepStrictEqual(
      rules.map((rule) => [rule.id, rule.covers]),
      [[id, null]],
    );
    deepStrictEqual(mismatches, []);
    deepStrictEqual((await project.snapshot({}, quietCall)).mismatches, 0);
    await project.close();
  });

  it('give way to a rule that has the files of the same rows by another column', async () => {
    const { project, dir } = await testProject({ data });
    await project.snapshot({}, quietCall);
    sqlite(
      join(dir, 'data/app.db'),
      "ALTER TABLE uploads ADD COLUMN key; UPDATE uploads SET key = 'store/' || path, path = 'photo.png'",
    );
    renameSync(join(dir, 'data/uploads'), join(dir, 'data/store'));
    const { rules, mismatches } = await project.check('live', {}, quietCall);
    deepStrictEqual(
      rules.map((rule) => rule.id),
      ['data/app.db:uploads -> {key}'],
    );
    deepStrictEqual(mismatches, []);
    await project.close();
  });

  it('are over where again and again rows come whose files do not stay, not where files go in parts', async () => {
    const { project, dir } = await testProject({ data });
    const app = join(dir, 'data/app.db');
    await project.snapshot({}, quietCall);
    const counts: number[] = [];
    const check = async (): Promise<void> => {
      counts.push((await project.check('live', {}, quietCall)).mismatches.length);
      await project.snapshot({}, quietCall);
    };
    for (const part of [rows.slice(0, 6), rows.slice(6, 9), rows.slice(9)]) {
      for (const { path } of part) rmSync(join(dir, 'data/uploads', path));
      await check();
    }
    deepStrictEqual(counts.splice(0), [6, 9, 12]);
    for (const from of [100, 200, 300]) {
      const gone = numbers(8).map((n) => ({ id: from + n, path: `${uuid(`${from} ${n}`)}.png` }));
      sqlite(app, insert('uploads', gone));
      await check();
    }
    deepStrictEqual(counts, [20, 28, 0]);
    await project.close();
  });

  it('are told no more once they are dismissed', async () => {
    const { project, dir } = await testProject({ data });
    await project.snapshot({}, quietCall);
    rmSync(join(dir, 'data/uploads'), { recursive: true });
    await project.dismissRule(id);
    const { rules, mismatches } = await project.check('live', {}, quietCall);
    deepStrictEqual([rules, mismatches], [[], []]);
    await project.close();
  });
});
