// Numbers, ages and widths: tables of cases.

import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { changesText } from '../../../src/core/format/counts.ts';
import { errorLine, pendingRestoreLine, warningLine } from '../../../src/core/text/error-line.ts';
import {
  formatBytes,
  formatCompact,
  formatCount,
  nameSome,
  plural,
} from '../../../src/core/format/numbers.ts';
import { progressLine } from '../../../src/core/text/progress-line.ts';
import { plainStyle } from '../../../src/core/format/style.ts';
import {
  ago,
  dayHeading,
  formatDuration,
  localDay,
  shortAge,
  spokenAge,
} from '../../../src/core/format/time.ts';
import {
  cut,
  cutMiddle,
  cutVisible,
  displayWidth,
  padTo,
  visible,
  wrapWords,
} from '../../../src/core/format/width.ts';
import { changes, clock, MB } from '../../support/documents.ts';

function table<I>(
  convert: (input: I) => unknown,
  cases: readonly (readonly [input: I, expected: unknown])[],
): void {
  deepStrictEqual(
    cases.map(([input]) => [input, convert(input)]),
    cases.map(([input, expected]) => [input, expected]),
  );
}

describe('numbers', () => {
  it('groups thousands', () => {
    table(formatCount, [
      [0, '0'],
      [999, '999'],
      [1204, '1,204'],
      [1234567, '1,234,567'],
    ]);
  });

  it('shortens large counts to four characters', () => {
    table(
      (count: number) => formatCompact(count),
      [
        [9999, '9,999'],
        [10_000, '10k'],
        [999_499, '999k'],
        [999_500, '1M'],
        [1_250_000, '1.3M'],
        [99_999_999, '100M'],
        [1_000_000_000_000, '1T'],
      ],
    );
  });

  it('writes sizes with 1,024 bytes a KB and one decimal below ten', () => {
    table(formatBytes, [
      [0, '0 B'],
      [1023, '1,023 B'],
      [1024, '1 KB'],
      [3.1 * MB, '3.1 MB'],
      [9.96 * MB, '10 MB'],
      [145 * MB, '145 MB'],
      [1023.7 * 1024, '1 MB'],
      [5 * 1024 * MB, '5 GB'],
      [3 * 1024 ** 5, '3 PB'],
    ]);
  });

  it('counts in singular and plural', () => {
    strictEqual(plural(1, 'row'), '1 row');
    strictEqual(plural(0, 'row'), '0 rows');
    strictEqual(plural(1204, 'mismatch', 'mismatches'), '1,204 mismatches');
    strictEqual(nameSome(['a', 'b', 'c'], 2), 'a, b and 1 more');
  });
});

describe('changesText', () => {
  it('says what changed, and never a number that was not counted', () => {
    const uncounted = { rowsAdded: null, rowsRemoved: null, rowsChanged: null };
    table(changesText, [
      [null, 'first'],
      [changes(0, 0, 0, 0), 'no change'],
      [changes(0, 0, 1, 0), '~1 row'],
      [changes(12, 3, 5, 14), '+12 -3 ~5 rows, 14 files'],
      [changes(0, 0, 0, 1), '1 file'],
      [{ ...changes(0, 0, 0, 0), schema: 1 }, 'schema'],
      [{ ...changes(12, 3, 5, 14), schema: 2 }, '+12 -3 ~5 rows, schema, 14 files'],
      [{ files: 2, rows: null, ...uncounted }, 'rows, 2 files'],
      [{ files: 0, rows: 7, ...uncounted }, '7 rows'],
    ]);
  });
});

describe('times', () => {
  const before = (ms: number): number => clock.nowMs - ms;
  const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

  it('writes short ages', () => {
    table(
      (ms: number) => shortAge(before(ms), clock),
      [
        [-5000, 'now'],
        [59_000, 'now'],
        [12 * minute, '12m'],
        [3 * hour, '3h'],
        [13 * day, '13d'],
        [14 * day, '2w'],
        [60 * day, '8w'],
        [100 * day, '2026-08-12'],
      ],
    );
  });

  it('writes ages in sentences, by local days', () => {
    table(
      (iso: string) => ago(Date.parse(iso), clock),
      [
        ['2026-11-20T13:44:00Z', 'just now'],
        ['2026-11-20T13:32:00Z', '12 min ago'],
        ['2026-11-20T10:30:00Z', '3 h ago'],
        ['2026-11-19T23:30:00Z', '14 h ago'],
        ['2026-11-19T22:30:00Z', 'yesterday 23:30'],
        ['2026-11-17T13:00:00Z', 'Tue, 17 November 14:00'],
        ['2025-12-31T23:30:00Z', 'Thu, 1 January 00:30'],
        ['2025-12-31T22:30:00Z', 'Wed, 31 December 2025 23:30'],
      ],
    );
  });

  it('groups by local midnight', () => {
    table(
      (iso: string) => dayHeading(Date.parse(iso), clock),
      [
        ['2026-11-19T23:00:00Z', 'Today'],
        ['2026-11-19T22:59:59Z', 'Yesterday'],
        ['2026-11-17T12:00:00Z', 'Tue, 17 November'],
        ['2025-11-17T12:00:00Z', 'Mon, 17 November 2025'],
      ],
    );
    strictEqual(localDay(Date.parse('2026-11-19T23:30:00Z'), clock), '2026-11-20');
  });

  it('speaks ages and writes durations', () => {
    strictEqual(spokenAge(before(12 * minute), clock), '12 minutes ago');
    strictEqual(spokenAge(before(hour), clock), '1 hour ago');
    table(formatDuration, [
      [3, '0.1 s'],
      [412, '0.4 s'],
      [9_949, '9.9 s'],
      [9_950, '10 s'],
      [59_600, '1 min 0 s'],
      [185_000, '3 min 5 s'],
    ]);
  });
});

