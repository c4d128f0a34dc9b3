// Ids of snapshots: `YYYYMMDDTHHMMSSZ-xxxx`, a UTC stamp that sorts and a suffix that is typed.

declare const snapshotIdBrand: unique symbol;

export type SnapshotId = string & { readonly [snapshotIdBrand]: true };

/** Crockford's base 32 in lower case: no letter that reads like another letter or a digit. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const suffixLength = 4;
const drawsPerLength = 20;
const stampLength = 'YYYYMMDDTHHMMSSZ'.length;
const idPattern = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-([0-9a-z]{4,})$/;

/**
 * A new id for a snapshot that is taken at `nowMs`, milliseconds since the Unix epoch.
 * @param random answers `n` random bytes.
 * @param isTaken true where another snapshot of the project has this suffix: a new one is drawn, and
 * a longer one where too many are taken, so that every suffix alone names its snapshot.
 */
export function makeSnapshotId(
  nowMs: number,
  random: (n: number) => Uint8Array,
  isTaken: (suffix: string) => boolean = () => false,
): SnapshotId {
  const stamp = new Date(nowMs).toISOString().replace(/\.\d+Z$/, 'Z');
  const prefix = stamp.replaceAll(/[-:]/g, '');
  for (let draw = 0; ; draw += 1) {
    const length = suffixLength + Math.floor(draw / drawsPerLength);
    const suffix = Array.from(random(length), (byte) => alphabet[byte % alphabet.length]).join('');
    // Digits alone could be the beginning of another id's date.
    if (/[a-z]/.test(suffix) && !isTaken(suffix)) return `${prefix}-${suffix}` as SnapshotId;
  }
}

/** The id in lower-case form where `text` is a whole id in any case, else undefined. */
export function parseSnapshotId(text: string): SnapshotId | undefined {
  const id = text.slice(0, stampLength).toUpperCase() + text.slice(stampLength).toLowerCase();
  return idPattern.test(id) && !Number.isNaN(snapshotIdTime(id)) ? (id as SnapshotId) : undefined;
}

/** When the snapshot was taken by its id, to the second, in milliseconds since the Unix epoch; NaN for no id. */
function snapshotIdTime(id: string): number {
  const [, year, month, day, hour, minute, second] = idPattern.exec(id) ?? [];
  if (year === undefined) return Number.NaN;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // The date must exist: Date.parse takes the 31st of February for a day in March.
  const back = Number.isNaN(time) ? '' : new Date(time).toISOString();
  return back.startsWith(`${year}-${month}-${day}T${hour}`) ? time : Number.NaN;
}

/** The part of an id that is typed: `k3f9`. What is no id comes back as it is. */
export function shortSnapshotId(id: string): string {
  return idPattern.exec(id)?.[7] ?? id;
}
