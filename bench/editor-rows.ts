// What the editor waits for: answers of the engine's process, which it has running, and the news of a
// snapshot that was taken elsewhere.

import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import type { RestorePlanDocument } from '../src/core/documents/documents.ts';
import { decodeResult, type ProjectPlace, type ProjectRequest } from '../src/core/protocol.ts';
import { watchStore } from '../src/vscode/projects/watch-store.ts';
import { multiplySnapshots } from '../test/support/many-snapshots.ts';
import { changeFiles, changeRows } from './change-data.ts';
import { run } from './measure.ts';
import type { Results } from './results.ts';
import { databasePath, makeProject } from './sample-data.ts';
import { savepoint } from './tools/savepoint.ts';

const runs = 15;

interface Engine {
  readonly ask: <T>(method: string, ...args: readonly unknown[]) => Promise<T>;
  readonly stop: () => Promise<void>;
}

interface Place {
  readonly cli: string;
  readonly project: string;
  readonly store: string;
}

/** Adds milliseconds, one sample a run. */
export async function measureEditor(
  cli: string,
  folder: string,
  column: string,
  results: Results,
): Promise<void> {
  const place = { cli, project: join(folder, 'project'), store: join(folder, 'store') };
  makeProject(place.project, 0.05);
  run({ argv: savepoint(cli, place.project, place.store, 'snapshot'), env: { HOME: folder } });
  changeRows(place.project, 1);
  changeFiles(place.project, 1);
  const engine = startEngine(place, folder);
  const add = (row: 'editor-list' | 'editor-told' | 'editor-tick' | 'editor-still', ms: number) =>
    results.add(row, column, ms);
  try {
    await measurePreview(engine, add);
    writeFileSync(
      join(place.project, 'savepoint.json'),
      '{ "retention": { "keepLast": 100000 } }\n',
    );
    multiplySnapshots(place.store, 5_000);
    for (let i = 0; i < runs; i += 1) {
      const ask = async () => {
        await engine.ask('countByDay', {});
        await engine.ask('list', { limit: 100 });
      };
      add('editor-list', await msOf(ask));
    }
    await measureNews(engine, place, folder, (ms) => add('editor-told', ms));
  } finally {
    await engine.stop();
  }
}

/** Other ticks on the look that the preview holds, and whether it still holds. */
async function measurePreview(
  { ask }: Engine,
  add: (row: 'editor-tick' | 'editor-still', ms: number) => void,
): Promise<void> {
  const base = { snapshot: 'latest', rows: 0 };
  const { token } = await ask<RestorePlanDocument>('planRestore', base);
  const ticks = [
    { exceptTable: [`${databasePath}:users`] },
    { exceptTable: [`${databasePath}:pages`] },
    { except: ['data/sites'] },
  ];
  for (let i = 0; i < runs; i += 1) {
    const options = { ...base, ...ticks[i % ticks.length], basedOn: token };
    add('editor-tick', await msOf(() => ask('planRestore', options)));
    add('editor-still', await msOf(() => ask('isPlanCurrent', token)));
  }
}

/** From the end of a command that took a snapshot until its entry is here. */
async function measureNews(
  { ask }: Engine,
  { cli, project, store }: Place,
  folder: string,
  add: (ms: number) => void,
): Promise<void> {
  const { storePath } = await ask<ProjectPlace>('open');
  for (let i = 0; i < 5; i += 1) {
    const [program, ...args] = savepoint(cli, project, store, 'snapshot', '--label', `News ${i}`);
    const { promise: told, resolve } = Promise.withResolvers<void>();
    const look = async (): Promise<void> => {
      const [newest] = await ask<readonly { label: string | null }[]>('list', { limit: 1 });
      if (newest?.label === `News ${i}`) resolve();
    };
    const watch = watchStore(storePath, () => void look());
    const child = spawn(program, args, {
      stdio: 'ignore',
      env: { HOME: folder, PATH: process.env['PATH'] },
    });
    await once(child, 'exit');
    add(await msOf(() => told));
    watch.dispose();
  }
}

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function startEngine({ cli, project, store }: Place, home: string): Engine {
  const child = fork(cli, ['serve'], {
    env: { HOME: home, PATH: process.env['PATH'], SAVEPOINT_STORE: store },
  });
  const ended = once(child, 'exit');
  const connection = createMessageConnection(
    new IPCMessageReader(child),
    new IPCMessageWriter(child),
  );
  connection.listen();
  return {
    async ask<T>(method: string, ...args: readonly unknown[]) {
      const request: ProjectRequest = { cwd: project, trusted: true, args };
      return decodeResult(await connection.sendRequest(method, request)) as T;
    },
    async stop() {
      connection.dispose();
      child.disconnect();
      await ended;
    },
  };
}
