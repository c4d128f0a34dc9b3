// `savepoint doctor` for people, and the editor's status document: what is covered, what is not, and why.

import type { StatusDocument } from '../documents/documents.ts';
import { hookLines } from './hook-text.ts';
import { learnedLines } from './learned-text.ts';
import { restoreCommand } from './restore-command.ts';
import { shortCoverage, worthTelling } from './coverage-text.ts';
import type { TextOptions } from '../format/lines.ts';
import { dataDirHead, storeSizeText } from '../format/names.ts';
import { formatBytes, plural } from '../format/numbers.ts';
import { ago } from '../format/time.ts';
import { cutMiddle, displayWidth, padTo, visible, wrapWords } from '../format/width.ts';
import { savedAtMs } from './saved-at.ts';
import type { StatusLine } from './status-line.ts';

const nameWidth = 14;
const verifyEveryDays = 7;
const dayMs = 24 * 60 * 60_000;

/**
 * @param home the user's home folder, written `~`.
 */
export function statusText(
  status: StatusDocument,
  { home }: { readonly home: string },
  options: TextOptions,
): readonly string[] {
  const lines = [
    ...pendingLines(status),
    ...dataLines(status, options),
    ...notCoveredLines(status),
    ...configLines(status),
    ...storeLines(status, home),
    ...verifiedLines(status, options),
    ...toolLines(status),
    ...learnedLines(status.learned ?? [], options.clock),
    ...hookLines(status.hooks ?? [], options.clock),
  ];
  return lines.flatMap((line) => renderLine(line, options));
}

function renderLine({ mark, name, text }: StatusLine, options: TextOptions): readonly string[] {
  const { style, columns } = options;
  const { done, notice, failed } = style.signs;
  const sign = { good: style.good(done), notice: style.warn(notice), bad: style.bad(failed) }[mark];
  const plainSign = { good: done, notice, bad: failed }[mark];
  const indent = Math.max(done.length, notice.length, failed.length) + 1;
  const shown = cutMiddle(visible(name), columns - indent);
  const head = sign + ' '.repeat(indent - plainSign.length) + padTo(shown, nameWidth);
  const parts = wrapWords(visible(text), columns - indent - nameWidth);
  const below = parts.map((part) => ' '.repeat(indent + nameWidth) + part);
  // A long name has a line of its own.
  if (displayWidth(shown) >= nameWidth) return [head, ...below];
  return [head + (parts[0] ?? ''), ...below.slice(1)];
}

function pendingLines({ pending }: StatusDocument): readonly StatusLine[] {
  if (pending === null) return [];
  const { filesWritten, filesTotal } = pending;
  const done = `${filesWritten} of ${plural(filesTotal, 'file')} written`;
  const text = `interrupted, ${done}: ${restoreCommand(pending)} finishes it, savepoint undo takes it back`;
  return [{ mark: 'bad', name: 'restore', text }];
}

function dataLines(
  { detection, newest }: StatusDocument,
  options: TextOptions,
): readonly StatusLine[] {
  if (detection.dataDirs.length === 0) {
    const text = 'no data directory found: savepoint detect tells what was looked at';
    return [{ mark: 'notice', name: 'data', text }];
  }
  return detection.dataDirs.map((dataDir) => {
    const { layout, databases, files } = dataDir;
    const takenMs = savedAtMs(dataDir, newest);
    const none = newest === null ? 'no snapshot yet' : 'no snapshot holds it';
    const saved =
      takenMs === undefined
        ? `${none}: savepoint snapshot`
        : `newest snapshot ${ago(takenMs, options.clock)}`;
    const broken = databases.filter(({ state }) => state !== 'ok' && state !== 'unchecked');
    const states = broken.map((one) => `${one.path} is ${one.state}`);
    const holds = [
      ...(databases.length > 0 ? [plural(databases.length, 'database')] : []),
      plural(files, 'file'),
    ];
    const mark = takenMs === undefined || broken.length > 0 ? 'notice' : 'good';
    const text = [layout, holds.join(', '), ...states, saved].join('; ');
    return { mark, name: dataDirHead(dataDir), text };
  });
}

function notCoveredLines({ detection }: StatusDocument): readonly StatusLine[] {
  const { coverage = [] } = detection;
  const excluded = new Set(
    detection.dataDirs.flatMap((dir) => dir.excluded.map(({ path }) => path)),
  );
  const told = new Set(worthTelling(coverage));
  const out = coverage
    .filter((entry) => told.has(entry) || excluded.has(entry.path))
    .map(shortCoverage);
  if (detection.boundHit)
    out.push(`what lies beyond ${plural(detection.foldersLookedAt, 'folder')}`);
  return out.length === 0 ? [] : [{ mark: 'notice', name: 'not covered', text: out.join('; ') }];
}

function configLines({ detection }: StatusDocument): readonly StatusLine[] {
  return detection.configProblems.map(({ file, line, message }) => ({
    mark: 'notice',
    name: 'settings',
    text: `${file}, line ${line}: ${message}`,
  }));
}

function storeLines({ store }: StatusDocument, home: string): readonly StatusLine[] {
  const place =
    home !== '' && store.path.startsWith(`${home}/`)
      ? `~${store.path.slice(home.length)}`
      : store.path;
  const free = store.freeBytes === null ? [] : [`${formatBytes(store.freeBytes)} free`];
  const facts = [place, storeSizeText(store), ...free].join(', ');
  const problems = [store.problem, store.ephemeral].filter((one) => one !== null);
  return [
    { mark: problems.length === 0 ? 'good' : 'notice', name: 'store', text: facts },
    ...problems.map((text): StatusLine => ({ mark: 'notice', name: '', text })),
  ];
}

function verifiedLines({ store }: StatusDocument, { clock }: TextOptions): readonly StatusLine[] {
  if (store.snapshots === 0) return [];
  if (store.verifiedAt === null) {
    return [{ mark: 'notice', name: 'verified', text: 'never: savepoint verify --deep' }];
  }
  const at = Date.parse(store.verifiedAt);
  const days = Math.floor((clock.nowMs - at) / dayMs);
  if (days < 1) return [{ mark: 'good', name: 'verified', text: ago(at, clock) }];
  const text = `${plural(days, 'day')} ago`;
  return days < verifyEveryDays
    ? [{ mark: 'good', name: 'verified', text }]
    : [{ mark: 'notice', name: 'verified', text: `${text}: savepoint verify --deep` }];
}

function toolLines({ tools }: StatusDocument): readonly StatusLine[] {
  if (tools.length === 0) return [];
  const text = tools
    .map(({ name, version, problem }) =>
      [name, version ?? 'missing', problem === null ? '' : `(${problem})`]
        .filter((part) => part !== '')
        .join(' '),
    )
    .join(', ');
  const mark = tools.some(({ problem }) => problem !== null) ? 'notice' : 'good';
  return [{ mark, name: 'tools', text }];
}
