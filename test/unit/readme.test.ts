import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { withTables } from '../../scripts/readme-tables.ts';
import { root } from '../../scripts/setup.mjs';

const readme = readFileSync(join(root, 'README.md'), 'utf8');

describe('README.md', () => {
  it('has the settings and commands of package.json (npm run docs)', () => {
    strictEqual(withTables(readme, manifest.contributes), readme);
  });

  it('links only to files that are there', () => {
    const links = [
      ...readme.matchAll(/\]\((?!https?:|#)([^)#]+)|(?:src|srcset)="(?!https?:)([^"]+)"/g),
    ];
    const paths = links.map(([, link, source]) => link ?? source ?? '');
    deepStrictEqual(
      paths.filter((path) => !existsSync(join(root, path))),
      [],
    );
  });
});
