import { deepStrictEqual, strictEqual, throws } from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { checkProjectConfig } from '../../../src/core/config/project-config.ts';
import { layoutIds } from '../../../src/core/layouts/all-layouts.ts';
import { exclusionMatcher } from '../../../src/engine/detect/exclusion-matcher.ts';
import { findDataDirs } from '../../../src/engine/detect/find-data-dirs.ts';
import type { FoundDataDirs } from '../../../src/engine/detect/found.ts';
import { readProjectConfig } from '../../../src/engine/detect/project-config.ts';
import {
  addDataDirToConfig,
  createConfig,
  setExcludedInConfig,
} from '../../../src/engine/config/config-edits.ts';
import { engineOptions } from '../../support/engine-options.ts';
import { database } from '../../support/sqlite.ts';
import { file, symlink, tree } from '../../support/tree.ts';

const db = database();

function find(root: string): FoundDataDirs {
  return findDataDirs(root, { options: engineOptions(), allowed: [], storeDir: '/nowhere' });
}

function read(root: string): string {
  return fs.readFileSync(join(root, 'savepoint.json'), 'utf8');
}

/** Each data directory of the file with its patterns: `data -tmp +tmp/keep`. */
function entries(root: string): string[] | undefined {
  return readProjectConfig(root).config.dataDirs?.map(({ path, exclude, include }) =>
    [path, ...exclude.map((one) => `-${one}`), ...include.map((one) => `+${one}`)].join(' '),
  );
}

describe('readProjectConfig', () => {
  const problems = async (text: string) =>
    readProjectConfig(await tree({ 'savepoint.json': text })).problems.map(
      ({ file: name, line, column, message }) => `${name}:${line}:${column} ${message}`,
    );

  it('reads comments and trailing commas', async () => {
    const root = await tree({ 'savepoint.json': '// top\n{ /* a */ "secrets": ["X",], }\n' });
    deepStrictEqual(readProjectConfig(root).config.secrets, ['X']);
    deepStrictEqual(readProjectConfig(root).problems, []);
  });

  it('reads a file that begins with a byte order mark', async () => {
    const root = await tree({ 'savepoint.json': '\uFEFF{ "secrets": ["X"] }' });
    deepStrictEqual(readProjectConfig(root).config.secrets, ['X']);
  });

  it('has no problem with a file that is not there, or empty', async () => {
    deepStrictEqual(readProjectConfig(await tree()).problems, []);
    deepStrictEqual(readProjectConfig(await tree()).exists, false);
    deepStrictEqual(await problems('// nothing yet\n'), []);
  });

  it('tells where a problem is', async () => {
    deepStrictEqual(await problems('{\n  "retention": {\n    "keepLast": -1 }\n}'), [
      'savepoint.json:3:17 "keepLast" has to be a whole number from 0 on',
    ]);
    deepStrictEqual(await problems('{\r\n  "secrets" ["X"]\r\n}'), [
      'savepoint.json:2:13 colon expected',
    ]);
  });

  it('does not read what is no file, or far too large for one', async () => {
    const root = await tree({ 'savepoint.json/x': 'x' });
    deepStrictEqual(
      readProjectConfig(root).problems.map(({ message }) => message),
      ['is not a file, so it is not read'],
    );
    deepStrictEqual(await problems(`{}${' '.repeat(1024 * 1024)}`), [
      'savepoint.json:1:1 is larger than 1 MB, so it is not read',
    ]);
  });
});

