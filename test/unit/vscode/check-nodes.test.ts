import { deepStrictEqual, strictEqual } from 'node:assert';
import type { CheckDocument } from '../../../src/core/documents/documents.ts';
import type { ProjectModel } from '../../../src/vscode/projects/project-model.ts';
import { checkChildren, checkNodes } from '../../../src/vscode/views/check-nodes.ts';
import type { ViewNode } from '../../../src/vscode/views/nodes.ts';
import { dataDir } from '../../support/documents.ts';
import { check, mismatch, rule, status } from '../views/samples.ts';

/** What the nodes read of a project. */
function projectWith(
  document: CheckDocument | undefined,
  dataDirs = [dataDir()],
): Pick<ProjectModel, 'cwd' | 'status'> & { check: { document: CheckDocument | undefined } } {
  return { cwd: '/home/dev/app', status: status({ dataDirs }), check: { document } };
}

function nodes(document: CheckDocument | undefined, dataDirs = [dataDir()]): ViewNode[] {
  return checkNodes(projectWith(document, dataDirs) as unknown as ProjectModel, undefined);
}

const labels = (of: readonly ViewNode[] | undefined): unknown => of?.map(({ row }) => row.label);

describe('checkNodes', () => {
  it('are none before a check and where all matches', () => {
    deepStrictEqual([nodes(undefined), nodes(check({ ignored: 3 }))], [[], []]);
  });

  it('are mismatches below their rule, and suggestions apart from them', () => {
    const suggested = rule({ id: 's', title: 'uploads.path -> files/', state: 'suggested' });
    const [mismatches, suggestions, ...others] = nodes(
      check({ mismatches: [mismatch()], rules: [rule(), suggested] }),
    );
    deepStrictEqual(others, []);
    const [group] = checkChildren(mismatches!, new Map()) ?? [];
    deepStrictEqual(
      [labels(checkChildren(group!, new Map())), labels(checkChildren(suggestions!, new Map()))],
      [['alpha · main · gemini · pro'], ['uploads.path -> files/']],
    );
    strictEqual(group?.row.description, '1');
  });

  it('say which data directory is meant where there are several', () => {
    const several = [dataDir(), dataDir({ name: 'other', path: 'other' })];
    const [mismatches] = nodes(check({ mismatches: [mismatch()] }), several);
    strictEqual(checkChildren(mismatches!, new Map())?.[0]?.row.description, '1 · data');
  });

  it('are shown by the hundred, and the next hundred when somebody asks', () => {
    const many = Array.from({ length: 250 }, (_, id) => mismatch({ key: { id } }));
    const [mismatches] = nodes(check({ mismatches: many }));
    const [group] = checkChildren(mismatches!, new Map()) ?? [];
    const first = checkChildren(group!, new Map()) ?? [];
    deepStrictEqual(
      [first.length, first.at(-1)?.row.label, first.at(-1)?.row.description],
      [101, 'Show 100 more', '150 left'],
    );
    const all = checkChildren(group!, new Map([[group!.id, 300]])) ?? [];
    strictEqual(all.length, 250);
    strictEqual(new Set(all.map(({ id }) => id)).size, 250);
  });
});
