// Copies several live databases so that all copies are of one moment. A raw copy is good as long as
// its database still looks as it did before the copy; a held one from when it was held until it was
// copied. So: copy, look at all again, copy anew what changed; what never holds still is held.

import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { errorCodeOf } from '../../disk/durable-file.ts';
import { copyHeld, journalOf, type HoldFailure } from './sqlite-held-copy.ts';
import {
  databaseSignature,
  hasSqliteHeader,
  isForeign,
  lookAtDatabase,
  signatureOfFiles,
} from '../../sqlite/sqlite-file.ts';
import {
  copyDatabaseRaw,
  isStillCurrent,
  removeCopies,
  type CopiedFile,
  type RawCopy,
} from './sqlite-raw-copy.ts';
import { isOnLocalFileSystem } from '../../disk/file-systems.ts';
import { problemWords } from '../../disk/disk-path.ts';
import type { CaptureDatabasesContext, LiveDatabase } from '../source.ts';

/** A database as it was copied, not yet recovered or checked; or why it could not be. */
export type TakenDatabase = CopiedDatabase | MissedDatabase;

export interface CopiedDatabase {
  readonly kind: 'copied';
  /** The database file first. */
  readonly files: readonly CopiedFile[];
  /** True where it is no SQLite database: all files were copied as they are. */
  readonly verbatim: boolean;
  readonly signature: string;
  readonly consistent: boolean;
  readonly method: 'raw' | 'connection';
}

export interface MissedDatabase {
  readonly kind: 'missed';
  readonly state: 'locked' | 'unreadable';
  readonly detail: string;
}

/** One for each of `databases`, in their order; the copies lie in `folder`. */
export async function captureMoment(
  databases: readonly LiveDatabase[],
  folder: string,
  context: CaptureDatabasesContext,
): Promise<readonly TakenDatabase[]> {
  const moment = new Moment(databases, folder, context);
  const rounds = databases.some(({ path }) => isLarge(path)) ? 2 : 3;
  for (let round = 0; round < rounds; round += 1) {
    await moment.copyRaw();
    if (moment.isOneMoment()) return moment.result();
  }
  if (!(await moment.hold())) await moment.copyWhatIsMissing();
  return moment.result();
}

class Moment {
  readonly #entries: readonly Entry[];
  readonly #folder: string;
  readonly #context: CaptureDatabasesContext;
  #copies = 0;

