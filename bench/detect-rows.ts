// Finding the data and telling what it is: in a project of many folders, and in data of many files.

import Database from 'better-sqlite3';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureAboveNode } from './above-node.ts';
import type { Command } from './measure.ts';
import type { Results } from './results.ts';
import { savepoint } from './tools/savepoint.ts';

export function measureDetect(cli: string, folder: string, column: string, results: Results): void {
  const source = join(folder, 'source');
  makeFiles(join(source, 'src'), 20, 15);
  makeData(source, 0);
  const data = join(folder, 'data');
  makeData(data, 100);
  const detect = (project: string): readonly Command[] => [
    {
      argv: savepoint(cli, project, join(folder, 'store'), 'detect'),
      env: { HOME: folder },
    },
  ];
  const commands = [
    ['detect', detect(source)],
    ['detect-files', detect(data)],
  ] as const;
  measureAboveNode(commands, column, results);
}

/** A file in each of `outer` times `inner` folders. */
function makeFiles(folder: string, outer: number, inner: number): void {
  for (let i = 0; i < outer * inner; i += 1) {
    const path = join(folder, `part-${i % outer}`, `module-${i}`);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'index.ts'), 'export {};\n');
  }
}

/** A database, and a hundred files in each of so many folders. */
function makeData(project: string, folders: number): void {
  mkdirSync(join(project, 'data'), { recursive: true });
  writeFileSync(join(project, '.env'), 'DATA_DIR=data\n');
  const db = new Database(join(project, 'data/app.db'));
  db.exec('CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)');
  db.close();
  for (let i = 0; i < folders; i += 1) {
    mkdirSync(join(project, 'data', String(i)));
    for (let j = 0; j < 100; j += 1)
      writeFileSync(join(project, 'data', String(i), `${j}.txt`), 'x');
  }
}
