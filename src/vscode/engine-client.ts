// The engine as the editor sees it: a process of its own that starts with the first call, stops when
// nothing was asked for a while, and starts again after a crash, which is told once.

import { EventEmitter, type Disposable, type Event } from 'vscode';
import {
  CancellationTokenSource,
  ErrorCodes,
  ProgressType,
  ResponseError,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { EngineError, errorCodes, type ErrorCode } from '../core/errors.ts';
import {
  decodeResult,
  openRequest,
  projectMethods,
  shutdownRequest,
  type ProgressEvent,
  type ProjectMethod,
  type ProjectPlace,
  type ProjectRequest,
  type WireError,
} from '../core/protocol.ts';
import type { CallOptions, Logger, Phase, Project } from '../engine/index.ts';
import { startEngineProcess, type EngineProcess } from './engine-process.ts';

/** One project's engine calls; what `Project` has, answered by the engine's process. */
export type RemoteProject = { readonly [M in ProjectMethod]: Project[M] } & {
  open(): Promise<ProjectPlace>;
};

export interface EngineClientOptions {
  /** Absolute path of the bundled command line. */
  readonly cliFile: string;
  readonly cliPath: () => string | undefined;
  readonly isTrusted: () => boolean;
  readonly log: Logger;
  readonly idleMs: number;
}

/** The engine's process ended in the middle of a call. Told once, by `onDidCrash`. */
export class EngineStoppedError extends Error {
  constructor() {
    super("Savepoint's engine stopped");
    this.name = 'EngineStoppedError';
  }
}

interface Running extends EngineProcess {
  readonly ended: Promise<void>;
  /** Last lines of its error output, for the log after a crash. */
  readonly lastLines: string[];
}

const requestCancelled = -32800;
const shutdownMs = 2000;
const progressType = new ProgressType<ProgressEvent>();

export class EngineClient implements Disposable {
  readonly #options: EngineClientOptions;
  readonly #crashed = new EventEmitter<string>();
  #running: Running | undefined;
  #calls = 0;
  #nextToken = 1;
  #idleTimer: NodeJS.Timeout | undefined;
  #disposed = false;

  /** Fires with what is known about the end. */
  readonly onDidCrash: Event<string> = this.#crashed.event;

  constructor(options: EngineClientOptions) {
    this.#options = options;
  }

  /** Id of the process while it runs. */
  get pid(): number | undefined {
    return this.#running?.child.pid;
  }

  /** The project in the folder `cwd`. Starts nothing by itself. */
  project(cwd: string): RemoteProject {
    const methods = Object.entries(projectMethods).map(([method, kind]) => [
      method,
      async (...args: unknown[]) =>
        kind === 'long'
          ? this.#call(cwd, method, args.slice(0, -1), args.at(-1) as CallOptions)
          : this.#call(cwd, method, args),
    ]);
    // The table and Project agree: `MethodKinds` proves it where the server is.
    const remote = Object.fromEntries(methods) as { [M in ProjectMethod]: Project[M] };
    return {
      ...remote,
      open: async () => (await this.#call(cwd, openRequest, [])) as ProjectPlace,
    };
  }

  /** Ends the process; the next call starts another. Running calls are cancelled. */
  async stop(): Promise<void> {
    clearTimeout(this.#idleTimer);
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    const late = setTimeout(() => running.child.kill(), shutdownMs);
    try {
      await Promise.race([running.connection.sendRequest(shutdownRequest), running.ended]);
    } catch (error) {
      // It is on its way out already; what counts is that it ends.
      this.#options.log.debug(`engine: shutdown: ${String(error)}`);
    }
    running.connection.dispose();
    if (running.child.connected) running.child.disconnect();
    running.child.stdin?.end();
    await running.ended;
    clearTimeout(late);
  }

  dispose(): void {
    this.#disposed = true;
    void this.stop();
    this.#crashed.dispose();
  }

  async #call(
    cwd: string,
    method: string,
    args: readonly unknown[],
    call?: CallOptions,
  ): Promise<unknown> {
    call?.signal.throwIfAborted();
    const { connection } = this.#start();
    const cancel = new CancellationTokenSource();
    const onAbort = () => cancel.cancel();
    call?.signal.addEventListener('abort', onAbort, { once: true });
    const token = `p${this.#nextToken++}`;
    const listener = call && listenToProgress(connection, token, call);
    const request: ProjectRequest = {
      cwd,
      trusted: this.#options.isTrusted(),
      args,
      ...(call && { progressToken: token }),
    };
    this.#calls += 1;
    try {
      return decodeResult(await connection.sendRequest(method, request, cancel.token));
    } catch (error) {
      throw translateError(error, call);
    } finally {
      listener?.dispose();
      call?.signal.removeEventListener('abort', onAbort);
      cancel.dispose();
      this.#calls -= 1;
      this.#restartIdleTimer();
    }
  }

  #start(): Running {
    if (this.#disposed) throw new EngineStoppedError();
    clearTimeout(this.#idleTimer);
    this.#running ??= this.#launch();
    return this.#running;
  }

  #launch(): Running {
    const { log } = this.#options;
    const process = startEngineProcess(this.#options.cliFile, this.#options.cliPath());
    const { child, connection } = process;
    const lastLines: string[] = [];
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split('\n').filter((line) => line !== '')) {
        log.debug(`engine: ${line}`);
        lastLines.push(line);
        if (lastLines.length > 20) lastLines.shift();
      }
    });
    const ended = new Promise<void>((resolve) => {
      const onEnd = (detail: string) => {
        connection.dispose();
        resolve();
        if (this.#running === running) this.#onCrash(running, detail);
      };
      child.once('error', (error) => onEnd(error.message));
      child.once('exit', (code, signal) => onEnd(signal ?? `exit code ${code ?? 0}`));
    });
    const running: Running = { ...process, ended, lastLines };
    connection.onError(([error]) => log.error(`engine: ${error.message}`));
    connection.listen();
    log.debug(`engine: started, process ${child.pid ?? 'none'}`);
    return running;
  }

  #onCrash(running: Running, detail: string): void {
    this.#running = undefined;
    const lines = [`engine: ended unexpectedly: ${detail}`, ...running.lastLines];
    this.#options.log.error(lines.join('\n'));
    this.#crashed.fire(detail);
  }

  #restartIdleTimer(): void {
    clearTimeout(this.#idleTimer);
    if (this.#calls > 0 || this.#disposed) return;
    this.#idleTimer = setTimeout(() => void this.stop(), this.#options.idleMs);
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
