// The one line that a terminal shows while something longer runs.

import { formatBytes, formatCount, plural } from '../format/numbers.ts';
import { cut } from '../format/width.ts';

export interface ProgressFacts {
  /** The engine's `Phase`. */
  readonly phase: string;
  readonly files: number;
  readonly bytes: number;
  /** Null until the phase has told them. */
  readonly totalFiles: number | null;
  readonly totalBytes: number | null;
}

const barWidth = 14;

const phaseWords: Readonly<Record<string, string>> = {
  replacing: 'Replacing, cannot be cancelled now',
};

/** `Reading  [=======>      ]  46%  4,612 of 10,000 files  66 MB` in less than `columns` columns. */
export function progressLine(facts: ProgressFacts, columns: number): string {
  const { phase, files, bytes, totalFiles } = facts;
  const word = phaseWords[phase] ?? phase.charAt(0).toUpperCase() + phase.slice(1);
  const share = progressShare(facts);
  const parts = [word];
  if (share !== undefined) {
    parts.push(`${bar(share)} ${`${Math.floor(share * 100)}%`.padStart(4)}`);
  }
  if (totalFiles !== null && totalFiles > 0) {
    parts.push(`${formatCount(files)} of ${formatCount(totalFiles)} files`);
  } else if (files > 0) parts.push(plural(files, 'file'));
  if (bytes > 0) parts.push(formatBytes(bytes));
  return cut(parts.join('  '), columns - 1);
}

/** How much is done, 0 to 1, by bytes where there are any; undefined while the total is not known. */
export function progressShare(facts: ProgressFacts): number | undefined {
  const { files, bytes, totalFiles, totalBytes } = facts;
  if (totalBytes !== null && totalBytes > 0) return Math.min(1, bytes / totalBytes);
  return totalFiles !== null && totalFiles > 0 ? Math.min(1, files / totalFiles) : undefined;
}

function bar(share: number): string {
  const filled = Math.min(share < 1 ? barWidth - 1 : barWidth, Math.ceil(share * barWidth));
  return `[${('='.repeat(filled) + (filled < barWidth ? '>' : '')).padEnd(barWidth)}]`;
}
