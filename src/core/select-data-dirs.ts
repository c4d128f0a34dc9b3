// `--data NAME-OR-PATH`: which data directories are meant.

import { EngineError } from './errors.ts';

/**
 * Those of `dataDirs` that are named, in their order; all where none is.
 * @throws EngineError USAGE for a name that fits none
 */
export function selectDataDirs<T extends { readonly name: string; readonly path: string }>(
  dataDirs: readonly T[],
  named: readonly string[] = [],
): readonly T[] {
  if (named.length === 0) return dataDirs;
  const plain = named.map((text) => text.replace(/^\.\//, '').replace(/\/+$/, '') || text);
  const isNamed = ({ name, path }: T, text: string): boolean => name === text || path === text;
  const unknown = plain.find((text) => !dataDirs.some((one) => isNamed(one, text)));
  if (unknown === undefined) {
    return dataDirs.filter((one) => plain.some((text) => isNamed(one, text)));
  }
  const paths = [...new Set(dataDirs.map(({ path }) => path))].join(', ');
  throw new EngineError('USAGE', `no data directory "${unknown}"`, {
    path: unknown,
    hint: paths === '' ? 'savepoint detect' : `there is ${paths}`,
  });
}