describe('addDataDirToConfig', () => {
  it('makes the file with explanations, and loses nothing that was found', async () => {
    const root = await tree({ 'data/a.db': db, 'prisma/dev.db': db, 'uploads/x': 'x' });
    addDataDirToConfig(root, 'uploads', find(root));
    deepStrictEqual(entries(root), ['data', 'prisma/dev.db', 'uploads']);
    strictEqual(read(root).startsWith('// What Savepoint captures'), true);
    deepStrictEqual(readProjectConfig(root).problems, []);
    deepStrictEqual(
      find(root).dataDirs.map(({ path }) => path),
      ['data', 'prisma/dev.db', 'uploads'],
    );
  });

  it('keeps comments, order and indentation', async () => {
    const before =
      '{\n    // keep me\n    "secrets": ["X"], // and me\n    "dataDirs": [\n        // the first\n        { "path": "a" }\n    ]\n}\n';
    const root = await tree({ 'savepoint.json': before, 'a/x': 'x', 'b/x': 'x' });
    addDataDirToConfig(root, 'b', find(root));
    for (const comment of ['// keep me', '// and me', '// the first']) {
      strictEqual(read(root).includes(comment), true);
    }
    strictEqual(
      read(root).startsWith('{\n    // keep me\n    "secrets": ["X"], // and me\n'),
      true,
    );
    deepStrictEqual(entries(root), ['a', 'b']);
  });

  it('adds nothing twice', async () => {
    const root = await tree({
      'savepoint.json': '{ "dataDirs": [{ "path": "./a/" }] }',
      'a/x': 'x',
    });
    const before = read(root);
    addDataDirToConfig(root, 'a', find(root));
    strictEqual(read(root), before);
  });

  it('takes what lies in it out of the new list', async () => {
    const root = await tree({ 'var/db/a.db': db, 'var/x.ts': 'x' });
    addDataDirToConfig(root, 'var', find(root));
    deepStrictEqual(entries(root), ['var']);
  });

  it('refuses what lies in another one', async () => {
    const root = await tree({ 'data/a.db': db, 'data/in/x': 'x' });
    throws(() => addDataDirToConfig(root, 'data/in', find(root)), {
      code: 'DATA_DIRECTORY_REFUSED',
    });
    strictEqual(fs.existsSync(join(root, 'savepoint.json')), false);
  });

  it('does not touch a file that it does not understand', async () => {
    for (const text of ['{ "dataDirs": [', '[]', '{ "dataDirs": "x" }']) {
      const root = await tree({ 'savepoint.json': text, 'a/x': 'x' });
      throws(() => addDataDirToConfig(root, 'a', find(root)), {
        code: 'CONFIG_INVALID',
        message: /^savepoint\.json, line 1: /,
      });
      strictEqual(read(root), text);
    }
  });

  it('keeps the mode and what a link leads to', async () => {
    const root = await tree({
      'real.json': file('{}', { mode: 0o640 }),
      'savepoint.json': symlink('real.json'),
      'a/x': 'x',
    });
    addDataDirToConfig(root, 'a', find(root));
    strictEqual(fs.lstatSync(join(root, 'savepoint.json')).isSymbolicLink(), true);
    strictEqual(fs.statSync(join(root, 'real.json')).mode & 0o777, 0o640);
    deepStrictEqual(entries(root), ['a']);
    deepStrictEqual(fs.readdirSync(root).toSorted(), ['a', 'real.json', 'savepoint.json']);
  });

  it('keeps the line ends and the byte order mark of Windows', async () => {
    const root = await tree({
      'savepoint.json': '\uFEFF{\r\n  "secrets": []\r\n}\r\n',
      'a/x': 'x',
    });
    addDataDirToConfig(root, 'a', find(root));
    strictEqual(read(root).replaceAll('\r\n', '').includes('\n'), false);
    strictEqual(read(root).startsWith('\uFEFF{'), true);
    deepStrictEqual(entries(root), ['a']);
  });
});

describe('setExcludedInConfig', () => {
  const project = {
    'data/a.db': db,
    'data/cache/x': 'x',
    'data/tmp/keep/y': 'y',
    'data/m[1m]/*/z': 'z',
    'other/b.db': db,
    'other/.env': '',
    'storage/c.db': db,
  };
  const isOut = (root: string, path: string) => {
    const dir = find(root).dataDirs[0]!;
    const isDirectory = fs.statSync(join(root, path)).isDirectory();
    return exclusionMatcher(dir)(path.slice('data/'.length), isDirectory) !== undefined;
  };

  it('leaves out a folder, and takes it in again without a trace', async () => {
    const root = await tree(project);
    setExcludedInConfig(root, find(root), 'data/cache', true);
    deepStrictEqual(entries(root), ['data -cache/**', 'other/b.db', 'storage']);
    strictEqual(isOut(root, 'data/cache'), true);
    setExcludedInConfig(root, find(root), 'data/cache', false);
    deepStrictEqual(entries(root), ['data', 'other/b.db', 'storage']);
  });

  it('takes in what a default leaves out, and leaves it out again', async () => {
    const root = await tree(project);
    setExcludedInConfig(root, find(root), 'data/tmp/keep', false);
    deepStrictEqual(entries(root)?.[0], 'data +tmp/keep/**');
    strictEqual(isOut(root, 'data/tmp/keep/y'), false);
    setExcludedInConfig(root, find(root), 'data/tmp/keep', true);
    deepStrictEqual(entries(root)?.[0], 'data');
    strictEqual(isOut(root, 'data/tmp/keep/y'), true);
  });

  it('overrules wider patterns that are somebody else’s', async () => {
    const config = '{ "dataDirs": [{ "path": "data", "exclude": [\n "**/x", // mine\n] }] }';
    const root = await tree({ ...project, 'savepoint.json': config });
    setExcludedInConfig(root, find(root), 'data/cache/x', false);
    deepStrictEqual(entries(root), ['data -**/x +cache/x']);
    strictEqual(read(root).includes('// mine'), true);
    strictEqual(isOut(root, 'data/cache/x'), false);
  });

  it('takes names for what they are', async () => {
    const root = await tree(project);
    for (const path of ['data/m[1m]/*', 'data/m[1m]']) {
      setExcludedInConfig(root, find(root), path, true);
      strictEqual(isOut(root, path), true);
      setExcludedInConfig(root, find(root), path, false);
      strictEqual(isOut(root, path), false);
    }
  });

  it('leaves out whole data directories and takes them in again', async () => {
    const root = await tree(project);
    setExcludedInConfig(root, find(root), 'storage', true);
    deepStrictEqual(entries(root), ['data', 'other/b.db']);
    setExcludedInConfig(root, find(root), 'other/b.db', true);
    deepStrictEqual(entries(root), ['data']);
    setExcludedInConfig(root, find(root), 'storage', false);
    deepStrictEqual(entries(root), ['data', 'storage']);
  });

  it('says where no data directory holds the path', async () => {
    const root = await tree(project);
    throws(() => setExcludedInConfig(root, find(root), 'src', true), { code: 'USAGE' });
  });
});

