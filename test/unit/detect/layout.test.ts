import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { join } from 'node:path';
import { folderDraft, layoutRoots, toFound } from '../../../src/engine/detect/drafts.ts';
import { namesIn, probeFolder } from '../../../src/engine/detect/folder-probe.ts';
import { layouts } from '../../../src/core/layouts/all-layouts.ts';
import { recognise, type Layout } from '../../../src/core/layouts/layout.ts';
import { surroundingsOf } from '../../../src/engine/detect/places.ts';
import { database } from '../../support/sqlite.ts';
import { tree } from '../../support/tree.ts';

/** A system whose data lies in several folders beside others, some of its marks being alternatives. */
const several: Layout = {
  id: 'several',
  cues: ['data', 'config'],
  marks: [
    {
      what: 'data/db/app.db',
      strength: 'weak',
      found: (folder) => folder.schemaNames('data/db/app.db', 'source_chunks'),
    },
    {
      what: 'config/registry.json',
      strength: 'weak',
      found: (folder) => {
        const registry = folder.readJson('config/registry.json');
        return typeof registry === 'object' && registry !== null && 'projects' in registry;
      },
    },
    {
      what: 'snapshots with their metadata',
      strength: 'weak',
      found: (folder) =>
        folder
          .list('backups')
          .some((name) => folder.isFile(`backups/${name}/backup-metadata.json`)) ||
        folder.variables.includes('SEVERAL_BACKUP_DIR'),
    },
  ],
  roots: ['data', 'config'],
  parts: [],
  exclusions: [{ pattern: 'data/cache/', reason: 'cache of several' }],
  jsonFiles: ['config/*.json'],
  references: () => [],
  guardRules: [],
};

const files = {
  'app/main.py': 'x',
  'data/db/app.db': database('CREATE TABLE source_chunks(id)'),
  'config/registry.json': '{ "projects": [] }',
  'backups/1/backup-metadata.json': '{}',
};

function probe(root: string, mayOpen = true, variables: string[] = []) {
  return probeFolder(root, namesIn(root), mayOpen, variables);
}

describe('recognise', () => {
  it('is certain where every mark is there', async () => {
    const root = await tree(files);
    const recognition = recognise(several, probe(root));
    deepStrictEqual([recognition?.confidence, recognition?.missing], ['certain', []]);
  });

  it('names what is missing where two points of marks are there', async () => {
    const root = await tree({ ...files, 'backups/1/backup-metadata.json': {} });
    const recognition = recognise(several, probe(root));
    deepStrictEqual(
      [recognition?.confidence, recognition?.missing],
      ['likely', ['snapshots with their metadata']],
    );
    strictEqual(
      recognise(several, probe(root, true, ['SEVERAL_BACKUP_DIR']))?.confidence,
      'certain',
    );
  });

  it('does not recognise one weak mark, nor torn JSON, nor a folder without a cue', async () => {
    const one = await tree({
      'data/db/app.db': files['data/db/app.db'],
      'config/registry.json': '{ "proj',
    });
    strictEqual(recognise(several, probe(one)), undefined);
    const none = await tree({ 'backups/1/backup-metadata.json': '{}' });
    strictEqual(recognise(several, probe(none, true, ['SEVERAL_BACKUP_DIR'])), undefined);
  });

  it('opens nothing in an untrusted workspace', async () => {
    strictEqual(recognise(several, probe(await tree(files), false)), undefined);
  });

  it('captures several roots below their common parent, beside source code', async () => {
    const root = await tree({ 'srv/x': files['app/main.py'], ...prefixed('srv/one', files) });
    const path = join(root, 'srv/one');
    const recognition = recognise(several, probe(path));
    const draft = folderDraft(path, ['X'], { mayOpen: true, recognition });
    const [found] = toFound([draft], surroundingsOf(root, [], [], { HOME: '/nowhere' }));
    deepStrictEqual(
      [found?.path, found?.roots, found?.layout, found?.exclusions],
      ['srv/one', ['srv/one/data', 'srv/one/config'], 'several', several.exclusions],
    );
  });

  it('captures them in the project folder too', () => {
    deepStrictEqual(layoutRoots(several, '/p', false), ['/p/data', '/p/config']);
  });
});

describe('every layout', () => {
  for (const layout of layouts) {
    it(`${layout.id} can be captured in parts, and its cues lead to its marks`, () => {
      strictEqual(layoutRoots(layout, '/p', false).length > 0, true);
      strictEqual(layoutRoots(layout, '/p', false).includes('/p'), false);
      strictEqual(layout.cues.length > 0 && layout.marks.length > 0, true);
    });
  }
});

function prefixed<T>(folder: string, entries: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => [`${folder}/${name}`, entry]),
  );
}
