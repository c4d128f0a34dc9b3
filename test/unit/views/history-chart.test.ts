import { deepStrictEqual, match, ok, strictEqual } from 'node:assert';
import type { HistoryPoint } from '../../../src/core/documents/documents.ts';
import {
  changedTables,
  chartColors,
  historyChart,
  historyThumbnail,
} from '../../../src/core/views/history-chart.ts';
import { historyReport, tableHistoryText } from '../../../src/core/views/history-report.ts';
import { clock } from '../../support/documents.ts';
import { ages } from './samples.ts';

const colors = chartColors.dark;

function point(ageDays: number, facts: Partial<HistoryPoint> = {}): HistoryPoint {
  return {
    id: `20261120T133205Z-k3f${ageDays}`,
    createdAt: new Date(clock.nowMs - ages.days(ageDays)).toISOString(),
    label: null,
    reason: 'manual',
    files: 1204,
    bytes: 1024 * (10 - ageDays),
    mismatches: null,
    tables: { 'data/docsfy.db:projects': 214 - ageDays, 'data/docsfy.db:users': 3 },
    ...facts,
  };
}

/** Numbers in an attribute of every element with this name. */
function numbers(svg: string, element: string, attribute: string): readonly number[] {
  const pattern = new RegExp(`<${element} [^>]*\\b${attribute}="([-0-9.]+)"`, 'g');
  return [...svg.matchAll(pattern)].map(([, value]) => Number(value));
}

describe('historyThumbnail', () => {
  it('is a line of sizes with both ends in words, 260 by 60', () => {
    const chart = historyThumbnail([point(9), point(5), point(0)], colors);
    match(chart?.svg ?? '', /^<svg [^>]*width="260" height="60"/);
    match(chart?.svg ?? '', /<polyline points="6\.0,27\.0 130\.0,[\d.]+ 254\.0,9\.0"/);
    deepStrictEqual(chart?.altText, 'Size over the last 3 snapshots: from 1 KB to 10 KB');
    ok(chart?.svg.includes('>1 KB<') && chart.svg.includes('>10 KB<'));
  });

  it('has a bar for each snapshot with mismatches, higher for more, and the last number in words', () => {
    const chart = historyThumbnail(
      [
        point(3, { mismatches: 4 }),
        point(2, { mismatches: 0 }),
        point(1),
        point(0, { mismatches: 2 }),
      ],
      colors,
    );
    const [first = 0, second = 0, ...others] = numbers(chart?.svg ?? '', 'rect', 'height');
    ok(first > second && second > 0);
    deepStrictEqual(others, []);
    match(chart?.altText ?? '', /, 2 mismatches$/);
    ok(chart?.svg.includes('>2 mismatches<'));
  });

  it('shows a small change as a small one', () => {
    const svg = historyThumbnail(
      [point(0, { bytes: 1_000_000 }), point(0, { bytes: 1_000_100 })],
      colors,
    )?.svg;
    match(svg ?? '', /<polyline points="6\.0,18\.0 254\.0,18\.0"/);
  });

  it('stays inside of itself, whatever the numbers are', () => {
    const points = Array.from({ length: 30 }, (_, index) =>
      point(0, { bytes: index % 3 === 0 ? 0 : 1e15, mismatches: index * 1000 }),
    );
    const svg = historyThumbnail(points, colors)?.svg ?? '';
    const heights = numbers(svg, 'rect', 'height');
    const tops = numbers(svg, 'rect', 'y');
    ok(tops.every((top, index) => top >= 30 && top + (heights[index] ?? 0) <= 46.1));
    ok(!svg.includes('NaN'));
  });

  it('needs two snapshots', () => {
    strictEqual(historyThumbnail([point(0)], colors), undefined);
    strictEqual(historyThumbnail([], colors), undefined);
  });
});

describe('historyChart', () => {
  it('has a part for the size, for mismatches and for each table that changed, with names beside them', () => {
    const svg = historyChart(
      [point(1, { mismatches: 0 }), point(0, { mismatches: 1 })],
      colors,
    )?.svg;
    deepStrictEqual(
      [...(svg ?? '').matchAll(/<text [^>]*>([^<]*)</g)].map(([, words]) => words),
      ['Size: 9 KB -> 10 KB', 'Mismatches: 0 -> 1', 'Rows of projects: 213 -> 214'],
    );
  });

  it('says what was most, where neither end tells', () => {
    const svg = historyChart(
      [point(2, { mismatches: 0 }), point(1, { mismatches: 6 }), point(0, { mismatches: 1 })],
      colors,
    )?.svg;
    ok(svg?.includes('>Mismatches: 0 -> 1, at most 6<'));
  });

  it('leaves mismatches out where no snapshot was checked', () => {
    ok(!historyChart([point(1), point(0)], colors)?.svg.includes('Mismatches'));
  });

  it('lets no table name become markup', () => {
    const rows = (count: number): HistoryPoint => point(0, { tables: { 'a.db:<script>&': count } });
    const svg = historyChart([rows(1), rows(2)], colors)?.svg ?? '';
    ok(svg.includes('&lt;script>&amp;'));
  });
});

describe('changedTables', () => {
  it('puts the tables first whose rows changed most', () => {
    deepStrictEqual(changedTables([point(9), point(0)], 1), ['data/docsfy.db:projects']);
  });
});

describe('historyReport', () => {
  it('says the same in a table, newest first', () => {
    const history = {
      dataDir: 'data',
      points: [point(1, { label: 'a|b', mismatches: 0 }), point(0, { reason: 'safety' })],
    };
    const lines = historyReport(history, colors, clock).replaceAll('\u00a0', ' ').split('\n');
    deepStrictEqual(lines.slice(0, 3), [
      '# History of data',
      '',
      '2 snapshots, the newest first in the table.',
    ]);
    match(lines[4] ?? '', /^!\[Size over .*\]\(data:image\/svg\+xml;base64,[A-Za-z0-9+/=]+\)$/);
    deepStrictEqual(lines.slice(6, -2), [
      '| Taken | Snapshot | Size | Files | Mismatches | Rows of projects | Rows of users |',
      '| --- | --- | ---: | ---: | ---: | ---: | ---: |',
      '| Today 14:44 | Before restore | 10 KB | 1,204 | not checked | 214 | 3 |',
      String.raw`| Yesterday 14:44 | a\|b | 9 KB | 1,204 | 0 | 213 | 3 |`,
    ]);
  });

  it('says so where no snapshot holds it', () => {
    match(
      historyReport({ dataDir: 'data', points: [] }, colors, clock),
      /No snapshot holds it yet\./,
    );
  });
});

describe('tableHistoryText', () => {
  it('lists the rows of the last snapshots', () => {
    const points = [point(2), point(1), point(0)];
    strictEqual(
      tableHistoryText(points, 'data/docsfy.db', 'projects'),
      'In the last 3 snapshots: 212 -> 213 -> 214 rows',
    );
    strictEqual(tableHistoryText(points, 'data/docsfy.db', 'sessions'), undefined);
  });
});