describe('createConfig', () => {
  it('makes a file that changes nothing, once', async () => {
    const root = await tree({ 'data/a.db': db });
    const before = find(root).dataDirs;
    createConfig(root);
    deepStrictEqual(find(root).dataDirs, before);
    deepStrictEqual(find(root).configProblems, []);
    fs.writeFileSync(join(root, 'savepoint.json'), '{}');
    createConfig(root);
    strictEqual(read(root), '{}');
  });
});

describe('savepoint.schema.json', () => {
  interface Schema {
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly items?: Schema;
    readonly $ref?: string;
    readonly enum?: readonly string[];
    readonly oneOf?: readonly Schema[];
    readonly type?: string;
    readonly pattern?: string;
    readonly examples?: readonly unknown[];
    readonly required?: readonly string[];
  }
  const path = join(import.meta.dirname, '../../../savepoint.schema.json');
  const schema = JSON.parse(fs.readFileSync(path, 'utf8')) as Schema & {
    readonly definitions: Readonly<Record<string, Schema>>;
  };

  /** Texts of the shapes that patterns ask for. */
  const shaped = ['5GB', '24h', 'app.db:rows.id'];

  /** Something of every key that the schema knows, but of keys that exclude each other only the first. */
  function sample(given: Schema): unknown {
    const name = given.$ref?.split('/').at(-1);
    const part = name === undefined ? given : schema.definitions[name]!;
    if (part.properties !== undefined) {
      const others = part.oneOf?.slice(1).flatMap(({ required = [] }) => required) ?? [];
      return Object.fromEntries(
        Object.entries(part.properties)
          .filter(([key]) => !others.includes(key))
          .map(([key, value]) => [key, sample(value)]),
      );
    }
    if (part.examples !== undefined) return part.examples[0];
    if (part.pattern !== undefined)
      return shaped.find((text) => new RegExp(part.pattern!).test(text));
    if (part.items !== undefined) return [sample(part.items)];
    if (part.oneOf !== undefined) return sample(part.oneOf.at(-1)!);
    if (part.enum !== undefined) return part.enum[0];
    return part.type === 'integer' ? 1 : '1';
  }

  it('knows no key that the program does not', () => {
    const { findings } = checkProjectConfig(sample(schema), layoutIds);
    deepStrictEqual(
      findings.filter(({ message }) => !message.endsWith('has no effect in this version')),
      [],
    );
  });

  it('knows every key and layout that the program knows', () => {
    const { dataDir, reference, topReference, ignored, topIgnored } = schema.definitions;
    deepStrictEqual(dataDir?.properties?.['layout']?.enum?.toSorted(), layoutIds.toSorted());
    const known = (value: unknown) =>
      /known are (.*)$/
        .exec(checkProjectConfig(value, layoutIds).findings[0]?.message ?? '')?.[1]
        ?.split(', ');
    const keys = (of: Schema | undefined) =>
      Object.keys(of?.properties ?? {}).filter((key) => key !== '$schema');
    deepStrictEqual(known({ x: 1 }), keys(schema));
    deepStrictEqual(known({ dataDirs: [{ x: 1, path: 'a' }] }), keys(dataDir));
    const inDir = (entry: object) => known({ dataDirs: [{ path: 'a', ...entry }] });
    deepStrictEqual(inDir({ references: [{ x: 1 }] }), keys(reference));
    deepStrictEqual(inDir({ ignore: [{ x: 1 }] }), keys(ignored));
    deepStrictEqual(known({ references: [{ x: 1 }] }), keys(topReference));
    deepStrictEqual(known({ ignore: [{ x: 1 }] }), keys(topIgnored));
    deepStrictEqual(known({ retention: { x: 1 } }), keys(schema.properties?.['retention']));
    deepStrictEqual(known({ guard: { x: 1 } }), keys(schema.properties?.['guard']));
  });
});
