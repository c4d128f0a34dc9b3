// The text form of a folder in the store: one line an entry, fields separated by one space, every
// byte of a name that is not plain printable ASCII as `\0ooo`, so that a shell's `read` and
// `printf %b` are enough to bring it back. docs/format.md specifies it.

import { nameFromBytes, nameToBytes } from '../../core/names.ts';
import { EngineError } from '../../core/errors.ts';
import type { DirectoryNode, FileNode, LinkNode, TreeEntry } from './store.ts';

/** Kind letters: `f` file, `F` file in chunks, `s` database, `S` database in chunks, `d` folder, `l` link. */
const letters = { file: ['f', 'F'], database: ['s', 'S'] } as const;

/** The object's bytes; entries must be in byte order of their names. */
export function encodeTree(entries: readonly TreeEntry[]): Buffer {
  return Buffer.from(entries.map(encodeEntry).join(''), 'latin1');
}

/** @throws EngineError STORE_DAMAGED where a line does not parse */
export function decodeTree(bytes: Buffer): readonly TreeEntry[] {
  const text = bytes.toString('latin1');
  if (text === '') return [];
  return text.slice(0, -1).split('\n').map(decodeEntry);
}

/** `name` with everything but printable ASCII as octal escapes; never empty, no spaces. */
export function escapeName(name: string): string {
  if (/^[!-[\]-~]+$/.test(name)) return name;
  let out = '';
  for (const byte of nameToBytes(name)) {
    const plain = byte > 0x20 && byte < 0x7f && byte !== 0x5c;
    out += plain ? String.fromCharCode(byte) : `\\0${byte.toString(8).padStart(3, '0')}`;
  }
  return out;
}

/** Inverse of `escapeName`. */
export function unescapeName(text: string): string {
  if (!text.includes('\\')) return text;
  const bytes = text.replaceAll(/\\0([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return nameFromBytes(Buffer.from(bytes, 'latin1'));
}

function encodeEntry(entry: TreeEntry): string {
  const facts = `${entry.mode.toString(8)} ${formatTime(entry.mtimeNs)} ${entry.uid} ${entry.gid}`;
  const name = escapeName(entry.name);
  switch (entry.kind) {
    case 'directory':
      return `d ${facts} - ${entry.content} ${name}\n`;
    case 'symlink':
      return `l ${facts} - - ${name} ${escapeName(entry.target)}\n`;
    case 'file':
    case 'database': {
      const letter = letters[entry.kind][entry.chunked ? 1 : 0];
      const link = entry.hardlink === '' ? '' : ` ${escapeName(entry.hardlink)}`;
      return `${letter} ${facts} ${entry.size} ${entry.content} ${name}${link}\n`;
    }
  }
}

function decodeEntry(line: string): TreeEntry {
  const [letter, mode, mtime, uid, gid, size, content, name, extra] = line.split(' ');
  if (name === undefined || mtime === undefined || content === undefined || mode === undefined)
    throw new EngineError(
      'STORE_DAMAGED',
      'a folder object in the store has a line that does not parse',
    );
  const facts = {
    name: checkedName(unescapeName(name)),
    mode: Number.parseInt(mode, 8),
    uid: Number(uid),
    gid: Number(gid),
    mtimeNs: parseTime(mtime),
  };
  if (letter === 'd') return { kind: 'directory', ...facts, content } satisfies DirectoryNode;
  if (letter === 'l')
    return { kind: 'symlink', ...facts, target: unescapeName(extra ?? '') } satisfies LinkNode;
  return {
    kind: letter === 's' || letter === 'S' ? 'database' : 'file',
    ...facts,
    size: Number(size),
    content,
    chunked: letter === 'F' || letter === 'S',
    hardlink: extra === undefined ? '' : unescapeName(extra),
  } satisfies FileNode;
}

/** What no file can be named would lead a restore out of the data. `/` alone is what lies outside of the project. */
function checkedName(name: string): string {
  const isOne = name === '/' || !(name.includes('/') || name.includes('\0'));
  if (isOne && !['', '.', '..'].includes(name)) return name;
  throw new EngineError('STORE_DAMAGED', `a folder object in the store names an entry "${name}"`);
}

/** Seconds with nine decimals, as `touch -d @…` takes them. */
function formatTime(ns: bigint): string {
  const [sign, after] = ns < 0n ? ['-', -ns] : ['', ns];
  const seconds = after / 1_000_000_000n;
  return `${sign}${seconds}.${(after % 1_000_000_000n).toString().padStart(9, '0')}`;
}

function parseTime(text: string): bigint {
  const [seconds = '0', nanos = '0'] = text.replace('-', '').split('.');
  const after = BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
  return text.startsWith('-') ? -after : after;
}
