// A state that is made of another one by a plan: what is found in it with the help of what was found
// before is what is found in it by itself.

import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import { onDisk } from '../../support/paths.ts';
import { projectPath } from '../../../src/core/names.ts';
import { checkRules, type RulesCheck } from '../../../src/engine/check/check-rules.ts';
import { changeFileIndex, type FileIndex } from '../../../src/engine/check/file-index.ts';
import { indexLiveFiles } from '../../../src/engine/check/live-files.ts';
import { ruleFromReference } from '../../../src/engine/check/rule-from-reference.ts';
import { imageDatabase, type SideDatabase } from '../../../src/engine/check/side-database.ts';
import type { Rule } from '../../../src/core/check/rule.ts';
import { database } from '../../support/sqlite.ts';
import { tree, type Tree } from '../../support/tree.ts';

const { signal } = new AbortController();
const names = ['a', 'b', 'c', 'd', 'e'];

function table(paths: readonly string[]): string {
  const values = paths.map((path) => `INSERT INTO t(path) VALUES ('${path}');`).join('');
  return `CREATE TABLE t(id INTEGER PRIMARY KEY, path TEXT); ${values}`;
}

function rule(path: string, covers: string | undefined): Rule {
  const reference = { database: 'app.db', table: 't', where: undefined, path, covers };
  const place = { dataDir: 'data', base: 'data', self: 'data', origin: 'config' as const };
  return ruleFromReference(reference, place);
}

const rules = [rule('one/{path}', 'one/*'), rule('two/{path}', undefined)];

async function indexOf(entries: Tree): Promise<FileIndex> {
  const root = await tree({ 'data/': {}, ...entries });
  const live = {
    path: projectPath('data'),
    absolutePath: onDisk(join(root, 'data')),
    exclusion: () => undefined,
    mustParse: () => false,
  };
  return await indexLiveFiles(onDisk(root), [live], signal);
}

async function databaseWith(paths: readonly string[]): Promise<SideDatabase> {
  const root = await tree({ 'app.db': database(table(paths)) });
  return imageDatabase('data/app.db', paths.join(), async () => join(root, 'app.db'));
}

async function check(
  files: FileIndex,
  one: SideDatabase,
  previous?: RulesCheck,
): Promise<RulesCheck> {
  const state = { rules, files, databases: [one], ignored: [], nowMs: 0 };
  return await checkRules(state, { signal, previous });
}

function told({ mismatches }: RulesCheck): readonly string[] {
  return mismatches.map(({ kind, path }) => `${kind} ${path ?? ''}`);
}

describe('checkRules', () => {
  it('finds the same with the help of an earlier state as without', async () => {
    const live = await indexOf(
      Object.fromEntries(
        names.slice(0, 3).flatMap((name) => [
          [`data/one/${name}`, ''],
          [`data/two/${name}`, ''],
        ]),
      ),
    );
    const saved = await indexOf(
      Object.fromEntries(
        names.slice(2).flatMap((name) => [
          [`data/one/${name}`, 'x'],
          [`data/two/${name}`, 'x'],
        ]),
      ),
    );
    const now = await databaseWith(['a', 'b', 'd']);
    const then = await databaseWith(['c', 'd', 'e']);
    const before = await check(live, now);
    const path = fc
      .tuple(fc.constantFrom('one', 'two'), fc.constantFrom(...names))
      .map(([folder, name]) => `data/${folder}/${name}`);
    const changes = fc.dictionary(path, fc.boolean());
    let previous = before;
    await fc.assert(
      fc.asyncProperty(changes, fc.boolean(), async (ticks, isThen) => {
        const changed = new Map(
          Object.entries(ticks).map(([at, comes]) => [at, comes ? saved : null]),
        );
        const files = changeFileIndex(live, changed);
        const one = isThen ? then : now;
        const fresh = await check(files, one);
        const helped = await check(files, one, previous);
        previous = helped;
        deepStrictEqual(told(helped), told(fresh));
        deepStrictEqual(helped.keys, fresh.keys);
      }),
      { numRuns: 60 },
    );
    now.close();
    then.close();
  });

  it('runs a rule again only where something changed that it looks at', async () => {
    const live = await indexOf({ 'data/one/a': '', 'data/two/a': '', 'data/three/x': '' });
    const one = await databaseWith(['a']);
    const before = await check(live, one);
    const outcomes = ({ outcomes: kept }: RulesCheck) =>
      rules.map(({ id }) => kept.get(id)?.outcome);
    const elsewhere = await check(
      changeFileIndex(live, new Map([['data/three/x', null]])),
      one,
      before,
    );
    deepStrictEqual(
      outcomes(elsewhere).map((outcome, index) => outcome === outcomes(before)[index]),
      [true, true],
    );
    const changed = await check(
      changeFileIndex(live, new Map([['data/two/a', null]])),
      one,
      before,
    );
    deepStrictEqual(told(changed), ['missing-file data/two/a']);
    strictEqual(outcomes(changed)[0], outcomes(before)[0]);
    ok(outcomes(changed)[1] !== outcomes(before)[1]);
    one.close();
  });

  it('reads sizes and content of a path from where it comes', async () => {
    const live = await indexOf({ 'data/one/a': 'live', 'data/one/b': 'b' });
    const saved = await indexOf({ 'data/one/a': 'saved!' });
    const changed = changeFileIndex(
      live,
      new Map([
        ['data/one/a', saved],
        ['data/one/b', null],
      ]),
    );
    strictEqual(changed.size('data/one/a'), 6);
    strictEqual(changed.read('data/one/a', 100)?.toString(), 'saved!');
    strictEqual(changed.size('data/one/b'), undefined);
    strictEqual(live.size('data/one/a'), 4);
  });
});
