// The terminal as the commands see it: what may be coloured, how wide it is, whether one can ask.

import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { styleText } from 'node:util';
import type { TextOptions } from '../core/format/lines.ts';
import { asciiSigns, plainStyle, type Style } from '../core/format/style.ts';

export interface Terminal {
  /** For what goes to stdout. */
  readonly text: TextOptions;
  /** Columns that a list may take: those of a terminal, never less than `text` takes. Opens process.stdout. */
  readonly listColumns: () => number;
  /** For lines on stderr. */
  readonly errorStyle: Style;
  readonly showsProgress: boolean;
  /** True where a question reaches a person and an answer comes back. */
  readonly canAsk: boolean;
  readonly out: (lines: readonly string[]) => void;
  readonly err: (lines: readonly string[]) => void;
}

interface TerminalOptions {
  readonly quiet: boolean;
  readonly env: NodeJS.ProcessEnv;
}

const widestText = 80;

export function createTerminal({ quiet, env }: TerminalOptions): Terminal {
  // Not by process.stdin and its like: opening those makes pipes non-blocking, also for a command that
  // this process becomes.
  const isTty = { stdin: isatty(0), stdout: isatty(1), stderr: isatty(2) };
  const signs = isUtf8(env) ? plainStyle.signs : asciiSigns;
  const mayColour = !quiet && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  const style = (isTty: boolean): Style =>
    mayColour && isTty ? colours(signs) : { ...plainStyle, signs };
  const nowMs = Date.now();
  const offsetMinutes = (ms: number): number => new Date(ms).getTimezoneOffset();
  return {
    text: { clock: { nowMs, offsetMinutes }, columns: widestText, style: style(isTty.stdout) },
    listColumns: () => Math.max(widestText, isTty.stdout ? process.stdout.columns || 0 : 0),
    errorStyle: style(isTty.stderr),
    showsProgress: !quiet && !env['NO_COLOR'] && isTty.stderr && env['TERM'] !== 'dumb',
    canAsk: isTty.stdin && isTty.stderr,
    out: (lines) => writeLines(lines),
    err: writeErrorLines,
  };
}

/** Waits until what was written to stdout and stderr has left the process. */
export async function flushOutput(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.writableLength === 0 || stream.destroyed) continue;
    await new Promise<void>((resolve) => {
      stream.once('close', resolve);
      stream.write('', () => resolve());
    });
  }
}

function writeLines(lines: readonly string[]): void {
  if (lines.length === 0) return;
  const { stdout } = process;
  if (stdout.listenerCount('error', ignoreClosedPipe) === 0) stdout.on('error', ignoreClosedPipe);
  if (!stdout.destroyed) stdout.write(`${lines.join('\n')}\n`);
}

/** `savepoint list | head -1` closes the pipe early: that is no error, and a restore must go on. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** At once, and past the stream: see above. */
function writeErrorLines(lines: readonly string[]): void {
  let rest = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(2, rest));
    } catch (error) {
      // A full pipe that somebody else made non-blocking empties; one that is closed has no reader.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
    }
  }
}

function colours(signs: Style['signs']): Style {
  const paint = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    text === '' ? '' : styleText(format, text, { validateStream: false });
  const cyan = paint('cyan');
  const strongCyan = paint(['cyan', 'bold']);
  return {
    good: paint('green'),
    bad: paint('red'),
    warn: paint('yellow'),
    dim: paint('dim'),
    strong: paint('bold'),
    // The suffix suffices wherever an id is asked for.
    id: (text) => {
      const dash = text.lastIndexOf('-') + 1;
      return cyan(text.slice(0, dash)) + strongCyan(text.slice(dash));
    },
    signs,
  };
}

/** False only where the locale says so: without any, terminals of today are UTF-8. */
function isUtf8(env: NodeJS.ProcessEnv): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || 'UTF-8';
  return process.platform === 'win32' || /utf-?8/i.test(locale);
}
