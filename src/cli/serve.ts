// `savepoint serve`: the engine's process of an editor. Requests are the methods of Project, so there
// is one loop over one table; one process serves many project folders. It ends with the connection.

import {
  type CancellationToken,
  createMessageConnection,
  ErrorCodes,
  IPCMessageReader,
  IPCMessageWriter,
  ProgressType,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { EngineError, isCancellation } from '../core/errors.ts';
import {
  encodeResult,
  openRequest,
  projectMethods,
  shutdownRequest,
  type MethodKinds,
  type ProgressEvent,
  type ProjectMethod,
  type ProjectPlace,
  type ProjectRequest,
  type WireError,
} from '../core/protocol.ts';
import {
  nameOwnProcess,
  noProgress,
  openProject,
  type CallOptions,
  type EngineOptions,
  type Project,
} from '../engine/index.ts';
import type { StatusDocument } from '../core/documents/documents.ts';
import { hookStates } from './agents/hook-states.ts';
import { userHome } from './engine-options.ts';
import { throttleProgress } from './throttle-progress.ts';

// Every method of Project is served: a new one is one line in the table, or a compile error here.
projectMethods satisfies MethodKinds<Project, CallOptions>;

const requestCancelled = -32800;
/** Any number outside of JSON-RPC's own: what counts is the error's data. */
const engineFailure = 1;
const progressType = new ProgressType<ProgressEvent>();

/** Serves until the connection closes or `signal` fires. */
export async function serve(engine: EngineOptions, signal: AbortSignal): Promise<void> {
  nameOwnProcess('serve');
  const connection = connect();
  const projects = openProjects(engine);
  const running = new Set<AbortController>();
  const closeAll = async (): Promise<void> => {
    for (const call of running) call.abort();
    await projects.closeAll();
  };
  for (const [method, kind] of Object.entries(projectMethods)) {
    connection.onRequest(method, (request: ProjectRequest, token: CancellationToken) =>
      answer(running, token, async (abortSignal) => {
        const project = await projects.get(request);
        // JSON has no undefined: an argument that is left out travels as null, and no method takes null.
        const args = request.args.map((value) => value ?? undefined);
        if (kind === 'quick') return await invoke(project, method as ProjectMethod, args);
        const progress = throttleProgress(send(connection, request.progressToken));
        const call: CallOptions = {
          signal: abortSignal,
          progress: request.progressToken === undefined ? noProgress : progress,
        };
        try {
          const result = await invoke(project, method as ProjectMethod, [...args, call]);
          return method === 'status' ? withHooks(result, project, engine) : result;
        } finally {
          progress.flush();
        }
      }),
    );
  }
  connection.onRequest(openRequest, (request: ProjectRequest, token: CancellationToken) =>
    answer(running, token, async (): Promise<ProjectPlace> => {
      const { path, storePath } = await projects.get(request);
      return { path, storePath };
    }),
  );
  connection.onRequest(shutdownRequest, async () => {
    await closeAll();
    return null;
  });
  const closed = new Promise<void>((resolve) => {
    connection.onClose(resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  connection.listen();
  await closed;
  await closeAll();
  connection.dispose();
  if (process.connected) process.disconnect();
}

function connect(): MessageConnection {
  if (process.connected) {
    return createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
  }
  return createMessageConnection(
    new StreamMessageReader(process.stdin),
    new StreamMessageWriter(process.stdout),
  );
}

/** Runs a request; failures travel as JSON-RPC errors with what a front end shows. */
async function answer(
  running: Set<AbortController>,
  token: CancellationToken,
  work: (signal: AbortSignal) => Promise<unknown>,
): Promise<unknown> {
  const controller = new AbortController();
  const listener = token.onCancellationRequested(() => controller.abort());
  running.add(controller);
  try {
    return encodeResult(await work(controller.signal));
  } catch (error) {
    throw toResponseError(error);
  } finally {
    running.delete(controller);
    listener.dispose();
  }
}

async function invoke(
  project: Project,
  method: ProjectMethod,
  args: readonly unknown[],
): Promise<unknown> {
  const call = project[method] as (...args: readonly unknown[]) => Promise<unknown>;
  return await call(...args);
}

/** The engine knows nothing of agents: their hooks are told here, as `doctor` does it. */
function withHooks(status: unknown, { path }: Project, engine: EngineOptions): unknown {
  const place = { projectDir: path, home: userHome(), engine };
  return { ...(status as StatusDocument), hooks: hookStates(place) } satisfies StatusDocument;
}

interface OpenProjects {
  readonly get: (request: ProjectRequest) => Promise<Project>;
  readonly closeAll: () => Promise<void>;
}

/** Opened at the first request of each folder, trusted and not trusted apart. */
function openProjects(engine: EngineOptions): OpenProjects {
  const open = new Map<string, Promise<Project>>();
  return {
    async get({ cwd, trusted }) {
      const key = `${trusted ? 'trusted' : 'restricted'} ${cwd}`;
      const known = open.get(key) ?? openProject({ ...engine, trusted }, cwd);
      open.set(key, known);
      try {
        return await known;
      } catch (error) {
        // A folder that is not there now may be there at the next request.
        open.delete(key);
        throw error;
      }
    },
    async closeAll() {
      const all = [...open.values()];
      open.clear();
      for (const project of await Promise.allSettled(all)) {
        if (project.status === 'fulfilled') await project.value.close();
      }
    },
  };
}

function send(
  connection: MessageConnection,
  token: string | number | undefined,
): (event: ProgressEvent) => void {
  return (event) => {
    if (token !== undefined) void connection.sendProgress(progressType, token, event);
  };
}

function toResponseError(error: unknown): ResponseError<WireError | undefined> {
  if (isCancellation(error)) return new ResponseError(requestCancelled, 'Cancelled');
  if (error instanceof EngineError) {
    const { code, message, path = null, hint = null } = error;
    return new ResponseError(engineFailure, message, { code, message, path, hint });
  }
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {};
  const wire: WireError = { code: 'INTERNAL', message, path: null, hint: null, ...stack };
  return new ResponseError(ErrorCodes.InternalError, message, wire);
}
