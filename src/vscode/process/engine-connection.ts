// A running engine: its process and the conversation with it. Loaded with the first call, since the
// protocol's library takes longer to load than all the rest of the extension.

import type { Disposable } from 'vscode';
import {
  CancellationTokenSource,
  ErrorCodes,
  ProgressType,
  ResponseError,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { EngineError, errorCodes, type ErrorCode } from '../../core/errors.ts';
import {
  decodeResult,
  shutdownRequest,
  type ProgressEvent,
  type ProjectRequest,
  type WireError,
} from '../../core/protocol.ts';
import type { CallOptions, Phase } from '../../engine/index.ts';
import { EngineStoppedError } from '../host/engine-stopped-error.ts';
import { startEngineProcess } from './engine-process.ts';
import type { Log } from '../host/log.ts';

export interface EngineConnection {
  readonly pid: number | undefined;
  /** Resolves when the process is gone, with what is known of its end. */
  readonly ended: Promise<string>;
  /** Last lines of its error output. */
  readonly lastLines: readonly string[];
  /** @throws what the engine threw; EngineStoppedError where it ended meanwhile */
  request(method: string, request: ProjectRequest, call: CallOptions | undefined): Promise<unknown>;
  /** Cancels what runs and ends the process. */
  stop(): Promise<void>;
}

const requestCancelled = -32800;
const shutdownMs = 2000;
const keptLines = 20;
const progressType = new ProgressType<ProgressEvent>();

export function connectEngine(
  cliFile: string,
  cliPath: string | undefined,
  log: Log,
): EngineConnection {
  const { child, connection } = startEngineProcess(cliFile, cliPath);
  const lastLines: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split('\n').filter((line) => line !== '')) {
      log.debug(`engine: ${line}`);
      lastLines.push(line);
      if (lastLines.length > keptLines) lastLines.shift();
    }
  });
  const ended = new Promise<string>((resolve) => {
    const onEnd = (detail: string) => {
      connection.dispose();
      resolve(detail);
    };
    child.once('error', (error) => onEnd(`${cliPath ?? cliFile}: ${error.message}`));
    child.once('exit', (code, signal) => onEnd(signal ?? `exit code ${code ?? 0}`));
  });
  connection.onError(([error]) => log.error(`engine: ${error.message}`));
  connection.listen();
  let nextToken = 1;
  return {
    pid: child.pid,
    ended,
    lastLines,
    request: (method, request, call) => send(connection, method, request, call, `p${nextToken++}`),
    async stop() {
      const late = setTimeout(() => child.kill(), shutdownMs);
      try {
        await Promise.race([connection.sendRequest(shutdownRequest), ended]);
      } catch (error) {
        // It is on its way out already; what counts is that it ends.
        log.debug(`engine: shutdown: ${String(error)}`);
      }
      connection.dispose();
      if (child.connected) child.disconnect();
      child.stdin?.end();
      await ended;
      clearTimeout(late);
    },
  };
}

async function send(
  connection: MessageConnection,
  method: string,
  request: ProjectRequest,
  call: CallOptions | undefined,
  progressToken: string,
): Promise<unknown> {
  const cancel = new CancellationTokenSource();
  const onAbort = () => cancel.cancel();
  call?.signal.addEventListener('abort', onAbort, { once: true });
  const listener = call && listenToProgress(connection, progressToken, call);
  const params: ProjectRequest = call ? { ...request, progressToken } : request;
  try {
    return decodeResult(await connection.sendRequest(method, params, cancel.token));
  } catch (error) {
    throw translateError(error, call);
  } finally {
    listener?.dispose();
    call?.signal.removeEventListener('abort', onAbort);
    cancel.dispose();
  }
}

function listenToProgress(
  connection: MessageConnection,
  token: string,
  { progress }: CallOptions,
): Disposable {
  let files = 0;
  let bytes = 0;
  return connection.onProgress(progressType, token, (event) => {
    if (event.phase !== undefined) {
      progress.phase(event.phase as Phase);
      files = 0;
      bytes = 0;
    }
    if (event.total) progress.total(event.total.files, event.total.bytes);
    // `done` is how far it is; Progress wants steps.
    progress.advance(event.done.files - files, event.done.bytes - bytes);
    ({ files, bytes } = event.done);
  });
}

function translateError(error: unknown, call: CallOptions | undefined): unknown {
  if (call?.signal.aborted) return call.signal.reason;
  // Without an answer of the engine there is only one reason: it is gone.
  if (!(error instanceof ResponseError)) return new EngineStoppedError();
  if (error.code === ErrorCodes.PendingResponseRejected) return new EngineStoppedError();
  if (error.code === requestCancelled) return new DOMException('Cancelled', 'AbortError');
  const wire = error.data as WireError | undefined;
  if (wire === undefined) return error;
  if (!isErrorCode(wire.code)) {
    const bug = new Error(wire.message);
    if (wire.stack !== undefined) bug.stack = wire.stack;
    return bug;
  }
  return new EngineError(wire.code, wire.message, {
    ...(wire.path !== null && { path: wire.path }),
    ...(wire.hint !== null && { hint: wire.hint }),
  });
}

function isErrorCode(code: string): code is ErrorCode {
  return (errorCodes as readonly string[]).includes(code);
}
