// Writes one pack: objects in the order they come, then the snapshot's manifest. Nothing refers to
// it before `finish` has made it durable under its final name; until then it is `<name>.part`, which
// `abandon` or the next writer takes away.

import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder } from '../disk/durable-file.ts';
import type { Database } from '../sqlite/sqlite-driver.ts';
import { memberName, type EncodedObject, type Encoding } from './object-encoding.ts';
import type { StoredManifest } from './snapshot-rows.ts';
import type { ContentHash } from './store.ts';
import { tarEnd, tarHeaders, tarPadding } from './tar.ts';

/** Where an object lies in a pack. */
export interface ObjectPlace {
  readonly hash: ContentHash;
  readonly size: number;
  readonly encoding: Encoding;
  readonly base: ContentHash | null;
  /** Of the member's bytes, from the start of the pack. */
  readonly offset: number;
  readonly stored: number;
}

export interface PackWriter {
  readonly name: string;
  /** False, and nothing is written, where this pack has the object already. */
  add(object: EncodedObject): boolean;
  has(hash: ContentHash): boolean;
  /** A member that is no object, e.g. the manifest. */
  addFile(name: string, content: Buffer): void;
  /** Makes the pack durable under its name. The catalog has to know it then, or `abandon` be called. */
  finish(): { readonly places: readonly ObjectPlace[]; readonly bytes: number };
  /** Takes the pack away, finished or not. */
  abandon(): void;
}

const bufferBytes = 1024 * 1024;

/** A free pack name for a snapshot. */
export function packName(db: Database, id: string): string {
  const taken = new Set(db.prepare<string>('SELECT name FROM packs').pluck().all());
  for (let n = 0; ; n += 1) {
    const name = n === 0 ? `${id}.tar` : `${id}+${n}.tar`;
    if (!taken.has(name)) return name;
  }
}

export function createPack(
  packsDir: string,
  name: string,
  nowMs: number,
  faultPoint: PackFaults | undefined,
): PackWriter {
  const finalPath = join(packsDir, name);
  const partPath = `${finalPath}.part`;
  const fd = openSync(partPath, 'wx', 0o600);
  const members = createMembers(fd, nowMs, faultPoint);
  const places = new Map<ContentHash, ObjectPlace>();
  let isOpen = true;
  let isNamed = false;
  // A descriptor's number is used again once it is closed: closing it twice would close another file.
  const close = (): void => {
    if (isOpen) closeSync(fd);
    isOpen = false;
  };
  return {
    name,
    has: (hash) => places.has(hash),
    add(object) {
      if (places.has(object.hash)) return false;
      const offset = members.append(memberName(object), object.bytes);
      const { hash, size, encoding, base } = object;
      places.set(hash, { hash, size, encoding, base, offset, stored: object.bytes.length });
      return true;
    },
    addFile: (memberPath, content) => void members.append(memberPath, content),
    finish() {
      const bytes = members.end();
      faultPoint?.('pack:before-fsync');
      fsyncSync(fd);
      close();
      faultPoint?.('pack:before-rename');
      renameSync(partPath, finalPath);
      isNamed = true;
      syncFolder(packsDir);
      return { places: [...places.values()], bytes };
    },
    abandon() {
      close();
      // A pack that stays under its name is entered by the next writer: what failed must not be.
      rmSync(isNamed ? finalPath : partPath, { force: true });
    },
  };
}

/** The manifest as a member of a pack. */
export function addManifest(pack: PackWriter, manifest: StoredManifest): void {
  pack.addFile(
    `snapshots/${manifest.id}.json`,
    Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`),
  );
}

type PackFaults = (name: 'pack:half-written' | 'pack:before-fsync' | 'pack:before-rename') => void;

interface Members {
  /** Answers where the content begins. */
  append(memberPath: string, content: Buffer): number;
  /** Ends the archive; answers its bytes. */
  end(): number;
}

function createMembers(fd: number, nowMs: number, faultPoint: PackFaults | undefined): Members {
  const header = tarHeaders(nowMs);
  const buffer = Buffer.allocUnsafeSlow(bufferBytes);
  let used = 0;
  let bytes = 0;

  function flush(): void {
    writeFully(fd, buffer.subarray(0, used));
    used = 0;
  }

  /** Copies: whoever calls may use its memory again. */
  function put(part: Buffer): void {
    if (part.length > buffer.length - used) flush();
    if (part.length > buffer.length) writeFully(fd, part);
    else {
      part.copy(buffer, used);
      used += part.length;
    }
    bytes += part.length;
  }

  return {
    append(memberPath, content) {
      put(header(memberPath, content.length));
      const offset = bytes;
      put(content);
      put(tarPadding(content.length));
      return offset;
    },
    end() {
      flush();
      faultPoint?.('pack:half-written');
      put(tarEnd());
      flush();
      return bytes;
    },
  };
}

function writeFully(fd: number, content: Buffer): void {
  let written = 0;
  while (written < content.length) written += writeSync(fd, content, written);
}
