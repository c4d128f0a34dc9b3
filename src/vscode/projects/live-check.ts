// What the last check of a project's live data found, and when the next one is due. It checks by
// itself only while somebody looks, soon after data changed, and for a twentieth of the time at most
// while it is being written all the time; until then it says how old its answer is.

import { EventEmitter, workspace, type Disposable, type Event } from 'vscode';
import type { CheckDocument, SnapshotEntry } from '../../core/documents/documents.ts';
import { isCancellation } from '../../core/errors.ts';
import { newCount } from '../../core/views/mismatch-rows.ts';
import type { MismatchFacts } from '../../core/views/status-item-text.ts';
import type { CallOptions } from '../../engine/index.ts';
import type { EngineProject } from '../process/engine-client.ts';
import type { Log } from '../host/log.ts';
import { createCoalesced } from '../host/run-coalesced.ts';
import { readSettings } from '../host/settings.ts';
import { quietCall } from '../host/with-progress.ts';

const leastBetweenMs = 2000;
/** Checking takes a twentieth of the time at most. */
const restFactor = 20;
/** So long an answer may be old without a word. */
const oldAfterMs = 2000;
/** Several signs of one deed come close together. */
const settleMs = 500;

export class LiveCheck implements Disposable {
  readonly #engine: Pick<EngineProject, 'check'>;
  readonly #log: Log;
  readonly #abort = new AbortController();
  readonly #changed = new EventEmitter<void>();
  readonly #runByItself = createCoalesced(() => this.#check());
  #document: CheckDocument | undefined;
  #isShown = false;
  #hasData = false;
  #isDue = true;
  #timer: NodeJS.Timeout | undefined;
  #isSoon = false;
  #isWaiting = false;
  #nextMs = 0;
  #checkedMs = 0;
  #isOld = false;
  #oldTimer: NodeJS.Timeout | undefined;
  #runs = 0;
  #begun = 0;
  #shownTurn = 0;
  #newest: string | undefined;
  /** The newest snapshot when it was checked: what is new is so against it. */
  #checkedAgainst: string | undefined;

  /** Another result, or what was new is so no more. */
  readonly onDidChange: Event<void> = this.#changed.event;

  constructor(engine: Pick<EngineProject, 'check'>, log: Log) {
    this.#engine = engine;
    this.#log = log;
  }

  /** The last result; undefined before the first. */
  get document(): CheckDocument | undefined {
    return this.#document;
  }

  /** Grows with each result. */
  get runs(): number {
    return this.#runs;
  }

  /** For the status item; undefined where a snapshot was taken since. */
  get facts(): MismatchFacts | undefined {
    if (!this.#document || this.#checkedAgainst !== this.#newest) return undefined;
    const { mismatches } = this.#document;
    const counts = { count: mismatches.length, isNew: newCount(this.#document) };
    return this.oldSinceMs === undefined ? counts : { ...counts, checkedMs: this.oldSinceMs };
  }

  /** When it was checked, where the data changed since; undefined where the answer holds. */
  get oldSinceMs(): number | undefined {
    return this.#isOld && this.#document ? this.#checkedMs : undefined;
  }

  /** Checks now. @throws what the engine throws; the result before stays then. */
  async run(call: CallOptions): Promise<CheckDocument> {
    clearTimeout(this.#timer);
    clearTimeout(this.#oldTimer);
    this.#oldTimer = undefined;
    this.#isSoon = false;
    this.#isWaiting = false;
    this.#isDue = false;
    const against = this.#newest;
    const beganMs = performance.now();
    const checkedMs = Date.now();
    this.#begun += 1;
    const turn = this.#begun;
    const document = await this.#engine.check('live', {}, call);
    const tookMs = performance.now() - beganMs;
    this.#nextMs = performance.now() + Math.max(leastBetweenMs, restFactor * tookMs);
    // One that began later knows better, whichever ends first.
    if (turn < this.#shownTurn) return document;
    this.#shownTurn = turn;
    this.#document = document;
    this.#checkedMs = checkedMs;
    // What was written while it ran is told by the next sign of it.
    this.#isOld = false;
    this.#checkedAgainst = against;
    this.#runs += 1;
    if (against !== this.#newest) this.#document = withoutNew(document);
    this.#changed.fire();
    return document;
  }

  setShown(isShown: boolean): void {
    this.#isShown = isShown;
    if (isShown && this.#isDue) this.#soon(0);
  }

  /** What is known of the data now. */
  update(hasData: boolean, newest: SnapshotEntry | null): void {
    const hadData = this.#hasData;
    this.#hasData = hasData;
    if (newest?.id !== this.#newest) {
      this.#newest = newest?.id;
      this.#forgetNew();
      // A safety snapshot stands before a restore: all may be otherwise after it.
      if (newest?.reason === 'safety' || readSettings().checkAfterSnapshot) this.invalidate();
    }
    if (hasData && !hadData && this.#isDue) this.#soon(0);
  }

  /** Rules or data are others now. */
  invalidate(): void {
    this.#soon(settleMs);
  }

  /** An application wrote something, or goes on writing. */
  onDidChangeData(): void {
    this.#tellOld();
    if (this.#isSoon || this.#isWaiting) return;
    this.#isWaiting = true;
    this.#in(Math.max(settleMs, this.#nextMs - performance.now()));
  }

  dispose(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#oldTimer);
    this.#abort.abort();
    this.#changed.dispose();
  }

  /** Once it was not checked again in time. */
  #tellOld(): void {
    if (this.#isOld || this.#document === undefined) return;
    // The first sign counts: an application may go on writing.
    this.#oldTimer ??= setTimeout(() => {
      this.#oldTimer = undefined;
      this.#isOld = true;
      this.#changed.fire();
    }, oldAfterMs);
  }

  #soon(waitMs: number): void {
    this.#isSoon = true;
    this.#in(waitMs);
  }

  #in(waitMs: number): void {
    this.#isDue = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#isSoon = false;
      this.#isWaiting = false;
      if (this.#isDue && this.#isShown && this.#hasData && workspace.isTrusted)
        void this.#runByItself();
    }, waitMs);
  }

  async #check(): Promise<void> {
    try {
      await this.run(quietCall(this.#abort.signal));
    } catch (error) {
      // Nobody asked: the log has it, and whoever asks is told.
      if (!isCancellation(error)) this.#log.warn(`check: ${String(error)}`);
    }
  }

  #forgetNew(): void {
    if (!this.#document || newCount(this.#document) === 0) return;
    this.#document = withoutNew(this.#document);
    this.#changed.fire();
  }
}

function withoutNew(document: CheckDocument): CheckDocument {
  const mismatches = document.mismatches.map((mismatch) => ({ ...mismatch, isNew: false }));
  return { ...document, mismatches };
}
