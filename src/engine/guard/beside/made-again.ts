// What tools make and can make again: `rm -rf node_modules dist` names it all day, and no copy of it is
// worth anything. A name alone says so where nothing else has that name, else only with what it is made
// from beside it, and where git leaves it out.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { matchesSegment } from '../../../core/guard/glob-match.ts';
import { readSmallFile } from '../../detect/env-files.ts';

/** Nothing but tools makes folders of these names. */
const surely =
  /^(__pycache__|__pypackages__|\.next|\.nuxt|\.output|\.svelte-kit|\.astro|\.angular|\.expo|\.turbo|\.nx|\.parcel-cache|\.gradle|\.terraform|\.dart_tool|\.tox|\.nox|\.eggs|\.nyc_output|\.docusaurus|\.sass-cache|\.ipynb_checkpoints|\.pnpm-store|\.yarn-cache|htmlcov|DerivedData|\..*[-_]?cache|.*\.egg-info)$/i;

const ofNode = ['package.json', 'deno.json', 'bower.json'];
const ofPython = ['pyproject.toml', 'setup.py', 'setup.cfg', 'requirements.txt'];
const ofBuilds = [
  ...ofNode,
  ...ofPython,
  'Cargo.toml',
  'go.mod',
  'CMakeLists.txt',
  'Makefile',
  'build.gradle',
  'build.gradle.kts',
  'pom.xml',
  'mix.exs',
  'composer.json',
  'pubspec.yaml',
];

interface Made {
  readonly name: RegExp;
  /** One of these lies beside it. */
  readonly from: readonly string[];
  /** True where people give folders that name, too: then git has to leave it out. */
  readonly isOrdinary?: boolean;
}

const made: readonly Made[] = [
  { name: /^(node_modules|bower_components|jspm_packages)$/, from: ofNode },
  { name: /^vendor$/, from: ['composer.json', 'go.mod', 'Gemfile'], isOrdinary: true },
  { name: /^Pods$/, from: ['Podfile'] },
  { name: /^(deps|_build)$/, from: ['mix.exs'] },
  { name: /^target$/, from: ['Cargo.toml', 'pom.xml', 'build.sbt'] },
  { name: /^(bin|obj)$/, from: [...ofBuilds], isOrdinary: true },
  { name: /^(dist|build|out|coverage|lib|es|esm|cjs|dist-\w+)$/, from: ofBuilds, isOrdinary: true },
];

/** Files of tools. */
const files = /(\.py[co]|\.tsbuildinfo)$|^(\.DS_Store|Thumbs\.db|\.eslintcache|\.coverage)$/;

export function isMadeAgainFile(name: string): boolean {
  return files.test(name);
}

/**
 * @param folder absolute
 * @param top where the search for what git leaves out ends
 */
export function isMadeAgain(folder: string, name: string, top: string): boolean {
  if (surely.test(name) || existsSync(join(folder, 'CACHEDIR.TAG'))) return true;
  if (existsSync(join(folder, 'pyvenv.cfg'))) return true;
  const above = dirname(folder);
  return made.some(
    (one) =>
      one.name.test(name) &&
      one.from.some((file) => existsSync(join(above, file))) &&
      (one.isOrdinary !== true || !existsSync(join(top, '.git')) || isLeftOut(folder, name, top)),
  );
}

const maxBytes = 64 * 1024;

/**
 * True where a .gitignore leaves out what has that name. Only plain lines are read, and none of a file
 * that takes something in again: what is not known to be left out is not.
 * @param path absolute, of the folder or file itself
 */
export function isLeftOut(path: string, name: string, top: string): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const text = readSmallFile(join(folder, '.gitignore'), maxBytes) ?? '';
    const isAbove = folder !== dirname(path);
    if (!/^!/m.test(text) && text.split(/\r?\n/).some((line) => names(line, name, isAbove)))
      return true;
    if (folder === top || dirname(folder) === folder) return false;
  }
}

function names(line: string, name: string, isAbove: boolean): boolean {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return false;
  // A line that begins with a slash means what is beside it alone.
  if (text.startsWith('/') && isAbove) return false;
  const plain = text.replace(/^(\*\*)?\//, '').replace(/\/(\*\*?)?$/, '');
  return !plain.includes('/') && plain !== '*' && matchesSegment(plain, name);
}