describe('width', () => {
  it('counts what a terminal shows', () => {
    table(displayWidth, [
      ['abc', 3],
      ['é', 1],
      ['e\u0301', 1],
      ['数据库', 6],
      ['한국어', 6],
      ['\u1112\u1161\u11ab', 2],
      ['ﾊﾝｶｸ', 4],
      ['👩‍👩‍👧', 2],
      ['🇫🇷', 2],
      ['✓', 1],
      ['❤️', 2],
      ['a\u200bb', 2],
    ]);
  });

  it('cuts to the width without breaking a character', () => {
    strictEqual(cut('Before migration', 10), 'Before...');
    strictEqual(cut('数据库数据库', 8), '数据...');
    strictEqual(cut('Before', 6), 'Before');
    strictEqual(cut('Before', 2), '..');
    strictEqual(
      cutMiddle('projects/alpha/main/gemini/pro/plan.json', 24),
      'projects...pro/plan.json',
    );
    strictEqual(padTo('数', 4), '数  ');
  });

  it('shows the beginning of a text, as if it were cut when all of it was made visible', () => {
    const texts = ['', 'short', 'a\nb'.repeat(20), '\udcff'.repeat(500), '数据'.repeat(300)];
    const noRoom = `a${'\u0301'.repeat(2000)}`;
    for (const text of [...texts, noRoom, `${noRoom}b`, `${noRoom}${'b'.repeat(30)}`])
      strictEqual(cutVisible(text, 24), cut(visible(text), 24));
    strictEqual(cutVisible('\udc80'.repeat(8 * 1024 * 1024), 12), '\\x80\\x80\\...');
  });

  it('writes names of any kind on one line', () => {
    table(visible, [
      ['plain name é', 'plain name é'],
      ['back\\slash', 'back\\slash'],
      ['a\nb\\c\td', 'a\\nb\\\\c\\td'],
      ['\u001b[31mred', '\\x1b[31mred'],
      ['caf\udce9', 'caf\\xe9'],
      ['\u202etxt.exe', '\\u202etxt.exe'],
    ]);
  });

  it('wraps words', () => {
    deepStrictEqual(wrapWords('one two three fourteen', 8), ['one two', 'three', 'fourteen']);
  });
});

describe('progressLine', () => {
  const facts = {
    phase: 'reading',
    files: 4612,
    bytes: 66 * MB,
    totalFiles: 10_000,
    totalBytes: 143 * MB,
  };

  it('shows the phase, a bar, and how far it is', () => {
    strictEqual(
      progressLine(facts, 80),
      'Reading  [=======>      ]  46%  4,612 of 10,000 files  66 MB',
    );
    strictEqual(
      progressLine({ ...facts, files: 10_000, bytes: 143 * MB }, 80),
      'Reading  [==============] 100%  10,000 of 10,000 files  143 MB',
    );
  });

  it('shows no bar before the total is known, and never more than the terminal has', () => {
    const unknown = { phase: 'looking', files: 12, bytes: 0, totalFiles: null, totalBytes: null };
    strictEqual(progressLine(unknown, 80), 'Looking  12 files');
    strictEqual(progressLine(facts, 30).length, 28);
    strictEqual(
      progressLine({ ...unknown, phase: 'replacing', files: 0 }, 80),
      'Replacing, cannot be cancelled now',
    );
  });
});

describe('error lines', () => {
  it('are one line with path and next step and no final stop', () => {
    table(
      (error: Parameters<typeof errorLine>[0]) => errorLine(error, plainStyle),
      [
        [
          {
            message: 'docsfy.db is locked by node (process 4242)',
            hint: 'wait or stop it, then try again.',
          },
          'error: docsfy.db is locked by node (process 4242): wait or stop it, then try again',
        ],
        [{ message: 'cannot read it.', path: 'data/x' }, 'error: cannot read it (data/x)'],
        [
          { message: 'cannot read data/x', path: 'data/x', hint: null },
          'error: cannot read data/x',
        ],
        [{ message: 'two\nlines' }, 'error: two\\nlines'],
      ],
    );
    strictEqual(warningLine({ message: 'x' }, plainStyle), 'warning: x');
  });

  it('tell of an interrupted restore how to finish it and how to take it back', () => {
    const pending = {
      snapshot: '20261120T133205Z-k3f9',
      label: null,
      safetySnapshot: '20261120T144001Z-t8wn',
      startedAt: '2026-11-20T14:40:00Z',
      filesWritten: 12,
      filesTotal: 14,
    };
    strictEqual(
      pendingRestoreLine(pending, plainStyle),
      'warning: restore of k3f9 was interrupted: savepoint restore k3f9 finishes it, savepoint undo takes it back',
    );
  });
});
