// Rows tell of their folders while an application goes on writing rows and files.

import { deepStrictEqual } from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCovered } from '../../../src/engine/coverage/find-covered.ts';
import { createProjectContext } from '../../../src/engine/project/project-context.ts';
import { quietCall, realOptions, tempFolder } from '../../support/project.ts';
import { sqlite } from '../../support/sqlite.ts';
import { tree } from '../../support/tree.ts';

const shelf = (number: number): string => `shelf-${'abcd'[number % 4]}`;

/** Notes that the rows know by their names alone, wherever they are put. */
function addNotes(dir: string, from: number, to: number): void {
  const names: string[] = [];
  for (let number = from; number < to; number += 1) {
    const folder = join(dir, 'library', shelf(number * number + number));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `note-${number * 7919}.txt`), String(number));
    names.push(`('note-${number * 7919}')`);
  }
  sqlite(
    join(dir, 'library/notes.db'),
    `CREATE TABLE IF NOT EXISTS note(id INTEGER PRIMARY KEY, name TEXT); INSERT INTO note(name) VALUES ${names.join()}`,
  );
}

describe('a folder that rows name', () => {
  it('is covered also where rows and files came between the search and the look at the rows', async () => {
    const dir = await tree({ library: {} });
    addNotes(dir, 1, 40);
    const context = createProjectContext(realOptions(tempFolder()), dir);
    const found = context.find();
    addNotes(dir, 40, 80);
    const covered = await findCovered(context, found, quietCall);
    deepStrictEqual(covered.offered, []);
    deepStrictEqual(
      covered.found.dataDirs.map(({ roots }) => roots),
      [['library']],
    );
  });
});
