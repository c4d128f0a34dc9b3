// log.jsonl: labels, pins and deletions, one JSON object a line, so that a catalog rebuilt from the
// packs brings back neither lost labels nor deleted snapshots. Appended and synced before the
// catalog changes; a last line that a kill left half-written is cut off by the next writer.

import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodeOf } from '../disk/durable-file.ts';

export type LogLine =
  | { readonly op: 'delete'; readonly id: string; readonly at: string }
  | { readonly op: 'pin' | 'unpin'; readonly id: string; readonly at: string }
  | {
      readonly op: 'label';
      readonly id: string;
      readonly label: string | null;
      readonly at: string;
    };

/** Durable when it returns. The caller holds the write lock. */
export function appendLog(
  storePath: string,
  lines: readonly LogLine[],
  faultPoint: ((name: 'log:half-written') => void) | undefined,
): void {
  const fd = openSync(join(storePath, 'log.jsonl'), 'a+', 0o600);
  try {
    const whole = wholeBytes(fd);
    if (whole !== null) ftruncateSync(fd, whole);
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    const half = Math.floor(text.length / 2);
    writeSync(fd, text.slice(0, half));
    faultPoint?.('log:half-written');
    writeSync(fd, text.slice(half));
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** All whole lines, in order. */
export function readLog(storePath: string): readonly LogLine[] {
  let text: string;
  try {
    text = readFileSync(join(storePath, 'log.jsonl'), 'utf8');
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return [];
    throw error;
  }
  return text.split('\n').slice(0, -1).flatMap(parseLine);
}

/** A line that does not parse was damaged on disk: the others still count. */
function parseLine(line: string): LogLine[] {
  try {
    return [JSON.parse(line) as LogLine];
  } catch {
    return [];
  }
}

/** Where the last whole line ends; null where the file already ends there. */
function wholeBytes(fd: number): number | null {
  const content = readFileSync(fd);
  const end = content.lastIndexOf(0x0a) + 1;
  return end === content.length ? null : end;
}
