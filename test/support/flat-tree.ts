// A folder on the disk as the flat tree that a restore compares, read by a way of its own: what was
// restored is checked against it, so it shares no code with the engine's walk.

import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import {
  joinRel,
  nameFromBytes,
  nameToBytes,
  projectPath,
  type ProjectPath,
} from '../../src/core/names.ts';
import type { PlanEntry } from '../../src/core/restore/plan-entries.ts';

export interface FlatTree {
  readonly entries: readonly PlanEntry[];
  /** Content by path. */
  readonly content: ReadonlyMap<string, Buffer>;
}

/** Everything below `root` of the project folder, and `root` itself; sorted by path. */
export function flatTree(projectDir: string, root: string): FlatTree {
  const entries: PlanEntry[] = [];
  const content = new Map<string, Buffer>();
  const firstNames = new Map<string, string>();
  const visit = (path: ProjectPath): void => {
    const at = Buffer.from(nameToBytes(join(projectDir, path)));
    const stats = fs.lstatSync(at, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined) return;
    const facts = {
      path,
      mode: Number(stats.mode) & 0o7777,
      uid: Number(stats.uid),
      gid: Number(stats.gid),
      mtimeNs: stats.mtimeNs,
      size: 0,
      content: '',
      hardlink: '',
    };
    if (stats.isDirectory()) {
      entries.push({ ...facts, kind: 'directory' });
      const names = fs.readdirSync(at, { encoding: 'buffer' });
      for (const name of names.toSorted((a, b) => Buffer.compare(a, b)))
        visit(joinRel(path, nameFromBytes(name)));
    } else if (stats.isSymbolicLink()) {
      const target = nameFromBytes(fs.readlinkSync(at, { encoding: 'buffer' }));
      entries.push({ ...facts, kind: 'symlink', content: target });
    } else if (stats.isFile()) {
      const bytes = fs.readFileSync(at);
      content.set(path, bytes);
      const inode = `${stats.dev}:${stats.ino}`;
      const hardlink = stats.nlink > 1n ? (firstNames.get(inode) ?? '') : '';
      if (hardlink === '') firstNames.set(inode, path);
      const hash = createHash('sha256').update(bytes).digest('hex');
      entries.push({ ...facts, kind: 'file', size: bytes.length, content: hash, hardlink });
    }
  };
  visit(projectPath(root));
  return { entries: entries.toSorted((a, b) => (a.path < b.path ? -1 : 1)), content };
}

/** The tree as plain values that `deepStrictEqual` compares: times in whole microseconds. */
export function comparable(
  tree: FlatTree,
  options: { readonly times: boolean } = { times: true },
): unknown {
  return tree.entries.map(({ path, kind, mode, uid, gid, mtimeNs, content, hardlink }) => ({
    path,
    kind,
    mode: kind === 'symlink' ? 0 : mode,
    owner: `${uid}:${gid}`,
    time: options.times ? mtimeNs / 1000n : 0n,
    content,
    hardlink,
  }));
}
