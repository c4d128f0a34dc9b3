// Which agents have our hook, and whether it can still start.

import type { HookAgentName } from './hook-agents.ts';

export interface HookState {
  readonly agent: HookAgentName;
  readonly place: 'project' | 'user';
  /** The program that it starts and that is not there; null where it is. */
  readonly missing: string | null;
}

/**
 * The programs that a command of a hook needs: absolute paths, or `savepoint` by its name alone.
 * Quotes are gone; assignments before the command are no programs.
 */
export function programsOf(command: string): readonly string[] {
  const [before = ''] = command.split(/\sagent-hook\s/);
  const words = [...before.matchAll(/'([^']*)'|"([^"]*)"|([^\s'"]+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  );
  return words.filter((word) => word === 'savepoint' || /^(?:\/|[A-Za-z]:[\\/])/.test(word));
}
