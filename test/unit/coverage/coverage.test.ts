import { deepStrictEqual, ok, rejects, strictEqual } from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CoverageEntry } from '../../../src/core/documents/coverage.ts';
import type { Project } from '../../../src/engine/project/project.ts';
import { quietCall, testProject } from '../../support/project.ts';
import { database, sqlite } from '../../support/sqlite.ts';
import { fifo, symlink, tree, type Tree } from '../../support/tree.ts';

/** Rows that name pictures below a folder that nothing else names. */
function gallery(folder: string, count = 30): Tree {
  const names = Array.from(
    { length: count },
    (_, index) => `cat-${index}-${(index * 7919) % 997}.jpg`,
  );
  const values = names.map((name) => `('pictures/${name}')`).join();
  return {
    'site.sqlite3': database(
      `CREATE TABLE animal(id INTEGER PRIMARY KEY, photo TEXT); INSERT INTO animal(photo) VALUES ${values}`,
    ),
    [`${folder}/pictures`]: Object.fromEntries(names.map((name) => [name, name])),
  };
}

async function coverage(project: Project): Promise<string[]> {
  const { coverage: entries = [] } = await project.detect(quietCall);
  return entries.map(line);
}

function line({ path, kind, covered, reason, evidence }: CoverageEntry): string {
  const why = covered ? '' : `: ${[reason, ...evidence].join('; ')}`;
  return `${covered ? '+' : '-'} ${kind} ${path}${why}`;
}

describe('coverage', () => {
  it('has a folder that rows name from the first look on, and every snapshot has it', async () => {
    const { project, dir: root } = await testProject(gallery('user-files'));
    deepStrictEqual(await coverage(project), ['+ database site.sqlite3', '+ folder user-files']);
    const taken = await project.snapshot({}, quietCall);
    strictEqual(taken.files, 30);
    rmSync(join(root, 'user-files'), { recursive: true });
    sqlite(join(root, 'site.sqlite3'), 'DELETE FROM animal');
    // What it was covered for is gone: it stays covered until a person says otherwise.
    deepStrictEqual((await project.show('latest')).dataDirs.map(({ path }) => path).toSorted(), [
      'site.sqlite3',
      'user-files',
    ]);
  });

  it('names no line that covers what never can be', async () => {
    const { project } = await testProject({
      'savepoint.json': '{"dataDirs": [{"path": "/"}, {"path": "data"}]}',
      'data/app.db': database(),
      '.env': 'DATA_DIR=.',
    });
    const { coverage: entries = [] } = await project.detect(quietCall);
    deepStrictEqual(
      entries.filter(({ covered }) => !covered).map(({ path, mend }) => [path, mend]),
      [['/', null]],
    );
  });

  it('is what a check goes through before there is any snapshot', async () => {
    const { project, dir } = await testProject(gallery('user-files'));
    rmSync(join(dir, 'user-files/pictures/cat-0-0.jpg'));
    const { mismatches } = await project.check('live', {}, quietCall);
    deepStrictEqual(
      mismatches.map(({ kind, path }) => [kind, path]),
      [['missing-file', 'user-files/pictures/cat-0-0.jpg']],
    );
  });

  it('takes such a folder also where it becomes one after the first snapshot', async () => {
    const { project, dir } = await testProject({ 'site.sqlite3': database() });
    await project.snapshot({}, quietCall);
    const made = await tree(gallery('media'));
    for (const name of ['site.sqlite3', 'media'])
      cpSync(join(made, name), join(dir, name), { recursive: true });
    strictEqual((await project.snapshot({}, quietCall)).files, 30);
  });

  it('only offers what holds source code, what tools make, and what few rows name', async () => {
    const files = gallery('public');
    const { project } = await testProject({
      ...files,
      'public/app/': Object.fromEntries(
        Array.from({ length: 40 }, (_, index) => [`page-${index}.ts`, 'x']),
      ),
    });
    deepStrictEqual((await coverage(project)).toSorted(), [
      '+ database site.sqlite3',
      '+ folder public/pictures',
    ]);
  });

  it('takes nothing by itself where savepoint.json has a list, and says what would be', async () => {
    const { project } = await testProject({
      ...gallery('media'),
      'savepoint.json': '{ "dataDirs": [{ "path": "site.sqlite3" }] }',
    });
    deepStrictEqual(await coverage(project), [
      '+ database site.sqlite3',
      '- folder media: not in the list of savepoint.json; 30 of 30 animal.photo',
    ]);
    const { notCovered = [] } = await project.snapshot({}, quietCall);
    deepStrictEqual(
      notCovered.map(({ path, mend }) => ({ path, mend })),
      [{ path: 'media', mend: 'savepoint cover media' }],
    );
  });

  it('has beside the list of savepoint.json what a person covered, until it is taken out', async () => {
    const { project, dir } = await testProject({
      ...gallery('media'),
      'savepoint.json': '{ "dataDirs": [{ "path": "site.sqlite3" }] }',
    });
    strictEqual(line(await project.cover(join(dir, 'media'))), '+ folder media');
    strictEqual((await project.snapshot({}, quietCall)).files, 30);
    await project.uncover(join(dir, 'media'));
    deepStrictEqual(await coverage(project), [
      '+ database site.sqlite3',
      '- folder media: not in the list of savepoint.json; 30 of 30 animal.photo',
    ]);
  });

  it('goes on where a database is damaged, and so does the guard', async () => {
    const { project, dir } = await testProject({ ...gallery('media'), 'broken.db': database() });
    const head = readFileSync(join(dir, 'broken.db'));
    writeFileSync(join(dir, 'broken.db'), head.fill(0xff, 100));
    ok((await coverage(project)).includes('+ folder media'));
    strictEqual((await project.matchCommand({ command: 'rm -rf media' })).destructive, true);
  });

  it('opens nothing in an untrusted workspace', async () => {
    const { project } = await testProject(gallery('media'), { trusted: false });
    ok((await coverage(project)).every((text) => !text.includes('media')));
  });
});