  constructor(
    databases: readonly LiveDatabase[],
    folder: string,
    context: CaptureDatabasesContext,
  ) {
    this.#entries = databases.map((database) => ({
      database,
      copy: undefined,
      missed: undefined,
      isRestless: false,
    }));
    this.#folder = folder;
    this.#context = context;
  }

  /** Copies what has no copy, or none that is still current. */
  async copyRaw(): Promise<void> {
    for (const entry of this.#entries) {
      if (entry.missed !== undefined || this.#isGood(entry)) continue;
      if (entry.copy !== undefined) entry.isRestless = true;
      await this.#copyOne(entry);
    }
  }

  /** One database alone is always of one moment. */
  isOneMoment(): boolean {
    return this.#entries.every((entry) => entry.missed !== undefined || this.#isGood(entry));
  }

  /** Holds what changes all the time and copies it so; false where that does not succeed. */
  async hold(): Promise<boolean> {
    for (let i = 0; i <= this.#entries.length; i += 1) {
      const restless = await this.#findRestless();
      if (restless.length === 0) return this.isOneMoment();
      const held = this.#mayHold(restless) ? await this.#copyHeld(restless) : 'locked';
      if (held === 'locked') return false;
      if (held === 'changed') continue;
      for (const [index, entry] of restless.entries()) {
        await this.#drop(entry);
        entry.copy = { kind: 'held', files: [{ suffix: '', copyPath: held[index] ?? '' }] };
      }
      return true;
    }
    return false;
  }

  /** In an untrusted workspace no connection is opened: its bytes alone are copied. */
  #mayHold(restless: readonly Entry[]): boolean {
    return this.#context.options.trusted && canBeHeld(restless);
  }

  /** What changed before may look quiet just now: it is held too, unless nobody has it open any more. */
  async #findRestless(): Promise<Entry[]> {
    const restless: Entry[] = [];
    for (const entry of this.#entries) {
      if (entry.missed !== undefined || (!entry.isRestless && this.#isGood(entry))) continue;
      entry.isRestless = journalOf(entry.database.path) !== 'idle';
      if (entry.isRestless) restless.push(entry);
      else await this.#copyOne(entry);
    }
    return restless;
  }

  /** A child that cannot do it is no reason to fail: there are other ways. */
  async #copyHeld(restless: readonly Entry[]): Promise<readonly string[] | HoldFailure> {
    const { options, call } = this.#context;
    try {
      return await copyHeld(
        restless.map(({ database }) => ({ path: database.path, copyPath: this.#nextPath() })),
        () => this.#areQuietOnesCurrent(restless),
        this.#context,
      );
    } catch (error) {
      call.signal.throwIfAborted();
      if (isAboutOurFolder(error)) throw error;
      options.log.warn(`databases could not be held: ${String(error)}`);
      return 'locked';
    }
  }

  /** Last: each as it can be had, at a moment of its own. */
  async copyWhatIsMissing(): Promise<void> {
    for (const entry of this.#entries) {
      for (
        let i = 0;
        i < lastTries && entry.copy === undefined && entry.missed === undefined;
        i += 1
      ) {
        await delay(i * 20, undefined, { signal: this.#context.call.signal });
        await this.#copyOne(entry);
      }
    }
  }

  result(): readonly TakenDatabase[] {
    return this.#entries.map((entry) => {
      const { database, copy, missed } = entry;
      if (missed !== undefined) return missed;
      if (copy === undefined) return lockedDatabase;
      const copied = { kind: 'copied' as const, verbatim: false };
      const { files } = copy;
      if (copy.kind === 'held') {
        const signature = `${databaseSignature(database.path)}~`;
        return { ...copied, files, signature, consistent: true, method: 'connection' };
      }
      const { verbatim } = copy;
      const signature = signatureOfCopy(copy.raw, database.path);
      return {
        ...copied,
        files,
        verbatim,
        signature,
        consistent: this.#isGood(entry),
        method: 'raw',
      };
    });
  }

  #isGood({ database, copy }: Entry): boolean {
    if (copy?.kind !== 'raw') return false;
    return this.#entries.length === 1 || isStillCurrent(database.path, copy.raw);
  }

  #areQuietOnesCurrent(restless: readonly Entry[]): boolean {
    const changed = this.#entries.filter(
      (entry) => !restless.includes(entry) && entry.missed === undefined && !this.#isGood(entry),
    );
    for (const entry of changed) entry.isRestless = true;
    return changed.length === 0;
  }

  async #copyOne(entry: Entry): Promise<void> {
    const { options, call } = this.#context;
    const { path } = entry.database;
    const verbatim = isForeign(path);
    try {
      const raw = await copyDatabaseRaw(path, {
        copyPath: this.#nextPath(),
        now: options.now,
        signal: call.signal,
        verbatim,
      });
      if (raw === undefined) return;
      await this.#drop(entry);
      entry.copy = { kind: 'raw', raw, files: raw.files, verbatim };
    } catch (error) {
      await this.#drop(entry);
      entry.missed = missedDatabase(error);
    }
  }

  async #drop(entry: Entry): Promise<void> {
    if (entry.copy !== undefined) await removeCopies(entry.copy.files);
    entry.copy = undefined;
  }

  #nextPath(): string {
    this.#copies += 1;
    return join(this.#folder, `${this.#copies}.db`);
  }
}

interface Entry {
  readonly database: LiveDatabase;
  /** The newest copy: without a better one it counts even where it is not of the common moment. */
  copy: UnheldCopy | HeldCopy | undefined;
  missed: MissedDatabase | undefined;
  /** True where it changed between a copy and the look after it. */
  isRestless: boolean;
}

/** Locks of other machines do not reach us, and what SQLite cannot open cannot be held. */
function canBeHeld(entries: readonly Entry[]): boolean {
  return entries.every(
    ({ database: { path } }) => isOnLocalFileSystem(path) && hasSqliteHeader(path),
  );
}

interface UnheldCopy {
  readonly kind: 'raw';
  readonly raw: RawCopy;
  readonly files: readonly CopiedFile[];
  readonly verbatim: boolean;
}

interface HeldCopy {
  readonly kind: 'held';
  readonly files: readonly CopiedFile[];
}

const lastTries = 5;
const largeBytes = 32n * 1024n * 1024n;

/** `databaseSignature` of what was copied; ends in `~` where it must never equal a later one. */
export function signatureOfCopy(raw: RawCopy, path: string): string {
  const trusted = raw.settled && isOnLocalFileSystem(path);
  return `${signatureOfFiles(raw.before)}${trusted ? '' : '~'}`;
}

const lockedDatabase: MissedDatabase = {
  kind: 'missed',
  state: 'locked',
  detail: 'it was written all the time, or is locked by its application',
};

function missedDatabase(error: unknown): MissedDatabase {
  const code = errorCodeOf(error);
  if (!(error instanceof Error) || code === undefined || !('syscall' in error)) throw error;
  if (isAboutOurFolder(error)) throw error;
  if (code === 'EBUSY')
    return { ...lockedDatabase, detail: 'another process does not let it be read' };
  return { kind: 'missed', state: 'unreadable', detail: problemWords(code) };
}

function isAboutOurFolder(error: unknown): boolean {
  const codes = ['ENOSPC', 'EDQUOT', 'EROFS', 'EEXIST', 'EMFILE', 'ENFILE'];
  return codes.includes(errorCodeOf(error) ?? '');
}

function isLarge(path: string): boolean {
  return (lookAtDatabase(path).main?.stats.size ?? 0n) > largeBytes;
}
