import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commands, lm, workspace, type LanguageModelTextPart } from 'vscode';
import type { SnapshotDocument, SnapshotEntry } from '../../../src/core/documents/documents.ts';
import type { ErrorDocument } from '../../../src/core/errors.ts';
import { activated, command, rowsOf, type TestServices } from '../../support/extension.ts';
import { until } from '../../support/until.ts';

describe('several folders', () => {
  let services: TestServices;
  const folder = (name: string): string =>
    workspace.workspaceFolders?.find((one) => one.name === name)?.uri.fsPath ?? '';
  const labels = (rows: readonly string[]): string[] => rows.map((row) => row.split(' | ')[0]!);

  before(async () => {
    services = await activated();
    await services.projects.loadAll();
  });

  it('are the first level of the Data view', async () => {
    const rows = labels(await rowsOf(services.dataView));
    deepStrictEqual(
      rows.filter((row) => /^( {2})?\S/.test(row)),
      [
        'docs',
        '  data',
        '  - Not covered',
        '  Store',
        'shop',
        '  storage',
        '  Store',
        'tools',
        '  Store',
      ],
    );
  });

  it('have no rows in the Snapshots view before the first snapshot: it welcomes', async () => {
    deepStrictEqual(await rowsOf(services.snapshotsView), []);
  });

  it('are named by "cwd", and a snapshot goes to its own project', async () => {
    const taken = await command<SnapshotDocument>('snapshot', {
      cwd: folder('shop'),
      label: 'Shop',
    });
    deepStrictEqual(taken.dataDirs, ['storage']);
    const shop = await command<readonly SnapshotEntry[]>('list', { cwd: folder('shop') });
    const docs = await command<readonly SnapshotEntry[]>('list', { cwd: folder('docs') });
    deepStrictEqual([shop.map(({ id }) => id), docs], [[taken.id], []]);
    const rows = await until('the rows', async () => {
      const shown = labels(await rowsOf(services.snapshotsView));
      return shown.length === 5 && shown;
    });
    deepStrictEqual(rows, ['docs', 'shop', '  Today', '    - Shop', 'tools']);
  });

  it('are asked for where none is named, which code must do', async () => {
    const { error } = await command<ErrorDocument>('snapshot');
    deepStrictEqual([error.code, error.hint], ['USAGE', 'name one with "cwd"']);
  });

  it('that have no snapshot, or no data, say so in the Snapshots view', async () => {
    const rows = await rowsOf(services.snapshotsView);
    deepStrictEqual(
      rows.filter((row) => !row.startsWith(' ')),
      ['docs | No snapshot', 'shop | 1 data directory', 'tools | No data directory'],
    );
  });

  it('are all saved with one answer; those without data are passed over', async () => {
    const taken = await takeOfAll();
    deepStrictEqual(
      taken.map(({ dataDirs }) => dataDirs),
      [['data'], ['storage']],
    );
    deepStrictEqual(services.activities.flashed?.text, 'Saved');
    const [docs] = await command<readonly SnapshotEntry[]>('list', { cwd: folder('docs') });
    strictEqual(docs?.id, taken[0]?.id);
  });

  it('are not called saved where one of them failed, and the others are saved all the same', async () => {
    const config = join(folder('docs'), 'savepoint.json');
    await writeFile(config, '{ "retention": { "maxBytes": "1KB" } }');
    await writeFile(join(folder('docs'), 'data/large.bin'), Buffer.alloc(100_000, 'x'));
    const taken = await takeOfAll();
    deepStrictEqual(
      taken.map(({ dataDirs }) => dataDirs),
      [['storage']],
    );
    const { text, icon } = services.activities.flashed ?? {};
    deepStrictEqual([text, icon], ['Saved 1 of 2', 'warning']);
    await rm(config);
  });

  /** As somebody does who presses Enter at the question. */
  async function takeOfAll(): Promise<readonly SnapshotDocument[]> {
    let answer: readonly SnapshotDocument[] | undefined;
    const taking = commands.executeCommand<readonly SnapshotDocument[]>('savepoint.snapshot');
    void taking.then((documents) => (answer = documents));
    return until('the question is answered', async () => {
      if (services.activities.current === undefined)
        await commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return answer;
    });
  }

  it('are named by "folder" by the tools of agents, which are told so', async () => {
    const list = async (input: object): Promise<string> => {
      const options = { input, toolInvocationToken: undefined };
      const { content } = await lm.invokeTool('savepoint_list', options);
      return content.map((part) => (part as LanguageModelTextPart).value).join('\n');
    };
    match(await list({}), /several folders are open: name one with "folder"/);
    match(await list({ folder: folder('shop') }), / Shop\n/);
  });

  it('come and go with the workspace', async () => {
    const tools = workspace.workspaceFolders?.findIndex(({ name }) => name === 'tools') ?? -1;
    workspace.updateWorkspaceFolders(tools, 1);
    await until('two are left', () => services.projects.all.length === 2);
    strictEqual(labels(await rowsOf(services.dataView)).includes('tools'), false);
  });
});
