// File names are bytes. Inside Savepoint they travel as strings in which every byte that is not part
// of valid UTF-8 is a lone surrogate U+DC80 to U+DCFF (Python's surrogateescape, PEP 383): no name is
// lost, valid names read as they are, and JSON writes the rest as `\udcNN`, as CLI.md promises.

declare const whatOf: unique symbol;

/**
 * Where something is as documents and snapshots name it: from the project folder with `/`, or absolute
 * where it lies outside. Normalised, without `..`. Made by `parseProjectPath`, and by going down or up
 * from one.
 */
export type ProjectPath = string & { readonly [whatOf]: 'path of the project' };

/** The project folder itself: where a walk down begins, and one up ends. */
export const projectFolder = '' as ProjectPath;

/** Where something lies on the disk: absolute, its links resolved. Made in engine/disk/real-path.ts, and by going down from one. */
export type DiskPath = string & { readonly [whatOf]: 'path on the disk' };

/** The string form of a name's bytes. Inverse of `nameToBytes`. */
export function nameFromBytes(bytes: Uint8Array): string {
  return strictUtf8(bytes) ?? escapedUtf8(bytes);
}

/**
 * Byte by byte, without asking the decoder of each: a value of a database may be megabytes that are no
 * text at all, and each answer of "no" is an exception.
 */
function escapedUtf8(bytes: Uint8Array): string {
  const units = new Uint16Array(bytes.length);
  let count = 0;
  for (let i = 0; i < bytes.length;) {
    const first = bytes[i] ?? 0;
    const length = validSequenceLength(bytes, i);
    if (length <= 1) units[count] = length === 0 ? 0xdc00 + first : first;
    else {
      const code = codePointAt(bytes, i, length);
      if (code > 0xffff) {
        units[count] = 0xd7c0 + (code >> 10);
        count += 1;
      }
      units[count] = code > 0xffff ? 0xdc00 + (code & 0x3ff) : code;
    }
    count += 1;
    i += Math.max(1, length);
  }
  let text = '';
  for (let at = 0; at < count; at += unitsAtOnce) {
    text += String.fromCharCode(...units.subarray(at, Math.min(count, at + unitsAtOnce)));
  }
  return text;
}

/** The bytes of a name. Inverse of `nameFromBytes`. */
export function nameToBytes(name: string): Uint8Array {
  if (name.isWellFormed()) return encoder.encode(name);
  const parts: number[] = [];
  for (const char of name) {
    const code = char.codePointAt(0) ?? 0;
    if (code >= 0xdc80 && code <= 0xdcff) parts.push(code - 0xdc00);
    else parts.push(...encoder.encode(char));
  }
  return Uint8Array.from(parts);
}

/**
 * A checked relative path: `.` segments and double slashes are taken out, anything that would leave
 * the folder is refused (undefined).
 */
export function parseRelPath(text: string): string | undefined {
  if (text.startsWith('/') || text.includes('\0')) return undefined;
  const segments = text.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.length === 0 || segments.includes('..')) return undefined;
  return segments.join('/');
}

/** The same for what may lie outside of the project, too; undefined where that is the whole disk. */
export function parseProjectPath(text: string): ProjectPath | undefined {
  // Two slashes name what is no file.
  const [start = ''] = /^(?:\/\/?|[A-Za-z]:\/)/.exec(text) ?? [];
  const below = parseRelPath(text.slice(start.length).replace(/^\/+/, ''));
  return below === undefined ? undefined : (`${start}${below}` as ProjectPath);
}

/** For text that was a path of the project before it became text. */
export function projectPath(text: string): ProjectPath {
  const path = parseProjectPath(text);
  if (path === undefined) throw new Error(`no path of a project: "${text}"`);
  return path;
}

/** `name` inside the folder `dir`; `dir` may be empty for the project folder itself, or `/`. */
export function joinRel(dir: DiskPath, name: string): DiskPath;
export function joinRel(dir: ProjectPath, name: string): ProjectPath;
export function joinRel(dir: string, name: string): string;
export function joinRel(dir: string, name: string): string {
  if (dir === '') return name;
  return dir.endsWith('/') ? `${dir}${name}` : `${dir}/${name}`;
}

/**
 * The names from the project's tree down to `path`. A path outside of the project is absolute; its
 * first name is `/`, which no file can have, so that one tree holds both kinds.
 */
export function segmentsOf(path: string): readonly string[] {
  const segments = path.split('/').filter((segment) => segment !== '');
  return isOutside(path) ? ['/', ...segments] : segments;
}

/** True for the path of something outside of the project: absolute. */
export function isOutside(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:\//.test(path);
}

/** True where `path` is `folder` or lies below it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || folder === '' || path.startsWith(`${folder}/`);
}

/** Suffixes of the files that belong to a database and are never looked at by themselves. */
export const sidecarSuffixes = ['-wal', '-shm', '-journal'] as const;

/** The paths that the sidecars of the database at `path` would have. */
export function sidecarsOf<Path extends string>(path: Path): readonly Path[] {
  return sidecarSuffixes.map((suffix) => `${path}${suffix}` as Path);
}

/** The path without a sidecar's suffix; undefined where it has none. */
export function ownerOfSidecar(path: string): string | undefined {
  const suffix = sidecarSuffixes.find((suffix) => path.endsWith(suffix));
  return suffix === undefined ? undefined : path.slice(0, -suffix.length);
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function strictUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    // Not UTF-8 as a whole: the caller goes through it byte by byte.
    return undefined;
  }
}

/** As many arguments as a call takes everywhere. */
const unitsAtOnce = 8192;

/** Length of the valid UTF-8 sequence at `start`, 0 where there is none. RFC 3629, section 4. */
function validSequenceLength(bytes: Uint8Array, start: number): number {
  const first = bytes[start] ?? 0;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  for (let i = start + 1; i < start + length; i += 1) {
    if (((bytes[i] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  const code = codePointAt(bytes, start, length);
  const isHalf = code >= 0xd800 && code <= 0xdfff;
  const isShortest = code >= (lowestOfLength[length] ?? 0);
  return isShortest && !isHalf && code <= 0x10ffff ? length : 0;
}

/** By the length of its sequence: the lowest code point that needs it. */
const lowestOfLength: Readonly<Record<number, number>> = { 2: 0x80, 3: 0x800, 4: 0x10000 };

/** Of a sequence of two to four bytes. */
function codePointAt(bytes: Uint8Array, start: number, length: number): number {
  let code = (bytes[start] ?? 0) & (0x7f >> length);
  for (let i = start + 1; i < start + length; i += 1) code = (code << 6) | ((bytes[i] ?? 0) & 0x3f);
  return code;
}
