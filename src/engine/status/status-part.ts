// `doctor` and the views' state: what is covered, what is not, and how the store is.

import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs';
import type { StatusDocument } from '../../core/documents/documents.ts';
import { EngineError } from '../../core/errors.ts';
import { describeProject } from '../coverage/describe-project.ts';
import type { CallOptions } from '../options.ts';
import { type ProjectContext, sizeOf } from '../project/project-context.ts';
import { driverInfo } from '../sqlite/sqlite-driver.ts';
import { getState } from '../store/catalog.ts';
import { learnedCommands } from '../store/learned-commands.ts';
import { selectEntries } from '../store/snapshot-rows.ts';
import type { StoreSession } from '../store/store-session.ts';
import { freeSpace } from '../disk/file-systems.ts';

type Pending = Pick<StatusDocument, 'canUndo' | 'pending'>;

/** @param pending what the restore part knows of an open store. */
export async function projectStatus(
  context: ProjectContext,
  pending: (store: StoreSession | null) => Pending,
  call: CallOptions,
): Promise<StatusDocument> {
  const detection = await describeProject(context, call);
  const { storePath } = context.place();
  const common = {
    project: {
      id: existsSync(storePath) ? (storePath.split(/[\\/]/).at(-1) ?? null) : null,
      path: context.projectDir,
    },
    detection,
    tools: tools(),
    learned: learnedCommands(storePath),
  };
  const place = { path: storePath, freeBytes: freeBytes(storePath), ephemeral: ephemeral(context) };
  try {
    return context.read((store) => {
      const entries = store === null ? [] : selectEntries(store.db);
      const verifiedAt = store === null ? null : (getState(store.db, 'verified_at') ?? null);
      const problem = store === null ? null : readOnly(storePath);
      return {
        ...common,
        ...pending(store),
        newest: entries[0] ?? null,
        store: {
          ...place,
          ...sizeOf(store, context),
          snapshots: entries.length,
          verifiedAt,
          problem,
          problemCode: null,
        },
      };
    });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const unknown = {
      bytes: 0,
      capBytes: null,
      snapshots: 0,
      verifiedAt: null,
      problem: error.message,
      problemCode: error.code,
    };
    return {
      ...common,
      newest: null,
      canUndo: false,
      pending: null,
      store: { ...place, ...unknown },
    };
  }
}

function tools(): StatusDocument['tools'] {
  const node = { name: 'node', version: process.versions.node, problem: null };
  try {
    const { name, sqliteVersion } = driverInfo();
    return [node, { name: `SQLite (${name})`, version: sqliteVersion, problem: null }];
  } catch (error) {
    return [
      node,
      {
        name: 'SQLite',
        version: null,
        problem: error instanceof Error ? error.message : String(error),
      },
    ];
  }
}

function readOnly(storePath: string): string | null {
  try {
    accessSync(storePath, constants.W_OK);
    return null;
  } catch {
    return 'the store cannot be written';
  }
}

function freeBytes(storePath: string): number | null {
  try {
    return freeSpace(storePath).freeBytes;
  } catch {
    // A disk that cannot be asked: not known.
    return null;
  }
}

/** overlayfs: what a container writes beside its volumes. */
const overlayFileSystem = 0x794c7630;

/** In words, where a rebuild of the container would lose the snapshots. */
function ephemeral(context: ProjectContext): string | null {
  if (!isContainer(context)) return null;
  let place = context.options.storeDir;
  while (!existsSync(place) && place !== '/') place = place.slice(0, place.lastIndexOf('/')) || '/';
  return statfsSync(place).type === overlayFileSystem ? 'kept in this container only' : null;
}

function isContainer({ options }: ProjectContext): boolean {
  if (process.platform !== 'linux') return false;
  if (options.env['REMOTE_CONTAINERS'] !== undefined || options.env['CODESPACES'] !== undefined)
    return true;
  if (existsSync('/.dockerenv') || existsSync('/run/.containerenv')) return true;
  try {
    return /docker|containerd|kubepods/.test(readFileSync('/proc/1/cgroup', 'utf8'));
  } catch {
    return false;
  }
}
