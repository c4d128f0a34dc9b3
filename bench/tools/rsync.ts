import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { firstLineOf, makeEmpty, type Tool, type ToolKind } from './tool.ts';

export const rsync: ToolKind = {
  name: 'rsync',
  how: '`rsync -a --link-dest` into a folder a snapshot; `rsync -a --delete` back',
  isPeer: true,
  version: () => /version (\S+)/.exec(firstLineOf('rsync', '--version') ?? '')?.[1] ?? null,
  create({ project, store }): Tool {
    const data = join(project, 'data');
    let newest: string | undefined;
    return {
      needsSync: true,
      restores: 'everything',
      reset() {
        makeEmpty(store);
        newest = undefined;
      },
      snapshot(name) {
        const target = join(store, name);
        const before = newest !== undefined && existsSync(newest) ? newest : undefined;
        newest = target;
        const links = before === undefined ? [] : [`--link-dest=${before}`];
        return { argv: ['rsync', '-a', ...links, `${data}/`, target] };
      },
      restore: (name) => ({ argv: ['rsync', '-a', '--delete', `${join(store, name)}/`, data] }),
      diff: () => null,
      diffRows: () => null,
      verify: () => null,
    };
  },
};