describe('cover and uncover', () => {
  it('take any place in and out, without freezing what is found by itself', async () => {
    const { project, dir: root } = await testProject({
      'data/app.db': database(),
      'notes/': { 'a.txt': 'x', 'b.txt': 'y' },
      'key.bin': 'secret',
    });
    strictEqual(line(await project.cover(join(root, 'notes'))), '+ folder notes');
    strictEqual(line(await project.cover(join(root, 'key.bin'))), '+ folder key.bin');
    strictEqual((await project.snapshot({}, quietCall)).files, 3);
    strictEqual(existsSync(join(root, 'savepoint.json')), false);
    await project.uncover(join(root, 'notes'));
    await project.uncover(join(root, 'data'));
    const left = await coverage(project);
    ok(left.includes('+ folder key.bin'), String(left));
    ok(!left.some((text) => text.startsWith('+ folder data')), String(left));
    await project.cover(join(root, 'data'));
    ok((await coverage(project)).includes('+ folder data'));
  });

  it('refuse what is not there, the project itself and what lies outside', async () => {
    const { project, dir: root } = await testProject({ 'data/app.db': database() });
    await rejects(project.cover(join(root, 'gone')), { code: 'USAGE' });
    await rejects(project.cover(root), { code: 'DATA_DIRECTORY_REFUSED' });
    await rejects(project.cover('/usr/share'), { code: 'DATA_DIRECTORY_REFUSED' });
  });
});

describe('what is in the data and not saved', () => {
  it('is told of links that lead out of it, by detect and with the snapshot, and a comparison names them', async () => {
    const outside = await tree({ 'real.sqlite': database(), 'pictures/': { 'a.png': 'x' } });
    const { project, dir } = await testProject({
      'data/': { 'app.db': database(), 'note.txt': 'x', inner: symlink('note.txt') },
    });
    symlinkSync(join(outside, 'real.sqlite'), join(dir, 'data/main.db'));
    symlinkSync(join(outside, 'pictures'), join(dir, 'data/pictures'));
    const { coverage: entries = [] } = await project.detect(quietCall);
    const told = (paths: readonly CoverageEntry[]) =>
      paths.flatMap(({ path, reason }) => (reason?.startsWith('a link to') ? [path] : []));
    deepStrictEqual(told(entries), ['data/main.db', 'data/pictures']);
    const taken = await project.snapshot({}, quietCall);
    deepStrictEqual(told(taken.notCovered ?? []), ['data/main.db', 'data/pictures']);
    const { linkedAway = [], skipped = [] } = await project.diff(taken.id, 'live', {}, quietCall);
    deepStrictEqual(
      linkedAway.map(({ path }) => path),
      ['data/main.db', 'data/pictures'],
    );
    // It is no difference: nobody can tell.
    deepStrictEqual(skipped, []);
  });

  it('is told of what cannot be read and of what has no content', async () => {
    const { project } = await testProject({ 'data/': { 'app.db': database(), pipe: fifo() } });
    const { coverage: entries = [] } = await project.detect(quietCall);
    deepStrictEqual(entries.map(line), ['+ folder data', '- folder data/pipe: named pipe']);
  });
});
