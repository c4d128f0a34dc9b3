// Database servers among what is covered and what is not: `detect`, `doctor`, snapshots and the guard tell
// of them by this one answer. A source that captures a server says so in `isCaptured`, and nowhere else.

import type { CoverageEntry } from '../../core/documents/coverage.ts';
import type { NotSaved } from '../../core/documents/not-saved.ts';
import { ownDatabase } from '../../core/guard/database-urls.ts';
import { isCache, serverOfUrl, type ServerAddress } from '../../core/guard/server-address.ts';
import type { EngineOptions } from '../options.ts';
import { namedServers, type NamedServer } from './named-servers.ts';

const notCaptured = 'Savepoint does not save servers yet';

/** No source captures one yet. */
function isCaptured(_server: ServerAddress): boolean {
  return false;
}

/** In the order of their addresses. */
export function coveredServers(
  projectDir: string,
  options: EngineOptions,
): readonly CoverageEntry[] {
  return serversOf(projectDir, options).map((server) => ({
    path: server.address,
    kind: 'server',
    covered: isCaptured(server),
    reason: isCaptured(server) ? null : notCaptured,
    evidence: [server.evidence],
    files: null,
    bytes: null,
    mend: null,
  }));
}

/**
 * Those of the databases that a command works on which no snapshot holds.
 * @param hasDatabase true where the data has a database that it may mean
 */
export function serversNotSaved(
  databases: readonly string[],
  command: string,
  hasDatabase: boolean,
  projectDir: string,
  options: EngineOptions,
): readonly NotSaved[] {
  const known = serversOf(projectDir, options);
  const named = databases
    .filter((address) => address !== ownDatabase)
    .flatMap((address): readonly NamedServer[] => {
      const server = serverOfUrl(address);
      if (server === undefined) return [];
      const own = known.find((one) => one.address === server.address);
      return [own ?? { ...server, evidence: 'the command names it' }];
    });
  const isOwn = databases.includes(ownDatabase);
  const all = [...named, ...(isOwn ? known : [])].filter((server) => !isCaptured(server));
  if (isOwn && known.length === 0 && !hasDatabase)
    return [
      {
        what: `the database that "${command}" works on`,
        path: null,
        reason: 'nothing tells where it is',
      },
    ];
  const told = new Map(all.map((server) => [server.address, server]));
  return [...told.values()].map(({ address, words, evidence }) => ({
    what: `${words} (${evidence})`,
    path: address,
    reason: notCaptured,
  }));
}

function serversOf(projectDir: string, options: EngineOptions): readonly NamedServer[] {
  return namedServers(projectDir, options)
    .filter((server) => !isCache(server))
    .toSorted((a, b) => (a.address < b.address ? -1 : 1));
}
