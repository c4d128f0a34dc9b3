// Pages of a database may carry checksums in their last 8 bytes, written by the checksum VFS of its
// application: https://sqlite.org/cksumvfs.html. Another SQLite writes pages without them, and the
// application then takes these for damaged. Nothing in the header but the 8 reserved bytes tells of
// it, so a page whose checksum is right does.

import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { diskPath, readHead } from '../disk/disk-path.ts';
import { parseSqliteHeader } from './sqlite-file.ts';

const checksumBytes = 8;
const pagesLookedAt = 16;

/** True where the pages of the database at `path` carry checksums. */
export function hasPageChecksums(path: string): boolean {
  const pageSize = checkedPageSize(readHead(path, 100) ?? Buffer.alloc(0));
  if (pageSize === undefined) return false;
  const pages = readHead(path, pagesLookedAt * pageSize) ?? Buffer.alloc(0);
  // Some may have lost theirs to another SQLite already.
  for (let at = 0; at + pageSize <= pages.length; at += pageSize) {
    if (isRight(pages.subarray(at, at + pageSize))) return true;
  }
  return false;
}

/** Gives the first page of a file of ours its checksum anew, after its header was changed. */
export function renewFirstChecksum(path: string): void {
  const pageSize = checkedPageSize(readHead(path, 100) ?? Buffer.alloc(0));
  if (pageSize === undefined) return;
  const fd = openSync(diskPath(path), 'r+');
  try {
    const page = Buffer.alloc(pageSize);
    if (readSync(fd, page, 0, pageSize, 0) !== pageSize) return;
    const at = pageSize - checksumBytes;
    writeSync(fd, checksumOf(page.subarray(0, at)), 0, checksumBytes, at);
  } finally {
    closeSync(fd);
  }
}

/** Of a database that may have checksums, by byte 20 of its header: bytes reserved in each page. */
function checkedPageSize(head: Buffer): number | undefined {
  return head[20] === checksumBytes ? parseSqliteHeader(head)?.pageSize : undefined;
}

function isRight(page: Buffer): boolean {
  const at = page.length - checksumBytes;
  return checksumOf(page.subarray(0, at)).equals(page.subarray(at));
}

/** Two sums over pairs of little-endian words, as the VFS has them. */
function checksumOf(content: Buffer): Buffer {
  let [first, second] = [0, 0];
  for (let at = 0; at < content.length; at += 8) {
    first = (first + content.readUInt32LE(at) + second) >>> 0;
    second = (second + content.readUInt32LE(at + 4) + first) >>> 0;
  }
  const checksum = Buffer.alloc(checksumBytes);
  checksum.writeUInt32LE(first, 0);
  checksum.writeUInt32LE(second, 4);
  return checksum;
}
