// The table as Markdown, ready to be pasted into a document.

import { formatBytes } from '../src/core/format/numbers.ts';
import type { Results, Sample } from './results.ts';
import { rows, type Row, type RowId, type Unit } from './rows.ts';
import type { ToolKind } from './tools/tool.ts';

export interface Column {
  readonly kind: ToolKind;
  /** Null where it is not installed. */
  readonly version: string | null;
}

export interface Verdict {
  /** Ours to the best peer's; null where no peer does it. */
  readonly ratio: number | null;
  /** The same with the peers' final syncs left out, where the best had one. */
  readonly unsyncedRatio: number | null;
  /** Null where there is no target, or nothing to hold against it. */
  readonly met: boolean | null;
}

/** @param columns ours first */
export function tableText(
  ids: readonly RowId[],
  columns: readonly [Column, ...Column[]],
  results: Results,
): string {
  const head = ['', ...columns.map(({ kind }) => kind.name), 'ours / best peer', 'target'];
  const body = ids.map((id) => [
    rows[id].title,
    ...columns.map((column) => cell(id, column, results)),
    ...verdictCells(rows[id], judge(id, columns, results)),
  ]);
  return markdown([head, ...body]);
}

export function judge(
  id: RowId,
  [ours, ...others]: readonly [Column, ...Column[]],
  results: Results,
): Verdict {
  const own = results.median(id, ours.kind.name)?.value;
  const { target }: Row = rows[id];
  const peers = others.filter(({ kind }) =>
    target?.to === undefined ? kind.isPeer : kind.name === target.to,
  );
  const best = peers
    .map((column) => results.median(id, column.kind.name))
    .filter((sample) => sample !== undefined)
    .toSorted((a, b) => a.value - b.value)[0];
  const unsynced = peers
    .map((column) => results.median(id, column.kind.name))
    .flatMap((sample) => (sample === undefined ? [] : [sample.value - sample.syncSeconds]));
  const ratio = own === undefined || best === undefined ? null : own / best.value;
  const hadSync = best !== undefined && best.syncSeconds > 0;
  const unsyncedRatio = own !== undefined && hadSync ? own / Math.min(...unsynced) : null;
  return { ratio, unsyncedRatio, met: isMet(rows[id], own, ratio) };
}

function isMet({ target }: Row, own: number | undefined, ratio: number | null): boolean | null {
  const value = target?.kind === 'ratio' ? ratio : own;
  return target === null || value === null || value === undefined ? null : value <= target.limit;
}

function cell(id: RowId, { kind, version }: Column, results: Results): string {
  const median = results.median(id, kind.name);
  if (median !== undefined) return sampleText(median, rows[id].unit);
  return version === null ? 'not installed' : '–';
}

function sampleText({ value, syncSeconds }: Sample, unit: Unit): string {
  if (syncSeconds > 0) return `${(value - syncSeconds).toFixed(2)} + ${syncSeconds.toFixed(2)} s`;
  return valueText(value, unit);
}

function valueText(value: number, unit: Unit): string {
  if (unit === 'bytes') return formatBytes(value);
  return unit === 'seconds' ? `${value.toFixed(2)} s` : `${value.toFixed(0)} ms`;
}

function verdictCells({ unit, target }: Row, { ratio, unsyncedRatio, met }: Verdict): string[] {
  const without = unsyncedRatio === null ? '' : ` (${unsyncedRatio.toFixed(2)} unsynced)`;
  const ratioText = ratio === null ? '–' : `${ratio.toFixed(2)}${without}`;
  if (target === null) return [ratioText, '–'];
  const to = target.to === undefined ? '' : ` of ${target.to}`;
  const limit = target.kind === 'ratio' ? target.limit.toFixed(2) : valueText(target.limit, unit);
  const outcome = met === null ? 'nothing to compare' : met ? 'met' : 'missed';
  return [ratioText, `≤ ${limit}${to}: ${outcome}`];
}

/** Padded, so that it reads well in a terminal, too. */
function markdown(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, i) =>
    Math.max(...lines.map((line) => (line[i] ?? '').length)),
  );
  const texts = lines.map((line) => {
    const cells = line.map((text, i) =>
      i === 0 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0),
    );
    return `| ${cells.join(' | ')} |`;
  });
  const rule = widths.map((width, i) =>
    i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [texts[0], `| ${rule.join(' | ')} |`, ...texts.slice(1)].join('\n');
}
