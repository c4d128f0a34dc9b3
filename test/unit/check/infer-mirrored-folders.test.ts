import { deepStrictEqual } from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { files } from '../../support/app-data/app-data.ts';
import { quietCall, testProject } from '../../support/project.ts';
import { database } from '../../support/sqlite.ts';
import { directory } from '../../support/tree.ts';

const names = Array.from({ length: 60 }, (_, index) => `Map_${index * 7919}.svg`);

function folderOf(name: string): string {
  const hash = createHash('md5').update(name).digest('hex');
  return `${hash.slice(0, 1)}/${hash.slice(0, 2)}`;
}

describe('a rule for files in folders of a hash', () => {
  it('tells a file without a row also where empty folders for old versions mirror those of the files', async () => {
    const old = names.map((name) => `pictures/archive/${folderOf(name)}`);
    const { project, dir } = await testProject({
      data: {
        'wiki.db': database(
          `CREATE TABLE picture(name TEXT PRIMARY KEY, author INTEGER); INSERT INTO picture VALUES ${names.map((name, index) => `('${name}', ${index % 4})`).join()}`,
        ),
        ...files(names.map((name) => `pictures/${folderOf(name)}/${name}`)),
        ...Object.fromEntries(old.map((folder) => [folder, directory({})])),
      },
    });
    const stray = `data/pictures/${folderOf('Nobody.svg')}/Nobody.svg`;
    mkdirSync(dirname(join(dir, stray)), { recursive: true });
    writeFileSync(join(dir, stray), 'x');
    const { mismatches } = await project.check('live', {}, quietCall);
    deepStrictEqual(
      mismatches.map(({ kind, path }) => `${kind} ${path}`),
      [`orphan-file ${stray}`],
    );
    await project.close();
  });
});
