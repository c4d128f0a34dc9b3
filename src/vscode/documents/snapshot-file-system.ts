// Snapshots, and the data as it is now, as a read-only file system: files open in VS Code's own
// editors, a database is a folder with its schema and tables as text. Reads only, executes nothing.

import {
  EventEmitter,
  FileChangeType,
  FilePermission,
  FileSystemError,
  FileType,
  type Disposable,
  type Event,
  type FileChangeEvent,
  type FileStat,
  type FileSystemProvider,
  type Uri,
} from 'vscode';
import type { BrowseEntry } from '../../core/documents/browse.ts';
import { EngineError } from '../../core/errors.ts';
import { formatBytes, formatCount } from '../../core/format/numbers.ts';
import { tableRowsSegment, schemaFile, tableOfRowsName } from '../../core/views/document-path.ts';
import { maxRowsShown, tableRowsText } from '../../core/views/table-rows-text.ts';
import { toDisposable } from '../host/disposables.ts';
import {
  nowhere,
  parseDocumentUri,
  rowChangesAddress,
  type DocumentAddress,
  type RowChangesAddress,
} from './document-uri.ts';
import type { EngineClient } from '../process/engine-client.ts';

const maxShownBytes = 50 * 1024 * 1024;
const maxCachedFolders = 200;

/** What an address leads to. */
type Target =
  | { readonly kind: 'root' }
  | { readonly kind: 'entry'; readonly entry: BrowseEntry; readonly path: string }
  | { readonly kind: 'schema'; readonly database: string; readonly mtimeMs: number }
  | {
      readonly kind: 'rows';
      readonly database: string;
      readonly table: string;
      readonly mtimeMs: number;
    };

/** The text of a document of rows that differ. */
export type ReadRowChanges = (address: RowChangesAddress) => Promise<string>;

export class SnapshotFileSystem implements FileSystemProvider {
  readonly #engine: EngineClient;
  readonly #readRowChanges: ReadRowChanges;
  readonly #changed = new EventEmitter<FileChangeEvent[]>();
  /** Folders of snapshots, which never change; the least recently used goes first. */
  readonly #folders = new Map<string, Promise<readonly BrowseEntry[]>>();

  readonly onDidChangeFile: Event<FileChangeEvent[]> = this.#changed.event;

  constructor(engine: EngineClient, readRowChanges: ReadRowChanges) {
    this.#engine = engine;
    this.#readRowChanges = readRowChanges;
  }

  /** Tells VS Code that these documents may read differently now. */
  fireRead(uris: readonly Uri[]): void {
    this.#changed.fire(uris.map((uri) => ({ type: FileChangeType.Changed, uri })));
  }

  watch(): Disposable {
    return toDisposable(() => undefined);
  }

  async stat(uri: Uri): Promise<FileStat> {
    const address = parseDocumentUri(uri);
    if (address.snapshot === nowhere) return readonlyStat(FileType.File, 0, 0);
    // What it is compared with may be live data.
    if (address.sides) return readonlyStat(FileType.File, 0, Date.now());
    const target = await this.#resolve(uri, address);
    if (target.kind === 'root') return readonlyStat(FileType.Directory, 0, 0);
    if (target.kind === 'entry') {
      const { entry } = target;
      return readonlyStat(fileType(entry), entry.bytes, entry.mtimeMs);
    }
    // A database changes through its -wal without a sign on the file itself.
    const mtimeMs = address.snapshot === 'live' ? Date.now() : target.mtimeMs;
    return readonlyStat(FileType.File, 0, mtimeMs);
  }

