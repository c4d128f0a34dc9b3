// What is covered and what is not, a line or two each: the same words for `cover`, `detect`, `doctor` and
// what is said with a snapshot.
import type { TextOptions } from '../format/lines.ts';
import { formatBytes, plural } from '../format/numbers.ts';
import { visible, wrapWords } from '../format/width.ts';
import type { CoverageEntry } from '../documents/coverage.ts';
import { serverOfUrl } from '../guard/server-address.ts';

/** `media: not covered, 392 of 400 auth_user.avatar (400 files, 12 MB): savepoint cover media`. */
export function coverageText(entry: CoverageEntry): string {
  const { path, covered, reason, evidence, mend, kind } = entry;
  if (kind === 'server') return visible(`${serverWords(path)}: ${serverState(entry)}`);
  const why = covered ? 'covered' : `not covered, ${reason ?? 'not taken'}`;
  const because = covered || evidence.length === 0 ? '' : `; rows name it: ${evidence.join(', ')}`;
  const isSaid = covered || mend === null || reason?.endsWith(mend) === true;
  const line = isSaid ? '' : `: ${mend}`;
  return visible(`${path}: ${why}${because}${sizeText(entry)}${line}`);
}

/** The same in a list: `media (large: 3 GB; 392 of 400 auth_user.avatar): savepoint cover media`. */
export function shortCoverage({ path, reason, evidence, mend, kind }: CoverageEntry): string {
  if (kind === 'server') return `${serverWords(path)} (${evidence.join(', ')})`;
  const why = [...(reason === null ? [] : [reason]), ...evidence].join('; ');
  return `${path} (${why})${evidence.length > 0 && mend !== null ? `: ${mend}` : ''}`;
}

function serverWords(address: string): string {
  return serverOfUrl(address)?.words ?? address;
}

/** `not covered, Savepoint does not save servers yet (DATABASE_URL in .env)` */
function serverState({ covered, reason, evidence }: CoverageEntry): string {
  const state = covered ? 'covered' : `not covered, ${reason ?? 'not taken'}`;
  return `${state} (${evidence.join(', ')})`;
}

/** Each with its sign, as wide as the terminal. */
export function coverageLines(
  entries: readonly CoverageEntry[],
  { style, columns }: TextOptions,
): readonly string[] {
  return entries.flatMap((entry) => {
    const { done, notice } = style.signs;
    const sign = entry.covered ? style.good(done) : style.warn(notice);
    return wrapWords(coverageText(entry), columns - 2).map((line, index) =>
      index === 0 ? `${sign} ${line}` : `  ${line}`,
    );
  });
}

function sizeText({ files, bytes, kind }: CoverageEntry): string {
  const parts = [
    ...(files === null || kind !== 'folder' ? [] : [plural(files, 'file')]),
    ...(bytes === null ? [] : [formatBytes(bytes)]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/**
 * What somebody has to know who reads on: rows name it, or a person named it. Folders that only look
 * like data, and what a rule leaves out of the data, are in the whole list.
 */
export function worthTelling(coverage: readonly CoverageEntry[]): readonly CoverageEntry[] {
  return coverage.filter(
    ({ covered, evidence, kind, reason }) =>
      !covered &&
      (evidence.length > 0 ||
        kind === 'server' ||
        kind === 'volume' ||
        /savepoint allow|volume|refused|named in savepoint\.json|not there|cannot be|since the newest snapshot|source code, so only|^a link to/.test(
          reason ?? '',
        )),
  );
}
