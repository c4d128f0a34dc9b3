// A real terminal of its own: a tmux server on a private socket. Keys go in, the screen comes out.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface Tmux {
  /** Types as a person would; `Enter`, `C-c`, `C-z`, `Escape` are keys, all else is text. */
  readonly type: (...keys: readonly string[]) => void;
  readonly screen: () => string;
  /** Waits until the screen fits, and answers it. */
  readonly until: (pattern: RegExp) => Promise<string>;
  readonly resize: (columns: number, rows: number) => void;
  readonly end: () => void;
}

const keyNames = /^(Enter|Escape|Space|Tab|C-.|Up|Down)$/;
const waitLimitMs = 30_000;

/** @param command what runs in it, a line for sh */
export function startTmux(
  command: string,
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Tmux {
  const folder = mkdtempSync(join(tmpdir(), 'savepoint-tmux-'));
  const base = ['-S', join(folder, 'socket'), '-f', '/dev/null'];
  const run = (...args: readonly string[]): string => {
    const { status, stdout, stderr, error } = spawnSync('tmux', [...base, ...args], {
      encoding: 'utf8',
      cwd,
      env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', TZ: 'UTC', ...env },
    });
    if (status !== 0) throw new Error(`tmux ${args.join(' ')}: ${error?.message ?? stderr}`);
    return stdout;
  };
  run('new-session', '-d', '-x', '100', '-y', '30', command);
  const screen = (): string => run('capture-pane', '-p', '-J');
  return {
    type(...keys) {
      for (const key of keys) run('send-keys', ...(keyNames.test(key) ? [key] : ['-l', '--', key]));
    },
    screen,
    async until(pattern) {
      const deadline = performance.now() + waitLimitMs;
      for (;;) {
        const shown = screen();
        if (pattern.test(shown)) return shown;
        if (performance.now() > deadline)
          throw new Error(`the terminal never showed ${String(pattern)}:\n${shown}`);
        await delay(20);
      }
    },
    resize: (columns, rows) => run('resize-window', '-x', String(columns), '-y', String(rows)),
    end() {
      spawnSync('tmux', [...base, 'kill-server']);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
