// Tar blocks of packs. Headers are written and read with node-tar's own Header class: packs must be
// ordinary archives that any tar opens.

import { Header } from 'tar/header';

export const blockBytes = 512;

/**
 * The header block of a regular file. Names must fit ustar: at most 100 bytes after the last `/`, 155
 * before. Making a header takes ten times as long as changing a copy of one, so what is common to
 * all members of a pack is made once.
 */
export function tarHeaders(mtimeMs: number): (name: string, sizeBytes: number) => Buffer {
  const template = tarHeader('', 0, mtimeMs);
  return (name, sizeBytes) => {
    const slash = name.lastIndexOf('/');
    const block = Buffer.from(template);
    block.write(name.slice(slash + 1), fields.name, 100, 'latin1');
    if (slash > 0) block.write(name.slice(0, slash), fields.prefix, 155, 'latin1');
    block.write(octal(sizeBytes, 11), fields.size, 'latin1');
    block.fill(' ', fields.checksum, fields.checksum + 8);
    let sum = 0;
    for (const byte of block) sum += byte;
    block.write(`${octal(sum, 6)}\0 `, fields.checksum, 'latin1');
    return block;
  };
}

/** Offsets in a ustar header: POSIX.1-1988, https://www.gnu.org/software/tar/manual/html_node/Standard.html */
const fields = { name: 0, size: 124, checksum: 148, prefix: 345 };

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

function tarHeader(name: string, sizeBytes: number, mtimeMs: number): Buffer {
  const header = new Header({
    path: name,
    mode: 0o600,
    uid: 0,
    gid: 0,
    uname: '',
    gname: '',
    size: sizeBytes,
    mtime: new Date(Math.floor(mtimeMs / 1000) * 1000),
    type: 'File',
  });
  const block = Buffer.alloc(blockBytes);
  header.encode(block, 0);
  return block;
}

/** Zero bytes that fill a member up to a whole block. */
export function tarPadding(sizeBytes: number): Buffer {
  return zeros.subarray(0, (blockBytes - (sizeBytes % blockBytes)) % blockBytes);
}

/** What ends an archive. */
export function tarEnd(): Buffer {
  return Buffer.alloc(2 * blockBytes);
}

export interface TarMember {
  readonly name: string;
  readonly sizeBytes: number;
}

/** What a header block says; null for a block that is no header, undefined at the archive's end. */
export function parseTarHeader(block: Buffer): TarMember | null | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  const header = new Header(block, 0);
  if (!header.cksumValid || header.path === undefined || header.size === undefined) return null;
  return { name: header.path, sizeBytes: header.size };
}

const zeros = Buffer.alloc(blockBytes);
