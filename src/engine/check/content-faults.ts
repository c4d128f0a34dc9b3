// What a row says of its file, against the file: bytes, hash, JSON, how many files are in a folder.

import { isDeepStrictEqual } from 'node:util';
import type { Mismatch } from '../../core/documents/documents.ts';
import type { CountCheck, PathTarget } from '../../core/check/rule.ts';
import type { ColumnValue } from '../../core/check/column-value.ts';
import { formatBytes, formatCount, plural } from '../../core/format/numbers.ts';
import type { FileIndex } from './file-index.ts';
import type { RowView } from './row-reader.ts';
import type { HashAlgorithm } from './path-sources.ts';

type Fault = Pick<Mismatch, 'path' | 'detail'>;

/** One for the file, the first that is found; null values and what cannot be read compare nothing. */
export function contentFaults(
  files: FileIndex,
  target: PathTarget,
  path: string,
  row: RowView,
): readonly Fault[] {
  const detail =
    (target.size === null ? undefined : sizeFault(files, path, row.expression('size'))) ??
    (target.hash === null ? undefined : hashFault(files, path, row.expression('hash'))) ??
    (target.json === null
      ? undefined
      : jsonFault(files, path, row.expression('json'), target.json));
  const count = countFaults(files, path, row.expression('count'), target.count);
  return [...(detail === undefined ? [] : [{ path, detail }]), ...count];
}

function sizeFault(files: FileIndex, path: string, value: ColumnValue): string | undefined {
  const said = numberOf(value);
  const bytes = files.size(path);
  if (said === undefined || bytes === undefined || said === bytes) return undefined;
  const exact = formatBytes(bytes) === formatBytes(said);
  const text = exact ? (size: number) => `${formatCount(size)} bytes` : formatBytes;
  return `${text(bytes)}, row says ${text(said)}`;
}

/** Also where a column of texts has it. */
function numberOf(value: ColumnValue): number | undefined {
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

function hashFault(files: FileIndex, path: string, value: ColumnValue): string | undefined {
  if (typeof value !== 'string') return undefined;
  const hex = value.slice(value.lastIndexOf(':') + 1).toLowerCase();
  const algorithm = /^[0-9a-f]+$/.test(hex) ? algorithms[hex.length] : undefined;
  const found = algorithm === undefined ? undefined : files.hash(path, algorithm);
  if (algorithm === undefined || found === undefined || found === hex) return undefined;
  return `${algorithm.toUpperCase()} ${found.slice(0, 8)}, row says ${hex.slice(0, 8)}`;
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
  const said = numberOf(value);
  if (count === null || said === undefined) return [];
  const folder = `${path.slice(0, path.lastIndexOf('/'))}/${count.folder}`;
  const found = files.countIn(folder, count.ending);
  if (found === undefined || found === said) return [];
  const detail = `${plural(found, count.what)}, row says ${formatCount(said)}`;
  return [{ path: folder, detail }];
}
