// Tar blocks of packs. Headers are written and read with node-tar's own Header class: packs must be
// ordinary archives that any tar opens.

import { Header } from 'tar/header';

export const blockBytes = 512;

/** The header block of a regular file. Names must fit ustar: at most 100 bytes after the last `/`, 155 before. */
export function tarHeader(name: string, sizeBytes: number, mtimeMs: number): Buffer {
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
