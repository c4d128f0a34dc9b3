import { join } from 'node:path';
import { firstLineOf, makeEmpty, type Tool, type ToolKind } from './tool.ts';

export const cp: ToolKind = {
  name: 'cp -a',
  how: 'a whole copy a snapshot, unchecked',
  isPeer: false,
  version: () => firstLineOf('cp', '--version')?.split(' ').at(-1) ?? null,
  create({ project, store }): Tool {
    return {
      needsSync: true,
      restores: 'changed',
      reset: () => makeEmpty(store),
      snapshot: (name) => ({ argv: ['cp', '-a', join(project, 'data'), join(store, name)] }),
      restore: () => null,
      diff: () => null,
      diffRows: () => null,
      verify: () => null,
    };
  },
};
