// The extension as its own tests in the extension host see it: activated, with its services.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { commands, extensions, workspace, type TreeDataProvider } from 'vscode';
import type { activate } from '../../src/vscode/extension.ts';
import type { ViewNode } from '../../src/vscode/views/nodes.ts';

type Api = ReturnType<typeof activate>;
export type TestServices = NonNullable<Api['services']>;

/** Activates the extension, which is installed as one under development. */
export async function activated(): Promise<TestServices> {
  const extension = extensions.getExtension<Api>('savepoint.savepoint');
  if (!extension) throw new Error('the extension is not there');
  const { services } = await extension.activate();
  if (!services) throw new Error('the extension does not know that it is tested');
  return services;
}

/** The rows of a view as text: two spaces a level, `label | description`; `-` before what is closed. */
export async function rowsOf(
  view: TreeDataProvider<ViewNode>,
  parent?: ViewNode,
  indent = '',
): Promise<readonly string[]> {
  const nodes = (await view.getChildren(parent)) ?? [];
  const lines: string[] = [];
  for (const node of nodes) {
    const { label, description, expand } = node.row;
    const closed = expand === 'collapsed' ? '- ' : '';
    lines.push(`${indent}${closed}${label}${description === '' ? '' : ` | ${description}`}`);
    if (expand === 'expanded') lines.push(...(await rowsOf(view, node, `${indent}  `)));
  }
  return lines;
}

/** The node whose labels lead to it from the top. */
export async function nodeAt(
  view: TreeDataProvider<ViewNode>,
  ...labels: readonly string[]
): Promise<ViewNode> {
  let node: ViewNode | undefined;
  for (const label of labels) {
    const children: readonly ViewNode[] = (await view.getChildren(node)) ?? [];
    node = children.find((child) => child.row.label === label);
    if (!node) {
      throw new Error(
        `no row "${label}" among ${children.map((child) => child.row.label).join(', ')}`,
      );
    }
  }
  if (!node) throw new Error('no label is named');
  return node;
}

/** Runs a command with its one JSON argument, `yes` included. */
export async function command<T>(id: string, argument: object = {}): Promise<T> {
  return commands.executeCommand<T>(`savepoint.${id}`, { ...argument, yes: true });
}

/** Absolute path of the first workspace folder. */
export function workspaceDir(): string {
  const [folder] = workspace.workspaceFolders ?? [];
  if (!folder) throw new Error('no folder is open');
  return folder.uri.fsPath;
}

/** The bundled command line on this run's store, as a user runs it in a terminal beside the editor. */
export async function savepoint(...args: readonly string[]): Promise<string> {
  const cli = extensions.getExtension('savepoint.savepoint')?.extensionPath ?? '';
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(cli, 'dist', 'cli.js'), ...args],
    { cwd: workspaceDir(), env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } },
  );
  return stdout;
}
