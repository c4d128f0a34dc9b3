// Random folders for property tests: few names, so that kinds change places between two of them,
// and among the names those that break careless code.

import fc from 'fast-check';
import * as fs from 'node:fs';
import { nameToBytes } from '../../src/core/names.ts';
import { isRoot } from './as-user.ts';

export type RandomEntry =
  | {
      readonly kind: 'file';
      readonly content: string;
      readonly mode: number;
      readonly time: number;
    }
  | { readonly kind: 'link'; readonly target: string; readonly time: number }
  | {
      readonly kind: 'again';
      readonly mode: number;
      readonly content: string;
      readonly time: number;
    }
  | {
      readonly kind: 'folder';
      readonly mode: number;
      readonly time: number;
      readonly entries: RandomTree;
    };

export type RandomTree = readonly (readonly [string, RandomEntry])[];

const oddNames = [
  'a',
  'b',
  'c',
  ' ',
  'a\n"b"',
  '\u{1F980} $(x)',
  'e\u0301',
  '\u00e9',
  '\udc80\udcff.bin',
  'n'.repeat(255),
  '-rf',
  'x-wal',
];

const mode = fc.constantFrom(0o644, 0o755, 0o600, 0o444, 0o4755, ...(isRoot ? [0o000] : []));
/** Microseconds since 1970, before it too; some whole seconds, some far away. */
const time = fc.oneof(fc.constant(0), fc.integer({ min: -2e15, max: 4e15 }), fc.constant(1e15));
const content = fc.constantFrom('', 'one', 'two', '\0'.repeat(70_000), 'z'.repeat(70_000));

const { tree } = fc.letrec<{ tree: RandomTree; entry: RandomEntry }>((tie) => ({
  entry: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constant('file' as const), content, mode, time }),
    fc.record({
      kind: fc.constant('link' as const),
      target: fc.constantFrom('a', '/nowhere', '../x', '.', '\udc80'),
      time,
    }),
    fc.record({ kind: fc.constant('again' as const), mode, content, time }),
    fc.record({
      kind: fc.constant('folder' as const),
      mode: fc.constantFrom(0o755, 0o700, ...(isRoot ? [0o555, 0o000] : [])),
      time,
      entries: tie('tree'),
    }),
  ),
  tree: fc.uniqueArray(fc.tuple(fc.constantFrom(...oddNames), tie('entry')), {
    maxLength: 5,
    selector: ([name]) => name,
  }),
}));

/** `again` is a further name of the first file that was made, or a file where there is none. */
export const randomTree: fc.Arbitrary<RandomTree> = tree;

/** Makes the entries in `root`, a folder that is there. Modes without permissions come as root only, who can read them back. */
export function makeRandomTree(root: string, entries: RandomTree): void {
  const made: { first?: Buffer } = {};
  makeIn(Buffer.from(nameToBytes(root)), entries, made);
}

function makeIn(folder: Buffer, entries: RandomTree, made: { first?: Buffer }): void {
  for (const [name, entry] of entries) {
    const path = Buffer.concat([folder, Buffer.from('/'), nameToBytes(name)]);
    const seconds = entry.time / 1e6;
    if (entry.kind === 'link') {
      fs.symlinkSync(Buffer.from(nameToBytes(entry.target)), path);
      fs.lutimesSync(path, String(seconds), String(seconds));
      continue;
    }
    if (entry.kind === 'again' && made.first !== undefined) {
      fs.linkSync(made.first, path);
      continue;
    }
    if (entry.kind === 'folder') {
      fs.mkdirSync(path);
      makeIn(path, entry.entries, made);
    } else {
      fs.writeFileSync(path, entry.content);
      made.first ??= path;
    }
    fs.chmodSync(path, entry.mode);
    fs.utimesSync(path, String(seconds), String(seconds));
  }
}
