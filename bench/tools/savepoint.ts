import { join } from 'node:path';
import type { Command } from '../measure.ts';
import { makeEmpty, type Tool, type ToolKind } from './tool.ts';

/** @param cli absolute path of the bundled command line */
export function savepointFrom(cli: string, version: string): ToolKind {
  return {
    name: 'Savepoint',
    how: 'the bundled command line as a process of its own; every snapshot checked, every restore with safety snapshot and proof',
    isPeer: false,
    version: () => version,
    create(place): Tool {
      const call = (...args: string[]): Command => ({
        argv: savepoint(cli, place.project, place.store, ...args),
        env: { HOME: place.home, XDG_DATA_HOME: join(place.home, 'share') },
      });
      return {
        needsSync: false,
        restores: 'everything',
        reset: () => makeEmpty(place.store),
        snapshot: (name) => call('snapshot', '--label', name),
        guard: () => {
          const guarded = call('run', '--', 'true');
          return { ...guarded, argv: withoutJson(guarded.argv) };
        },
        restore: (name) => call('restore', name, '--yes'),
        diff: (a, b) => ({ ...call('diff', a, b), successCodes: [1] }),
        diffRows: (a, b) => ({ ...call('diff', a, b), successCodes: [0, 1] }),
        verify: (name) => call('verify', name),
      };
    },
  };
}

/** `run` has no document. */
function withoutJson([program, ...args]: Command['argv']): Command['argv'] {
  return [program, ...args.filter((word) => word !== '--json')];
}

export function savepoint(
  cli: string,
  project: string,
  store: string,
  ...args: string[]
): Command['argv'] {
  return [process.execPath, cli, '--cwd', project, '--store', store, '--json', ...args];
}
