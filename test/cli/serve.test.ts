// `savepoint serve`: the engine's process as an editor starts it.

import { deepStrictEqual, notDeepStrictEqual, ok, rejects, strictEqual } from 'node:assert/strict';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import {
  CancellationTokenSource,
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  ProgressType,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import type {
  DetectionDocument,
  SnapshotDocument,
  SnapshotEntry,
} from '../../src/core/documents/documents.ts';
import {
  decodeResult,
  type ProgressEvent,
  type ProjectPlace,
  type ProjectRequest,
} from '../../src/core/protocol.ts';
import { cliProject, startCli, type CliProject } from '../support/cli.ts';
import { database } from '../support/sqlite.ts';
import type { Tree } from '../support/tree.ts';

interface Served extends CliProject {
  readonly child: ChildProcess;
  readonly connection: MessageConnection;
  readonly request: <T>(method: string, ...args: readonly unknown[]) => Promise<T>;
  readonly ended: Promise<number | null>;
}

async function serve(entries: Tree, transport: 'stdio' | 'ipc' = 'ipc'): Promise<Served> {
  const project = await cliProject(entries);
  const stdio =
    transport === 'ipc' ? (['pipe', 'pipe', 'pipe', 'ipc'] satisfies StdioOptions) : 'pipe';
  const child = startCli(['serve'], { env: project.env }, stdio);
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const { stdin, stdout } = child;
  ok(stdin !== null && stdout !== null);
  const connection =
    transport === 'ipc'
      ? createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child))
      : createMessageConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
  connection.listen();
  open.push({ connection, child, ended });
  const request = async <T>(method: string, ...args: readonly unknown[]): Promise<T> => {
    const params: ProjectRequest = { cwd: project.dir, trusted: true, args };
    return decodeResult(await connection.sendRequest(method, params)) as T;
  };
  return { ...project, child, connection, request, ended };
}

const open: Pick<Served, 'connection' | 'child' | 'ended'>[] = [];

afterEach(async () => {
  for (const { connection, child, ended } of open.splice(0)) {
    connection.dispose();
    child.kill('SIGKILL');
    await ended;
  }
});

function code(error: unknown): unknown {
  return error instanceof ResponseError ? (error.data as { code: string }).code : error;
}

for (const transport of ['stdio', 'ipc'] as const) {
  describe(`serve over ${transport}`, () => {
    it('answers the methods of a project, and ends with the connection', async () => {
      const served = await serve({ 'data/app.db': database(), 'data/a.txt': 'hello' }, transport);
      const { request, dir, storeDir, child } = served;
      const place = await request<ProjectPlace>('open');
      strictEqual(place.path, dir);
      ok(place.storePath.startsWith(storeDir));
      const taken = await request<SnapshotDocument>('snapshot', { label: 'First' });
      const list = await request<readonly SnapshotEntry[]>('list');
      deepStrictEqual(
        list.map(({ id, label }) => ({ id, label })),
        [{ id: taken.id, label: 'First' }],
      );
      deepStrictEqual(await request('readFile', taken.id, 'data/a.txt'), Buffer.from('hello'));
      strictEqual(await request('pendingRestore'), null);
      strictEqual(await served.connection.sendRequest('shutdown'), null);
      if (transport === 'ipc') child.disconnect();
      else child.stdin?.end();
      strictEqual(await served.ended, 0);
    });
  });
}

describe('serve', () => {
  it('brings names through that are not UTF-8', async () => {
    const name = 'caf\udce9 \n"x"';
    const { request } = await serve({ 'data/app.db': database(), [`data/${name}`]: 'bytes' });
    const { id } = await request<SnapshotDocument>('snapshot', {});
    const entries = await request<readonly { name: string }[]>('browse', id, 'data');
    deepStrictEqual(
      entries.map((entry) => entry.name),
      ['app.db', name],
    );
    deepStrictEqual(await request('readFile', id, `data/${name}`), Buffer.from('bytes'));
  });

  it('tells progress, and never past the answer', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`data/${index}.bin`, randomBytes(20_000)]),
    );
    const { connection, dir } = await serve({ 'data/app.db': database(), ...files });
    const type = new ProgressType<ProgressEvent>();
    const events: ProgressEvent[] = [];
    connection.onProgress(type, 'p1', (event) => {
      events.push(event);
    });
    const params = { cwd: dir, trusted: true, args: [{}], progressToken: 'p1' };
    await connection.sendRequest('snapshot', params);
    ok(events.some(({ done }) => done.files >= 300));
    const count = events.length;
    await connection.sendRequest('list', { cwd: dir, trusted: true, args: [] });
    strictEqual(events.length, count);
  });

  it('cancels a call, which then leaves nothing', async () => {
    const { connection, dir, request } = await serve({
      'data/app.db': database(),
      'data/big.bin': randomBytes(100_000_000),
    });
    const cancel = new CancellationTokenSource();
    const type = new ProgressType<ProgressEvent>();
    connection.onProgress(type, 'p1', () => cancel.cancel());
    const params = { cwd: dir, trusted: true, args: [{}], progressToken: 'p1' };
    await rejects(connection.sendRequest('snapshot', params, cancel.token), { code: -32800 });
    deepStrictEqual(await request('list'), []);
  });

  it('sends errors with code, message, path and hint, and goes on', async () => {
    const { request, connection, dir } = await serve({ 'data/app.db': database() });
    const error = await request('resolve', 'nothing').catch((reason: unknown) => reason);
    ok(error instanceof ResponseError);
    deepStrictEqual(error.data, {
      code: 'SNAPSHOT_NOT_FOUND',
      message: 'no snapshot "nothing": there is none yet',
      path: null,
      hint: 'savepoint snapshot',
    });
    const missing = { cwd: `${dir}/gone`, trusted: true, args: [] };
    const noFolder = await connection
      .sendRequest('list', missing)
      .catch((reason: unknown) => reason);
    strictEqual(code(noFolder), 'USAGE');
    deepStrictEqual(await request('list'), []);
  });

  it('serves several folders at once', async () => {
    const { connection, dir } = await serve({
      'a/data/app.db': database(),
      'b/data/app.db': database(),
    });
    const params = (folder: string, ...args: readonly unknown[]) => ({
      cwd: `${dir}/${folder}`,
      trusted: true,
      args,
    });
    await Promise.all([
      connection.sendRequest('snapshot', params('a', { label: 'A' })),
      connection.sendRequest('snapshot', params('b', { label: 'B' })),
    ]);
    const labels = async (folder: string): Promise<unknown> => {
      const list = await connection.sendRequest('list', params(folder));
      return (list as readonly SnapshotEntry[]).map(({ label }) => label);
    };
    deepStrictEqual([await labels('a'), await labels('b')], [['A'], ['B']]);
  });

  it('follows nothing of a folder that is not trusted', async () => {
    const { connection, dir } = await serve({
      '.env': 'DATA_DIR=./elsewhere/kept',
      'elsewhere/kept/app.db': database(),
    });
    const found = async (trusted: boolean): Promise<unknown> => {
      const document = await connection.sendRequest('detect', { cwd: dir, trusted, args: [] });
      return (document as DetectionDocument).dataDirs.map(({ evidence }) => evidence);
    };
    deepStrictEqual(await found(true), [['DATA_DIR=./elsewhere/kept in .env']]);
    notDeepStrictEqual(await found(false), await found(true));
  });

  it('ends when its editor is gone without a word', async () => {
    const { child, ended } = await serve({});
    child.disconnect();
    strictEqual(await ended, 0);
  });
});
