// The rows of the table: what is measured, in which unit, and what it must reach.

export type Unit = 'seconds' | 'milliseconds' | 'bytes';

/** `ratio`: ours to the best peer's; `most`: ours alone, in the row's unit. */
export interface Target {
  readonly kind: 'ratio' | 'most';
  readonly limit: number;
  /** The column that ours is held against, where it is not the best peer. */
  readonly to?: string;
}

export interface Row {
  readonly title: string;
  readonly unit: Unit;
  readonly target: Target | null;
}

const mebibyte = 1024 ** 2;

export const rows = {
  first: { title: 'First snapshot', unit: 'seconds', target: atMostRatio(1) },
  unchanged: { title: 'Snapshot of unchanged data', unit: 'seconds', target: atMostRatio(1 / 3) },
  guard: {
    title: '`savepoint run -- true` on unchanged data',
    unit: 'seconds',
    target: atMost(1 / 3),
  },
  rows: {
    title: 'Snapshot after 1 % of the rows changed',
    unit: 'seconds',
    target: atMostRatio(0.6),
  },
  files: {
    title: 'Snapshot after 1 % of the files changed',
    unit: 'seconds',
    target: atMostRatio(0.6),
  },
  restore: {
    title: 'Restore of 1 % of the rows and files',
    unit: 'seconds',
    target: atMostRatio(1),
  },
  diff: { title: 'What changed between two snapshots', unit: 'seconds', target: null },
  'diff-rows': {
    title: 'What changed in 1 % of the rows, scattered',
    unit: 'seconds',
    target: { ...atMostRatio(1 / 2), to: 'sqlite3' },
  },
  'diff-block': {
    title: 'What changed in 1 % of the rows, side by side',
    unit: 'seconds',
    target: { ...atMostRatio(1 / 2), to: 'sqlite3' },
  },
  'diff-unchanged': {
    title: 'What changed where nothing did',
    unit: 'seconds',
    target: { ...atMostRatio(1 / 2), to: 'sqlite3' },
  },
  check: {
    title: 'Check 100,000 rows against 100,000 files',
    unit: 'seconds',
    target: atMost(2),
  },
  'check-found': {
    title: 'The same where the rule has to be found',
    unit: 'seconds',
    target: atMost(2),
  },
  verify: { title: 'Verify everything in the store', unit: 'seconds', target: null },
  size: { title: 'Store after the first snapshot', unit: 'bytes', target: null },
  'rows-growth': {
    title: 'Store growth by 1 % of the rows',
    unit: 'bytes',
    target: atMost(3 * mebibyte),
  },
  'files-growth': {
    title: 'Store growth by 1 % of the files',
    unit: 'bytes',
    target: atMost(3 * mebibyte),
  },
  memory: { title: 'Peak memory, snapshots', unit: 'bytes', target: atMost(250 * mebibyte) },
  'restore-memory': {
    title: 'Peak memory, restore',
    unit: 'bytes',
    target: atMost(250 * mebibyte),
  },
  start: {
    title: '`savepoint --version` above `node -e 0`',
    unit: 'milliseconds',
    target: atMost(60),
  },
  'start-list': {
    title: '`savepoint list` above `node -e 0`',
    unit: 'milliseconds',
    target: atMost(60),
  },
  'prompt-bash': {
    title: 'The hook at a prompt of bash',
    unit: 'milliseconds',
    target: atMost(5),
  },
  'prompt-zsh': {
    title: 'The hook at a prompt of zsh',
    unit: 'milliseconds',
    target: atMost(5),
  },
  'long-bash': {
    title: 'A line of 100,000 characters at a prompt of bash',
    unit: 'milliseconds',
    target: atMost(2_000),
  },
  'long-zsh': {
    title: 'A line of 100,000 characters at a prompt of zsh',
    unit: 'milliseconds',
    target: atMost(2_000),
  },
  'guard-line': {
    title: '`savepoint guard` above `node -e 0`, lines made to be slow',
    unit: 'milliseconds',
    target: atMost(2_000),
  },
  'hook-limit': {
    title: '`agent-hook --timeout 1` on a store that is locked',
    unit: 'seconds',
    target: atMost(5),
  },
  detect: {
    title: '`savepoint detect` above `node -e 0`, 320 folders',
    unit: 'milliseconds',
    target: atMost(100),
  },
  'detect-files': {
    title: 'The same with 10,000 files of data',
    unit: 'milliseconds',
    target: atMost(400),
  },
  writers: {
    title: 'Longest halt of four writers beside a snapshot',
    unit: 'milliseconds',
    target: atMost(1_000),
  },
  'editor-list': {
    title: 'The newest of 5,000 snapshots, for the editor',
    unit: 'milliseconds',
    target: atMost(500),
  },
  'editor-told': {
    title: 'A snapshot of a terminal, until the editor has it',
    unit: 'milliseconds',
    target: atMost(2_000),
  },
  'editor-tick': {
    title: 'Other ticks in the preview of a restore',
    unit: 'milliseconds',
    target: atMost(300),
  },
  'editor-still': {
    title: 'Whether that preview still holds, asked each second',
    unit: 'milliseconds',
    target: atMost(50),
  },
  package: { title: 'Package for this platform', unit: 'bytes', target: atMost(2 * mebibyte) },
} as const satisfies Record<string, Row>;

export type RowId = keyof typeof rows;

export const rowIds = Object.keys(rows) as readonly RowId[];

function atMostRatio(limit: number): Target {
  return { kind: 'ratio', limit };
}

function atMost(limit: number): Target {
  return { kind: 'most', limit };
}
