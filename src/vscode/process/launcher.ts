// The extension's own command line for terminals, tasks and hooks: a small script under a path that
// stays the same when the extension or the editor is updated, so that no terminal becomes stale.

import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { delimiter, dirname, extname, join } from 'node:path';
import { MarkdownString, workspace, type Disposable, type ExtensionContext } from 'vscode';
import type { Log } from '../host/log.ts';
import { readSettings } from '../host/settings.ts';

export interface LauncherPlace {
  /** Absolute path of the extension's own folder, which outlives its versions. */
  readonly storageDir: string;
  /** Absolute path of the bundled command line. */
  readonly cliFile: string;
}

const isWindows = process.platform === 'win32';
const isElectron = process.versions['electron'] !== undefined;

export class Launcher {
  readonly #place: LauncherPlace;
  #written: Promise<void> | undefined;

  constructor(place: LauncherPlace) {
    this.#place = place;
  }

  get folder(): string {
    return join(this.#place.storageDir, 'bin');
  }

  get path(): string {
    return join(this.folder, isWindows ? 'savepoint.cmd' : 'savepoint');
  }

  /** What starts the command line; on Windows without the script, whose arguments cmd would read. */
  get program(): { readonly words: readonly string[]; readonly isElectron: boolean } {
    if (!isWindows) return { words: [this.path], isElectron: false };
    const words = this.#words();
    return { words, isElectron: words.length > 1 && isElectron };
  }

  /** Resolves when the script is there. */
  async ready(): Promise<void> {
    this.#written ??= this.#write();
    return this.#written;
  }

  /** The setting names another command line now. */
  async renew(): Promise<void> {
    this.#written = undefined;
    return this.ready();
  }

  /** Writes a file into the extension's folder where it says something else; answers its path. */
  async write(name: string, text: string, mode = 0o644): Promise<string> {
    const path = join(this.#place.storageDir, name);
    const before = await readFile(path, 'utf8').catch(() => undefined);
    if (before === text) return path;
    await mkdir(dirname(path), { recursive: true });
    // Another window may start from it at this moment.
    const fresh = `${path}.${randomUUID()}`;
    await writeFile(fresh, text, { mode });
    await chmod(fresh, mode);
    await rename(fresh, path);
    return path;
  }

  get storageDir(): string {
    return this.#place.storageDir;
  }

  async #write(): Promise<void> {
    const words = this.#words();
    const asNode = words.length > 1 && isElectron;
    const text = isWindows ? cmdScript(words, asNode) : shScript(words, asNode);
    await this.write(join('bin', isWindows ? 'savepoint.cmd' : 'savepoint'), text, 0o755);
  }

  #words(): readonly string[] {
    const file = readSettings().cliPath ?? this.#place.cliFile;
    const isScript = ['.js', '.cjs', '.mjs'].includes(extname(file));
    return isScript ? [process.execPath, file] : [file];
  }
}

/** Makes `savepoint` known in the terminals of the editor, behind one that the user installed. */
export function registerLauncher(
  { environmentVariableCollection: variables }: ExtensionContext,
  launcher: Launcher,
  log: Log,
): Disposable {
  const value = `${delimiter}${launcher.folder}`;
  variables.description = new MarkdownString('Adds the `savepoint` command.');
  // Any change paints a warning on every terminal that is open.
  if (variables.get('PATH')?.value !== value) variables.append('PATH', value);
  const tell = (error: unknown) => log.error(`launcher: ${String(error)}`);
  launcher.ready().catch(tell);
  return workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('savepoint.path')) launcher.renew().catch(tell);
  });
}

const note = 'Written by the Savepoint extension: its own command line.';

function shScript(words: readonly string[], asNode: boolean): string {
  const run = words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  const mode = asNode ? 'ELECTRON_RUN_AS_NODE=1 ' : '';
  return `#!/bin/sh\n# ${note}\n${mode}exec ${run} "$@"\n`;
}

function cmdScript(words: readonly string[], asNode: boolean): string {
  const run = words.map((word) => `"${word}"`).join(' ');
  const mode = asNode ? 'set ELECTRON_RUN_AS_NODE=1\r\n' : '';
  return `@echo off\r\nrem ${note}\r\nsetlocal\r\n${mode}${run} %*\r\n`;
}
