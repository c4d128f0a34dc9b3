// The pages for people who work here name files, folders and packages; a rename must not leave them behind.

import { deepStrictEqual } from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { root } from '../../scripts/setup.mjs';

const read = (page: string): string => readFileSync(join(root, page), 'utf8');
const docs = readdirSync(join(root, 'docs')).map((name) => `docs/${name}`);
const forDevelopers = ['ARCHITECTURE.md', 'CONTRIBUTING.md'];

function matches(page: string, pattern: RegExp): readonly string[] {
  return [...read(page).matchAll(pattern)].map(([, found]) => found ?? '');
}

/** What a checkout does not have before something was built or tested. */
const made = ['dist/', 'test-results/'];

/** Pages name what lies below src without saying so. */
function isThere(path: string): boolean {
  const bases = ['', 'src', 'src/core', 'src/engine', 'src/cli', 'src/vscode'];
  return made.includes(path) || bases.some((base) => existsSync(join(root, base, path)));
}

describe('pages for developers', () => {
  it('link only to files that are there', () => {
    const broken = [...forDevelopers, ...docs].flatMap((page) =>
      matches(page, /\]\((?!https?:|#)([^)#]+)/g).filter(
        (path) => !existsSync(join(root, dirname(page), path)),
      ),
    );
    deepStrictEqual(broken, []);
  });

  it('name only files and folders that are there', () => {
    const paths = forDevelopers.flatMap((page) =>
      matches(page, /(?<![\w<>./-])((?:[\w.-]+\/)+(?:[\w.-]+\.(?:ts|md|json))?)(?![\w<*./-])/g),
    );
    deepStrictEqual(
      paths.filter((path) => !isThere(path)),
      [],
    );
  });

  it('say of every package why it is there', () => {
    const table = /\n## Packages\n([\s\S]*)$/.exec(read('ARCHITECTURE.md'))?.[1] ?? '';
    const named = [...table.matchAll(/^\| ([^-|][^|]*) \|(?! why)/gm)].flatMap(([, cell]) =>
      (cell ?? '').split(', ').map((name) => name.trim()),
    );
    const packages = Object.keys(manifest.devDependencies);
    deepStrictEqual(
      packages.filter((name) => !name.startsWith('@types/') && !named.includes(name)),
      [],
    );
    deepStrictEqual(
      named.filter((name) => !packages.includes(name)),
      [],
    );
  });
});
