// The part of an open project that looks inside snapshots and live data, and compares them.

import { readlinkSync, lstatSync, openSync, closeSync, fstatSync, readSync } from 'node:fs';
import { EngineError } from '../../core/errors.ts';
import {
  nameToBytes,
  parseProjectPath,
  projectFolder,
  type ProjectPath,
} from '../../core/names.ts';
import { firstRows, listTables, schemaText } from './browse-database.ts';
import { browseLive } from './browse-live.ts';
import { browseTree } from './browse-tree.ts';
import { compareSides } from './compare-sides.ts';
import { diskPath, readOnlyFlags } from '../disk/disk-path.ts';
import { livePath } from '../disk/real-path.ts';
import { uncancelled, type CallOptions } from '../options.ts';
import type { Project } from '../project/project.ts';
import type { ProjectContext } from '../project/project-context.ts';
import { findNode } from '../store/find-node.ts';
import { findManifest, snapshotSide } from '../capture/open-side.ts';
import { captureDatabases, sourceOf } from '../sources/all-sources.ts';
import { makeTempDir, removeTempDir, type StoreSession } from '../store/store-session.ts';

type BrowsePart = Pick<Project, 'diff' | 'browse' | 'readFile' | 'tables' | 'schema' | 'rows'>;

export function browsePart(context: ProjectContext): BrowsePart {
  return {
    diff: async (a, b, options, call) => await compareSides(context, [a, b], options, call),

    async browse(snapshot, path) {
      if (snapshot === 'live') {
        const folder = path === '' ? projectFolder : parseOrRefuse(path);
        return await browseLive({
          path: folder,
          absolutePath: livePath(context.projectDir, folder),
        });
      }
      return context.read((store) => {
        const manifest = findManifest(store, snapshot);
        return store === null ? [] : browseTree(store.reader, manifest.tree, path);
      });
    },

    async readFile(snapshot, path, maxBytes = Number.MAX_SAFE_INTEGER) {
      if (snapshot === 'live') {
        return readLive(livePath(context.projectDir, parseOrRefuse(path)), maxBytes);
      }
      return context.read((store) => {
        const manifest = findManifest(store, snapshot);
        const node = store === null ? undefined : findNode(store.reader, manifest.tree, path);
        if (node?.kind === 'symlink') return Buffer.from(nameToBytes(node.target));
        if (store === null || node === undefined || !('size' in node)) throw noSuchPath(path);
        return readStored(store, node, maxBytes);
      });
    },

    tables: async (snapshot, database) => await withImage(context, snapshot, database, listTables),
    schema: async (snapshot, database) => await withImage(context, snapshot, database, schemaText),
    rows: async (snapshot, database, table, limit, key) =>
      await withImage(context, snapshot, database, (image) => firstRows(image, table, limit, key)),
  };
}

function storeOf(store: StoreSession | null, snapshot: string): StoreSession {
  if (store !== null) return store;
  throw new EngineError('SNAPSHOT_NOT_FOUND', `no snapshot "${snapshot}"`, {
    hint: 'savepoint snapshot takes one',
  });
}

/** A database of a snapshot, or a copy of the live one, as an image that can be opened. */
async function withImage<T>(
  context: ProjectContext,
  snapshot: string,
  database: string,
  use: (image: string) => T,
): Promise<T> {
  const tempDir = makeTempDir(context.place().storePath, 'reader');
  try {
    if (snapshot === 'live') return use(await liveImage(context, database, tempDir, uncancelled));
    return await context.readAsync(async (store) => {
      const side = snapshotSide(
        storeOf(store, snapshot),
        findManifest(store, snapshot),
        tempDir,
        uncancelled.signal,
      );
      const image = await side.databaseImage(database);
      if (image === null) throw noSuchPath(database);
      return use(image);
    });
  } finally {
    removeTempDir(tempDir);
  }
}

async function liveImage(
  context: ProjectContext,
  database: string,
  tempDir: string,
  call: CallOptions,
): Promise<string> {
  if (!context.options.trusted)
    throw new EngineError('UNTRUSTED', `"${database}" is not opened in an untrusted workspace`, {
      path: database,
    });
  const key = parseOrRefuse(database);
  const path = livePath(context.projectDir, key);
  if (!sourceOf(key).isDatabase(path)) throw noSuchPath(database);
  const { options } = context;
  const { databases } = await captureDatabases([{ key, path }], {
    tempDir,
    options,
    call,
  });
  const [captured] = databases;
  if (captured?.imagePath === null || captured === undefined)
    throw new EngineError(
      'IO',
      `"${database}" cannot be opened: ${captured?.detail ?? 'unknown'}`,
      { path: database },
    );
  return captured.imagePath;
}

function readStored(
  store: StoreSession,
  node: Parameters<StoreSession['reader']['chunksOf']>[0],
  maxBytes: number,
): Buffer {
  const parts: Buffer[] = [];
  let bytes = 0;
  for (const hash of store.reader.chunksOf(node)) {
    if (bytes >= maxBytes) break;
    const chunk = store.reader.readObject(hash);
    parts.push(chunk);
    bytes += chunk.length;
  }
  return Buffer.concat(parts).subarray(0, maxBytes);
}

function readLive(path: string, maxBytes: number): Buffer {
  const onDisk = diskPath(path);
  const stats = lstatSync(onDisk, { throwIfNoEntry: false });
  if (stats?.isSymbolicLink() === true) return readlinkSync(onDisk, { encoding: 'buffer' });
  const fd = openSync(onDisk, readOnlyFlags);
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw noSuchPath(path);
    const buffer = Buffer.alloc(Math.min(stats.size, maxBytes));
    return buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, 0));
  } finally {
    closeSync(fd);
  }
}

function parseOrRefuse(text: string): ProjectPath {
  const path = parseProjectPath(text);
  if (path === undefined) throw noSuchPath(text);
  return path;
}

function noSuchPath(path: string): EngineError {
  return new EngineError('PATH_NOT_IN_SNAPSHOT', `no "${path}" there`, {
    path,
    hint: 'savepoint show lists what a snapshot holds',
  });
}
