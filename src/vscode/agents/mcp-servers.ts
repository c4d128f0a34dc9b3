// `savepoint mcp` for the agents of this editor: one server a trusted folder, run by the editor's own
// runtime, so that nothing has to be installed.

import {
  EventEmitter,
  lm,
  McpStdioServerDefinition,
  Uri,
  workspace,
  type Disposable,
  type ExtensionContext,
} from 'vscode';
import { basename, extname } from 'node:path';
import { DisposableStore } from '../host/disposables.ts';
import { readSettings } from '../host/settings.ts';

export interface ServerPlace {
  /** Absolute paths of the folders that are open. */
  readonly folders: readonly string[];
  /** Absolute path of the bundled command line. */
  readonly cliFile: string;
  /** Another one, by the user's setting. */
  readonly cliPath: string | undefined;
  readonly version: string;
}

export function serverDefinitions(place: ServerPlace): McpStdioServerDefinition[] {
  const { folders, cliFile, cliPath, version } = place;
  const file = cliPath ?? cliFile;
  const isScript = ['.js', '.cjs', '.mjs'].includes(extname(file));
  const isElectron = process.versions['electron'] !== undefined;
  // What the editor was started with must not change how Node runs in it.
  const env = { NODE_OPTIONS: null, ...(isElectron && { ELECTRON_RUN_AS_NODE: '1' }) };
  return folders.map((folder) => {
    const label = folders.length === 1 ? 'Savepoint' : `Savepoint (${basename(folder)})`;
    const args = [...(isScript ? [file] : []), 'mcp', '--cwd', folder];
    const command = isScript ? process.execPath : file;
    const server = new McpStdioServerDefinition(label, command, args, env, version);
    server.cwd = Uri.file(folder);
    return server;
  });
}

export function registerMcpServers(context: ExtensionContext): Disposable {
  const owned = new DisposableStore();
  const changed = owned.add(new EventEmitter<void>());
  owned.add(workspace.onDidChangeWorkspaceFolders(() => changed.fire()));
  owned.add(workspace.onDidGrantWorkspaceTrust(() => changed.fire()));
  owned.add(
    workspace.onDidChangeConfiguration(
      (event) => event.affectsConfiguration('savepoint.path') && changed.fire(),
    ),
  );
  const { version } = context.extension.packageJSON as { version: string };
  const cliFile = context.asAbsolutePath('dist/cli.js');
  owned.add(
    lm.registerMcpServerDefinitionProvider('savepoint.mcp', {
      onDidChangeMcpServerDefinitions: changed.event,
      provideMcpServerDefinitions: () =>
        workspace.isTrusted
          ? serverDefinitions({
              folders: openFolders(),
              cliFile,
              cliPath: readSettings().cliPath,
              version,
            })
          : [],
    }),
  );
  return owned;
}

function openFolders(): readonly string[] {
  const folders = workspace.workspaceFolders ?? [];
  return folders.filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath);
}
