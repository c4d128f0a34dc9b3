// What travels between `savepoint serve` and the editor. Requests are named like the methods of the
// engine's Project and carry their arguments by position, so that a client is a loop over one table.
// The transport is vscode-jsonrpc: its JSON writes lone surrogates as `\udcNN` and reads them back,
// so names that are not UTF-8 survive; bytes travel as base64.

/**
 * `long` methods take CallOptions last: on the wire that argument is left out, and cancellation and
 * progress stand in for it.
 */
export type MethodKind = 'quick' | 'long';

/** Every method of Project. `MethodKinds<Project>` proves at both ends that none is missing or wrong. */
export const projectMethods = {
  detect: 'long',
  snapshot: 'long',
  guard: 'long',
  matchCommand: 'quick',
  learn: 'long',
  unlearn: 'quick',
  guardFailure: 'quick',
  list: 'quick',
  countByDay: 'quick',
  resolve: 'quick',
  show: 'quick',
  diff: 'long',
  check: 'long',
  history: 'quick',
  editConfig: 'quick',
  dismissRule: 'quick',
  planRestore: 'long',
  isPlanCurrent: 'quick',
  closePlan: 'quick',
  applyRestore: 'long',
  undoOptions: 'quick',
  isUntouchedSinceRestore: 'long',
  pendingRestore: 'quick',
  verify: 'long',
  planPrune: 'quick',
  applyPrune: 'long',
  delete: 'quick',
  pin: 'quick',
  rename: 'quick',
  status: 'long',
  storeSize: 'quick',
  browse: 'quick',
  readFile: 'quick',
  tables: 'quick',
  schema: 'quick',
  rows: 'quick',
  addDataDir: 'quick',
  setExcluded: 'quick',
  createConfig: 'quick',
  allow: 'quick',
  cover: 'quick',
  uncover: 'quick',
  adopt: 'quick',
  forget: 'quick',
} as const satisfies Record<string, MethodKind>;

export type ProjectMethod = keyof typeof projectMethods;

/** The table that fits an interface `P`: a method is `long` exactly where its last parameter is `Call`. */
export type MethodKinds<P, Call> = {
  readonly [
    M in keyof P as M extends 'close'
      ? never
      : P[M] extends (...args: never[]) => Promise<unknown>
        ? M
        : never
  ]: P[M] extends (...args: infer A) => Promise<unknown>
    ? A extends readonly [...unknown[], Call]
      ? 'long'
      : 'quick'
    : never;
};

/** Parameters of every project request. */
export interface ProjectRequest {
  /** Absolute path of the project folder, taken as it is: no search upwards. */
  readonly cwd: string;
  /** False in a workspace that is not trusted. */
  readonly trusted: boolean;
  /** The method's arguments by position, without the trailing CallOptions. */
  readonly args: readonly unknown[];
  /** Where a `long` method's progress goes; none is sent without it. */
  readonly progressToken?: string | number;
}

/** Answers `ProjectPlace`; params `{cwd, trusted}`. Opens the project and reads nothing of its data. */
export const openRequest = 'open';
/** Cancels what runs, closes every project, answers null. The process ends with the connection. */
export const shutdownRequest = 'shutdown';

export interface ProjectPlace {
  /** Absolute real path of the project folder. */
  readonly path: string;
  /** Absolute path of its folder in the store; it need not exist yet. */
  readonly storePath: string;
}

/** One progress notification, at most ten a second: what happened since the one before, in this order. */
export interface ProgressEvent {
  /** Set where a new phase began; the engine's `Phase`. */
  readonly phase?: string;
  readonly total?: { readonly files: number; readonly bytes: number };
  /** How far the phase is now, not since the last event. */
  readonly done: { readonly files: number; readonly bytes: number };
}

/** `data` of a JSON-RPC error. A cancelled call is answered with JSON-RPC's RequestCancelled (-32800) instead. */
export interface WireError {
  /** An ErrorCode, or `INTERNAL` for a bug. */
  readonly code: string;
  readonly message: string;
  readonly path: string | null;
  readonly hint: string | null;
  /** Set for a bug only: for the log, not for the user. */
  readonly stack?: string;
}

interface WireBytes {
  readonly $base64: string;
}

/** A result as it is sent: bytes become base64, `undefined` becomes null. Documents pass as they are. */
export function encodeResult(result: unknown): unknown {
  if (result instanceof Uint8Array) {
    const bytes = Buffer.from(result.buffer, result.byteOffset, result.byteLength);
    return { $base64: bytes.toString('base64') } satisfies WireBytes;
  }
  return result ?? null;
}

/** Inverse of `encodeResult`. */
export function decodeResult(wire: unknown): unknown {
  return isWireBytes(wire) ? Buffer.from(wire.$base64, 'base64') : wire;
}

function isWireBytes(wire: unknown): wire is WireBytes {
  return (
    typeof wire === 'object' &&
    wire !== null &&
    '$base64' in wire &&
    typeof wire.$base64 === 'string'
  );
}
