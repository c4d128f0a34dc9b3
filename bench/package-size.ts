import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../scripts/setup.mjs';
import { run } from './measure.ts';
import type { Results } from './results.ts';

/** Packs the extension for this platform into `folder`, and adds the package's bytes. */
export function measurePackage(
  _cli: string,
  folder: string,
  column: string,
  results: Results,
): void {
  const script = join(root, 'scripts', 'package.ts');
  run({ argv: [process.execPath, script, '--host', '--out', folder], cwd: root });
  const [vsix] = globSync('*.vsix', { cwd: folder });
  if (vsix === undefined) throw new Error(`scripts/package.ts left no package in "${folder}"`);
  results.add('package', column, statSync(join(folder, vsix)).size);
}
