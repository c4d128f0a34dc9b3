// Colour and signs come from outside: plain by default, a terminal's front end brings its own.

type Paint = (text: string) => string;

export interface Style {
  /** `✓` and what comes. */
  readonly good: Paint;
  /** `✗`, errors and what goes. */
  readonly bad: Paint;
  /** `!`, warnings and what changes. */
  readonly warn: Paint;
  readonly dim: Paint;
  readonly strong: Paint;
  /** An id, whole or short: the part that suffices stands out. */
  readonly id: Paint;
  readonly signs: {
    readonly done: string;
    readonly failed: string;
    readonly notice: string;
    /** Between the values of a key. */
    readonly dot: string;
  };
}

const same: Paint = (text) => text;

export const plainStyle: Style = {
  good: same,
  bad: same,
  warn: same,
  dim: same,
  strong: same,
  id: same,
  signs: { done: '✓', failed: '✗', notice: '!', dot: '·' },
};

/** Signs for a terminal that is not UTF-8. */
export const asciiSigns: Style['signs'] = { done: 'ok', failed: 'x', notice: '!', dot: '|' };

export type Op = 'add' | 'remove' | 'change';

export const opSigns: Readonly<Record<Op, string>> = { add: '+', remove: '-', change: '~' };

/** What comes is good, what goes is bad, what changes is worth a look. */
export function paintOp(style: Style, op: Op): Paint {
  if (op === 'add') return style.good;
  return op === 'remove' ? style.bad : style.warn;
}
