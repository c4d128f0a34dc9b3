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
  const text = strictUtf8(bytes);
  if (text !== undefined) return text;
  let out = '';
  for (let i = 0; i < bytes.length;) {
    const length = validSequenceLength(bytes, i);
    if (length === 0) {
      out += String.fromCharCode(0xdc00 + (bytes[i] ?? 0));
      i += 1;
    } else {
      out += decoder.decode(bytes.subarray(i, i + length));
      i += length;
    }
  }
  return out;
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

/** Length of the valid UTF-8 sequence at `start`, 0 where there is none. */
function validSequenceLength(bytes: Uint8Array, start: number): number {
  const first = bytes[start] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const slice = bytes.subarray(start, start + length);
  return slice.length === length && strictUtf8(slice) !== undefined ? length : 0;
}
