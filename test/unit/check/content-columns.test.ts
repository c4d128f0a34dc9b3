// Size and hash that rows have of their files: compared where they are right, never on thin evidence.

import { deepStrictEqual, match } from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckDocument } from '../../../src/core/documents/documents.ts';
import { hex, insert, numbers, uuid, type SqlCell } from '../../support/app-data/app-data.ts';
import { quietCall, testProject } from '../../support/project.ts';
import { database, sqlite } from '../../support/sqlite.ts';
import { writeTree, type Tree } from '../../support/tree.ts';

interface Stored {
  readonly id: number;
  readonly path: string;
  readonly content: string;
}

const stored = (count: number, contentOf: (id: number) => string): readonly Stored[] =>
  numbers(count).map((id) => ({ id, path: `${uuid(`c ${id}`)}.pdf`, content: contentOf(id) }));

const digest = (algorithm: string, text: string): string =>
  createHash(algorithm).update(text).digest('hex');

async function project(
  all: readonly Stored[],
  columnsOf: (one: Stored) => Readonly<Record<string, SqlCell>>,
  more: Tree = {},
) {
  const rows = all.map((one) => ({ id: one.id, path: one.path, ...columnsOf(one) }));
  const columns = Object.keys(rows[0] ?? {})
    .filter((name) => name !== 'id')
    .map((name) => `"${name}"`);
  return await testProject({
    'data/app.db': database(
      `CREATE TABLE documents (id INTEGER PRIMARY KEY, ${columns.join()});${insert('documents', rows)}`,
    ),
    ...Object.fromEntries(all.map(({ path, content }) => [`data/files/${path}`, content])),
    ...more,
  });
}

/** Three bytes other than before, in a file of the same size. */
function change(dir: string, { path }: Stored): void {
  const file = join(dir, 'data/files', path);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, `${text.slice(0, 4)}###${text.slice(7)}`);
}

function compared({ rules }: CheckDocument): unknown {
  return rules[0]?.compared?.map(({ what, column, fits, of }) => `${what} ${column} ${fits}/${of}`);
}

const told = ({ mismatches }: CheckDocument): string[] =>
  mismatches.map(({ kind, severity, path, detail }) => `${severity} ${kind} ${path}: ${detail}`);

const texts = (id: number): string => hex(`text ${id}`, 100 + ((id * 37) % 400));

describe('size and hash of files', () => {
  for (const [hash, algorithm] of [
    ['sha256', 'sha256'],
    ['digest', 'md5'],
    ['checksum', 'sha1'],
  ] as const) {
    it(`are compared where a column has them: ${algorithm} in ${hash}`, async () => {
      const all = stored(40, texts);
      const { project: opened, dir } = await project(all, ({ content }) => ({
        [hash]: digest(algorithm, content),
        filesize: content.length,
        views: content.length + 1,
      }));
      const sound = await opened.check('live', {}, quietCall);
      deepStrictEqual(
        [compared(sound), told(sound)],
        [['size filesize 40/40', `hash ${hash} 40/40`], []],
      );
      change(dir, all[6]!);
      writeFileSync(join(dir, 'data/files', all[9]!.path), 'short');
      const planted = await opened.check('live', {}, quietCall);
      const names = told(planted);
      deepStrictEqual(names.length, 2, names.join('\n'));
      match(names.find((one) => one.includes(all[6]!.path)) ?? '', /changed-file .*, row says /);
      match(names.find((one) => one.includes(all[9]!.path)) ?? '', /: 5 B, row says 470 B/);
      await opened.close();
    });
  }

  it('are written with the rule, and compared on after it is accepted', async () => {
    const all = stored(20, texts);
    const { project: opened, dir } = await project(all, ({ content }) => ({
      'file size': String(content.length),
      sha256: `sha256:${digest('sha256', content)}`,
    }));
    const { rules } = await opened.check('live', {}, quietCall);
    const edit = await opened.editConfig({ kind: 'acceptRules', rules: rules.map(({ id }) => id) });
    writeFileSync(edit.file, edit.text);
    match(edit.text, /"size": ".*file size.*",\s+"hash": "sha256"/);
    change(dir, all[3]!);
    const { mismatches, configProblems } = await opened.check('live', {}, quietCall);
    deepStrictEqual(
      [mismatches.map(({ path }) => path), configProblems],
      [[`data/files/${all[3]!.path}`], []],
    );
    await opened.close();
  });

  it('are compared on where most files changed since the snapshot, until the column is gone', async () => {
    const all = stored(20, texts);
    const { project: opened, dir } = await project(all, ({ content }) => ({
      bytes: content.length,
      sha256: digest('sha256', content),
    }));
    await opened.snapshot({}, quietCall);
    for (const one of all) change(dir, one);
    const changed = await opened.check('live', {}, quietCall);
    deepStrictEqual(
      [compared(changed), changed.mismatches.length],
      [['size bytes 20/20', 'hash sha256 0/20'], 20],
    );
    sqlite(join(dir, 'data/app.db'), 'ALTER TABLE documents DROP COLUMN sha256');
    const gone = await opened.check('live', {}, quietCall);
    deepStrictEqual([compared(gone), told(gone)], [['size bytes 20/20'], []]);
    await opened.close();
  });

  it('are told by a snapshot, too', async () => {
    const all = stored(20, texts);
    const { project: opened, dir } = await project(all, ({ content }) => ({
      size: content.length,
      sha256: digest('sha256', content),
    }));
    change(dir, all[2]!);
    await writeTree(join(dir, 'data/files'), { [all[5]!.path]: 'short' });
    const { id, mismatches } = await opened.snapshot({}, quietCall);
    deepStrictEqual(mismatches, 2);
    deepStrictEqual((await opened.check(id, {}, quietCall)).mismatches.length, 2);
    await opened.close();
  });

  it('are not compared on thin evidence: sizes alike, columns right by chance, hashes of something else', async () => {
    const none: readonly (readonly [
      count: number,
      contentOf: (id: number) => string,
      columnsOf: (one: Stored) => Readonly<Record<string, SqlCell>>,
    ])[] = [
      // All of one size: a version, a number of pages.
      [30, () => 'x', () => ({ size: 1, version: 1 })],
      [30, (id) => 'x'.repeat(1 + (id % 2)), ({ content }) => ({ size: content.length })],
      // Called otherwise: few sizes may be anything.
      [30, (id) => 'x'.repeat(1 + (id % 5)), ({ content }) => ({ rating: content.length })],
      [10, texts, ({ content }) => ({ width: content.length })],
      // Of the file before it was converted.
      [30, texts, ({ id, content }) => ({ size: content.length + (id % 4 === 0 ? 900 : 0) })],
      [30, texts, ({ path }) => ({ md5: digest('md5', path), sha256: digest('sha256', path) })],
      [30, texts, ({ id, content }) => ({ sha256: id <= 4 ? digest('sha256', content) : null })],
    ];
    for (const [count, contentOf, columnsOf] of none) {
      const { project: opened } = await project(stored(count, contentOf), columnsOf);
      const sound = await opened.check('live', {}, quietCall);
      deepStrictEqual([sound.rules.length, compared(sound), told(sound)], [1, undefined, []]);
      await opened.close();
    }
  });
});
