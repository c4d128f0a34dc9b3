import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../scripts/setup.mjs';
import { run } from './measure.ts';

/** Packs the extension for this platform into `folder`; answers the package's bytes. */
export function packageBytes(folder: string): number {
  const script = join(root, 'scripts', 'package.ts');
  run({ argv: [process.execPath, script, '--host', '--out', folder], cwd: root });
  const [vsix] = globSync('*.vsix', { cwd: folder });
  if (vsix === undefined) throw new Error(`scripts/package.ts left no package in "${folder}"`);
  return statSync(join(folder, vsix)).size;
}
