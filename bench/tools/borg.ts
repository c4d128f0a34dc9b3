import type { Command } from '../measure.ts';
import { run } from '../measure.ts';
import { firstLineOf, makeEmpty, type Tool, type ToolKind } from './tool.ts';

export const borg: ToolKind = {
  name: 'borg',
  how: '`borg create`, unencrypted, defaults otherwise; `extract` in place; `check --verify-data`',
  isPeer: true,
  version: () => firstLineOf('borg', '--version')?.split(' ')[1] ?? null,
  create({ project, store, home }): Tool {
    const call = (...args: string[]): Command => ({
      argv: ['borg', ...args],
      cwd: project,
      env: {
        HOME: home,
        BORG_BASE_DIR: home,
        BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK: 'yes',
        BORG_CHECK_I_KNOW_WHAT_I_AM_DOING: 'YES',
      },
    });
    return {
      needsSync: false,
      restores: 'changed',
      reset() {
        makeEmpty(store);
        makeEmpty(home);
        run(call('init', '--encryption', 'none', store));
      },
      snapshot: (name) => call('create', `${store}::${name}`, 'data'),
      restore: (name) => call('extract', `${store}::${name}`),
      diff: (a, b) => call('diff', `${store}::${a}`, b),
      diffRows: () => null,
      verify: () => call('check', '--verify-data', store),
    };
  },
};
