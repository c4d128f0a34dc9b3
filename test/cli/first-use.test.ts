// Several programs that take the first snapshot of one project at the same moment.

import { deepStrictEqual } from 'node:assert/strict';
import { once } from 'node:events';
import type { SnapshotEntry } from '../../src/core/documents/documents.ts';
import { cliProject, startCli } from '../support/cli.ts';
import { database } from '../support/sqlite.ts';

describe('the first use of a store', () => {
  it('succeeds for all who begin at once', async () => {
    const { dir, env, json } = await cliProject({ 'data/app.db': database() });
    const labels = Array.from({ length: 6 }, (_, index) => `first-${index}`);
    const ran = await Promise.all(
      labels.map(async (label) => {
        const child = startCli(['snapshot', '-m', label], { cwd: dir, env }, 'ignore');
        const [code] = (await once(child, 'exit')) as [number | null];
        return { label, code };
      }),
    );
    deepStrictEqual(
      ran.filter(({ code }) => code !== 0),
      [],
    );
    const list = json(0, 'list') as SnapshotEntry[];
    deepStrictEqual(new Set(list.map(({ label }) => label)), new Set(labels));
  });
});
