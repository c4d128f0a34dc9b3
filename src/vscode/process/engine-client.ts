// The engine as the editor sees it: a process of its own that starts with the first call, stops when
// nothing was asked for a while, and starts again after a crash, which is told once.

import { EventEmitter, type Disposable, type Event } from 'vscode';
import {
  openRequest,
  projectMethods,
  type ProjectMethod,
  type ProjectPlace,
} from '../../core/protocol.ts';
import type { CallOptions, Project } from '../../engine/index.ts';
import type { EngineConnection } from './engine-connection.ts';
import { EngineStoppedError } from '../host/engine-stopped-error.ts';
import type { Log } from '../host/log.ts';

/** One project's engine calls; what `Project` has, answered by the engine's process. */
export type EngineProject = { readonly [M in ProjectMethod]: Project[M] } & {
  open(): Promise<ProjectPlace>;
};

export interface EngineClientOptions {
  /** Absolute path of the bundled command line. */
  readonly cliFile: string;
  readonly cliPath: () => string | undefined;
  readonly isTrusted: () => boolean;
  readonly log: Log;
  readonly idleMs: number;
}

export class EngineClient implements Disposable {
  readonly #options: EngineClientOptions;
  readonly #crashed = new EventEmitter<string>();
  #connecting: Promise<EngineConnection> | undefined;
  #connection: EngineConnection | undefined;
  #calls = 0;
  #idleTimer: NodeJS.Timeout | undefined;
  #disposed = false;

  /** Fires with what is known about the end. */
  readonly onDidCrash: Event<string> = this.#crashed.event;

  constructor(options: EngineClientOptions) {
    this.#options = options;
  }

  /** Id of the process while it runs. */
  get pid(): number | undefined {
    return this.#connection?.pid;
  }

  /** The project in the folder `cwd`. Starts nothing by itself. */
  project(cwd: string): EngineProject {
    const methods = Object.entries(projectMethods).map(([method, kind]) => [
      method,
      async (...args: unknown[]) =>
        kind === 'long'
          ? this.#call(cwd, method, args.slice(0, -1), args.at(-1) as CallOptions)
          : this.#call(cwd, method, args),
    ]);
    // The table and Project agree: `MethodKinds` proves it where the server is.
    const calls = Object.fromEntries(methods) as { [M in ProjectMethod]: Project[M] };
    const open = async () => (await this.#call(cwd, openRequest, [])) as ProjectPlace;
    return { ...calls, open };
  }

  /** Ends the process; the next call starts another. Running calls are cancelled. */
  async stop(): Promise<void> {
    clearTimeout(this.#idleTimer);
    const connecting = this.#connecting;
    this.#connecting = undefined;
    this.#connection = undefined;
    await (await connecting)?.stop();
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
    if (this.#disposed) throw new EngineStoppedError();
    clearTimeout(this.#idleTimer);
    this.#calls += 1;
    try {
      this.#connecting ??= this.#connect();
      const connection = await this.#connecting;
      const request = { cwd, trusted: this.#options.isTrusted(), args };
      return await connection.request(method, request, call);
    } finally {
      this.#calls -= 1;
      this.#restartIdleTimer();
    }
  }

  async #connect(): Promise<EngineConnection> {
    const { cliFile, cliPath, log } = this.#options;
    const { connectEngine } = await import('./engine-connection.ts');
    const connection = connectEngine(cliFile, cliPath(), log);
    log.debug(`engine: started, process ${connection.pid ?? 'none'}`);
    this.#connection = connection;
    void connection.ended.then((detail) => this.#onEnd(connection, detail));
    return connection;
  }

  #onEnd(connection: EngineConnection, detail: string): void {
    if (this.#connection !== connection) return;
    this.#connecting = undefined;
    this.#connection = undefined;
    const lines = [`engine: ended unexpectedly: ${detail}`, ...connection.lastLines];
    this.#options.log.error(lines.join('\n'));
    this.#crashed.fire(detail);
  }

  #restartIdleTimer(): void {
    clearTimeout(this.#idleTimer);
    if (this.#calls > 0 || this.#disposed) return;
    this.#idleTimer = setTimeout(() => void this.stop(), this.#options.idleMs);
  }
}