  async readDirectory(uri: Uri): Promise<[string, FileType][]> {
    const address = parseDocumentUri(uri);
    const target = await this.#resolve(uri, address);
    if (target.kind === 'entry' && target.entry.kind === 'database') {
      const tables = await this.#read(uri, address, (project, snapshot) =>
        project.tables(snapshot, target.path),
      );
      const names = [schemaFile, ...tables.map((table) => tableRowsSegment(table.name))];
      return names.map((name) => [name, FileType.File]);
    }
    const entries = await this.#browse(uri, address, address.names.join('/'));
    return entries.map((entry) => [entry.name, fileType(entry)]);
  }

  async readFile(uri: Uri): Promise<Uint8Array> {
    const address = parseDocumentUri(uri);
    if (address.snapshot === nowhere) return new Uint8Array();
    const changes = rowChangesAddress(address);
    if (changes) {
      const text = await this.#read(uri, address, () => this.#readRowChanges(changes));
      return Buffer.from(text);
    }
    const target = await this.#resolve(uri, address);
    return this.#read(uri, address, async (project, snapshot) => {
      switch (target.kind) {
        case 'schema':
          return Buffer.from(await project.schema(snapshot, target.database));
        case 'rows': {
          const { database, table } = target;
          const { rows, total } = await project.rows(
            snapshot,
            database,
            table,
            maxRowsShown,
            address.key,
          );
          return Buffer.from(tableRowsText(rows, total));
        }
        case 'root':
          throw FileSystemError.FileIsADirectory(uri);
        case 'entry':
          if (target.entry.bytes > maxShownBytes) return Buffer.from(tooLargeText(target.entry));
          return project.readFile(snapshot, target.path);
      }
    });
  }

  createDirectory(uri: Uri): void {
    throw FileSystemError.NoPermissions(uri);
  }
  writeFile(uri: Uri): void {
    throw FileSystemError.NoPermissions(uri);
  }
  delete(uri: Uri): void {
    throw FileSystemError.NoPermissions(uri);
  }
  rename(uri: Uri): void {
    throw FileSystemError.NoPermissions(uri);
  }

  async #resolve(uri: Uri, address: DocumentAddress): Promise<Target> {
    const { names } = address;
    const name = names.at(-1);
    if (name === undefined) return { kind: 'root' };
    const parentPath = names.slice(0, -1).join('/');
    const table = tableOfRowsName(name);
    if (parentPath !== '' && (name === schemaFile || table !== undefined)) {
      const parent = await this.#entry(uri, address, names.slice(0, -1));
      if (parent?.kind === 'database') {
        const { mtimeMs } = parent;
        return table === undefined
          ? { kind: 'schema', database: parentPath, mtimeMs }
          : { kind: 'rows', database: parentPath, table, mtimeMs };
      }
    }
    const entry = await this.#entry(uri, address, names);
    if (entry === undefined) throw FileSystemError.FileNotFound(uri);
    return { kind: 'entry', entry, path: names.join('/') };
  }

  async #entry(
    uri: Uri,
    address: DocumentAddress,
    names: readonly string[],
  ): Promise<BrowseEntry | undefined> {
    const entries = await this.#browse(uri, address, names.slice(0, -1).join('/'));
    return entries.find((entry) => entry.name === names.at(-1));
  }

  async #browse(uri: Uri, address: DocumentAddress, path: string): Promise<readonly BrowseEntry[]> {
    const load = async () =>
      this.#read(uri, address, (project, snapshot) => project.browse(snapshot, path));
    if (address.snapshot === 'live') return load();
    const key = [address.cwd, address.snapshot, path].join('\0');
    const entries = this.#folders.get(key) ?? load();
    this.#folders.delete(key);
    this.#folders.set(key, entries);
    const [oldest] = this.#folders.keys();
    if (this.#folders.size > maxCachedFolders && oldest !== undefined) this.#folders.delete(oldest);
    try {
      return await entries;
    } catch (error) {
      this.#folders.delete(key);
      throw error;
    }
  }

  async #read<T>(
    uri: Uri,
    { cwd, snapshot }: DocumentAddress,
    read: (project: ReturnType<EngineClient['project']>, snapshot: string) => Promise<T>,
  ): Promise<T> {
    try {
      return await read(this.#engine.project(cwd), snapshot);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      const isMissing =
        error.code === 'PATH_NOT_IN_SNAPSHOT' || error.code === 'SNAPSHOT_NOT_FOUND';
      throw isMissing
        ? FileSystemError.FileNotFound(uri)
        : FileSystemError.Unavailable(error.message);
    }
  }
}

function readonlyStat(type: FileType, size: number, mtime: number): FileStat {
  return { type, size, mtime, ctime: 0, permissions: FilePermission.Readonly };
}

function fileType(entry: BrowseEntry): FileType {
  switch (entry.kind) {
    case 'directory':
    case 'database':
      return FileType.Directory;
    // Its text is where it leads.
    case 'symlink':
    case 'file':
      return FileType.File;
  }
}

/** With the time, so that two versions of one size do not read alike. */
function tooLargeText({ name, bytes, mtimeMs }: BrowseEntry): string {
  const written = new Date(mtimeMs).toISOString();
  return `${name} has ${formatBytes(bytes)} (${formatCount(bytes)} bytes), written ${written}: over the ${formatBytes(maxShownBytes)} that are shown here. Save As... in the Snapshots view writes it whole.\n`;
}
