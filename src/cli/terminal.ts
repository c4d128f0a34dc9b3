// The terminal as the commands see it: what may be coloured, how wide it is, whether one can ask.

import { styleText } from 'node:util';
import type { TextOptions } from '../core/text/lines.ts';
import { asciiSigns, plainStyle, type Style } from '../core/text/style.ts';

export interface Terminal {
  /** For what goes to stdout. */
  readonly text: TextOptions;
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
  const { stdin, stdout, stderr } = process;
  const signs = isUtf8(env) ? plainStyle.signs : asciiSigns;
  const mayColour = !quiet && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  const style = (isTty: boolean): Style =>
    mayColour && isTty ? colours(signs) : { ...plainStyle, signs };
  const nowMs = Date.now();
  const offsetMinutes = (ms: number): number => new Date(ms).getTimezoneOffset();
  ignoreClosedPipe(stdout);
  ignoreClosedPipe(stderr);
  return {
    text: { clock: { nowMs, offsetMinutes }, columns: widestText, style: style(stdout.isTTY) },
    errorStyle: style(stderr.isTTY),
    showsProgress: !quiet && !env['NO_COLOR'] && stderr.isTTY && env['TERM'] !== 'dumb',
    canAsk: stdin.isTTY && stderr.isTTY,
    out: (lines) => writeLines(stdout, lines),
    err: (lines) => writeLines(stderr, lines),
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

function writeLines(stream: NodeJS.WriteStream, lines: readonly string[]): void {
  if (lines.length > 0 && !stream.destroyed) stream.write(`${lines.join('\n')}\n`);
}

/** `savepoint list | head -1` closes the pipe early: that is no error, and a restore must go on. */
function ignoreClosedPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
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
