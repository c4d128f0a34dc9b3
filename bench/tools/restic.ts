import { run, type Command } from '../measure.ts';
import { firstLineOf, makeEmpty, type Tool, type ToolKind } from './tool.ts';

export const restic: ToolKind = {
  name: 'restic',
  how: '`restic backup`, defaults; restored in place; `check --read-data`',
  isPeer: true,
  version: () => firstLineOf('restic', 'version')?.split(' ')[1] ?? null,
  create({ project, store, home }): Tool {
    const call = (...args: string[]): Command => ({
      argv: ['restic', '--repo', store, '--cache-dir', `${home}/restic`, ...args],
      cwd: project,
      env: { HOME: home, RESTIC_PASSWORD: 'bench' },
    });
    const idOf = (name: string): string => {
      const found = JSON.parse(run(call('snapshots', '--json', '--tag', name))) as { id: string }[];
      return found.at(-1)?.id ?? '';
    };
    return {
      needsSync: false,
      restores: 'changed',
      reset() {
        makeEmpty(store);
        makeEmpty(`${home}/restic`);
        run(call('init'));
      },
      snapshot: (name) => call('backup', '--tag', name, 'data'),
      restore: (name) => call('restore', idOf(name), '--target', project),
      diff: (a, b) => call('diff', idOf(a), idOf(b)),
      diffRows: () => null,
      verify: () => call('check', '--read-data'),
    };
  },
};
