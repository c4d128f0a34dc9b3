// What a row says of its file, against the file: bytes, hash, JSON, how many files are in a folder.

import { isDeepStrictEqual } from 'node:util';
import type { Mismatch } from '../../core/documents/documents.ts';
import type { ComparedColumn } from '../../core/documents/rule-evidence.ts';
import type { CountCheck, PathTarget, Rule } from '../../core/check/rule.ts';
import type { ColumnValue } from '../../core/check/column-value.ts';
import { formatBytes, formatCount, plural } from '../../core/format/numbers.ts';
import type { FileIndex } from './file-index.ts';
import type { RowView } from './row-reader.ts';
import type { HashAlgorithm, ReadBudget } from './path-sources.ts';

type Fault = Pick<Mismatch, 'path' | 'detail'>;

/** Of files whose hash nobody asked for: a check of a rule that was found reads no more than this. */
const maxReadBytes = 256 * 1024 * 1024;

/** What the rows of one rule say of their files, compared; and how often they are right. */
export class ContentChecks {
  readonly #files: FileIndex;
  readonly #target: PathTarget;
  readonly #budget: ReadBudget | undefined;
  readonly #counts = { size: { fits: 0, of: 0 }, hash: { fits: 0, of: 0 } };

  /** @param origin of the rule */
  constructor(files: FileIndex, target: PathTarget, origin: Rule['origin']) {
    this.#files = files;
    this.#target = target;
    this.#budget = origin === 'inferred' ? { leftBytes: maxReadBytes } : undefined;
  }

  /** One for the file, the first that is found; null values and what cannot be read compare nothing. */
  faults(path: string, row: RowView): readonly Fault[] {
    const { json } = this.#target;
    const detail =
      this.#sizeFault(path, row) ??
      this.#hashFault(path, row) ??
      (json === null ? undefined : jsonFault(this.#files, path, row.expression('json'), json));
    const count = countFaults(this.#files, path, row.expression('count'), this.#target.count);
    return [...(detail === undefined ? [] : [{ path, detail }]), ...count];
  }

  compared(): readonly ComparedColumn[] {
    const { size, hash } = this.#target;
    return [
      ...(size === null ? [] : [{ what: 'size' as const, column: size, ...this.#counts.size }]),
      ...(hash === null ? [] : [{ what: 'hash' as const, column: hash, ...this.#counts.hash }]),
    ];
  }

  #sizeFault(path: string, row: RowView): string | undefined {
    if (this.#target.size === null) return undefined;
    const said = sizeOf(row.expression('size'));
    const bytes = said === undefined ? undefined : this.#files.size(path);
    if (said === undefined || bytes === undefined) return undefined;
    this.#count('size', said === bytes);
    if (said === bytes) return undefined;
    const exact = formatBytes(bytes) === formatBytes(said);
    const text = exact ? (size: number) => `${formatCount(size)} bytes` : formatBytes;
    return `${text(bytes)}, row says ${text(said)}`;
  }

  #hashFault(path: string, row: RowView): string | undefined {
    if (this.#target.hash === null) return undefined;
    const said = hashOf(row.expression('hash'));
    if (said === undefined) return undefined;
    const found = this.#files.hash(path, said.algorithm, this.#budget);
    if (found === undefined) return undefined;
    this.#count('hash', found === said.hex);
    if (found === said.hex) return undefined;
    return `${said.algorithm.toUpperCase()} ${found.slice(0, 8)}, row says ${said.hex.slice(0, 8)}`;
  }

  #count(what: 'size' | 'hash', isRight: boolean): void {
    this.#counts[what].of += 1;
    if (isRight) this.#counts[what].fits += 1;
  }
}

/** Also where a column of texts has it. */
export function sizeOf(value: ColumnValue): number | undefined {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') return /^\d{1,15}$/.test(value) ? Number(value) : undefined;
  return typeof value === 'number' ? value : undefined;
}

const algorithms: Readonly<Record<number, HashAlgorithm>> = {
  32: 'md5',
  40: 'sha1',
  64: 'sha256',
  128: 'sha512',
};

/** Undefined for what is no hash in hex; `sha256:` and the like may stand in front. */
export function hashOf(
  value: ColumnValue,
): { readonly algorithm: HashAlgorithm; readonly hex: string } | undefined {
  if (typeof value !== 'string') return undefined;
  const hex = value.slice(value.lastIndexOf(':') + 1).toLowerCase();
  const algorithm = /^[0-9a-f]+$/.test(hex) ? algorithms[hex.length] : undefined;
  return algorithm === undefined ? undefined : { algorithm, hex };
}

const maxJsonBytes = 16 * 1024 * 1024;

function jsonFault(
  files: FileIndex,
  path: string,
  value: ColumnValue,
  name: string,
): string | undefined {
  const said = typeof value === 'string' ? parseJson(value) : undefined;
  if (said === undefined) return undefined;
  const bytes = files.read(path, maxJsonBytes);
  if (bytes === undefined) return undefined;
  const found = parseJson(bytes.toString('utf8'));
  if (found === undefined) return 'no JSON';
  return isDeepStrictEqual(found.value, said.value) ? undefined : `differs from the row's ${name}`;
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    // Not JSON: the caller knows what that means on its side.
    return undefined;
  }
}

function countFaults(
  files: FileIndex,
  path: string,
  value: ColumnValue,
  count: CountCheck | null,
): readonly Fault[] {
  const said = sizeOf(value);
  if (count === null || said === undefined) return [];
  const folder = `${path.slice(0, path.lastIndexOf('/'))}/${count.folder}`;
  const found = files.countIn(folder, count.ending);
  if (found === undefined || found === said) return [];
  const detail = `${plural(found, count.what)}, row says ${formatCount(said)}`;
  return [{ path: folder, detail }];
}
