// Every source there is: a new one is a folder beside this file and a line here.

import type {
  CaptureDatabasesContext,
  CapturedDatabase,
  CaptureResult,
  LiveDatabase,
  Source,
  StoredDatabase,
} from './source.ts';
import { sqliteSource } from './sqlite/sqlite-source.ts';

export const allSources: readonly Source[] = [sqliteSource];

/** The source of the database that the project knows by `key`. */
export function sourceOf(key: string, sources = allSources): Source {
  const source = sources.find((one) => one.owns(key));
  if (source === undefined) throw new Error(`no source has "${key}"`);
  return source;
}

/**
 * Captures databases of any sources as one moment: a source sees to that for its own, and what one has
 * captured must still be as it was when the last one is done. What never holds still is not consistent.
 * @throws EngineError NO_SPACE
 */
export async function captureDatabases(
  databases: readonly LiveDatabase[],
  context: CaptureDatabasesContext,
  sources = allSources,
): Promise<CaptureResult> {
  const bySource = [...Map.groupBy(databases, ({ key }) => sourceOf(key, sources))];
  const captured = new Map<string, CapturedDatabase>();
  const isOutdated = ({ key, path }: LiveDatabase): boolean =>
    plain(captured.get(key)?.signature) !== plain(sourceOf(key, sources).signature(path));
  let open = bySource;
  for (let round = 0; round < rounds && open.length > 0; round += 1) {
    for (const [source, own] of open) {
      for (const one of (await source.capture(own, context)).databases) captured.set(one.key, one);
    }
    // One source alone has seen to it already.
    if (bySource.length === 1) open = [];
    else open = bySource.filter(([, own]) => own.some(isOutdated));
  }
  const restless = new Set(open.flatMap(([, own]) => own.map(({ key }) => key)));
  const result = databases.flatMap(({ key }) => {
    const one = captured.get(key);
    if (one === undefined) return [];
    return restless.has(key) ? [{ ...one, consistent: false }] : [one];
  });
  return { databases: result, consistent: result.every(({ consistent }) => consistent) };
}

const rounds = 3;

/** Without the mark of one that must not be trusted later: here it is about this very moment. */
function plain(signature: string | undefined): string | undefined {
  return signature?.replace(/~$/, '');
}

/** @throws EngineError STORE_DAMAGED */
export function writeImage(
  key: string,
  stored: StoredDatabase,
  path: string,
  signal: AbortSignal,
): void {
  sourceOf(key).writeImage(stored, path, signal);
}
