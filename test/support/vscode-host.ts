// A real VS Code without a screen: the server from scripts/vscode-server.ts on a free loopback port,
// its web page in Chromium. Nothing of the user's is read or written: home, store, settings and
// extensions are folders of this run, removed when it ends.

import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium as playwright, type Browser, type Page } from 'playwright-core';
import { chromium, chromiumArguments } from '../../scripts/chromium.ts';
import { startProcess, temporaryFolder } from '../../scripts/child-process.ts';
import { root, setUp } from '../../scripts/setup.mjs';
import { vscodeServer } from '../../scripts/vscode-server.ts';
import { listenForReport, type Counts, type ExtensionTests } from './test-report.ts';

export interface HostOptions {
  /** Names the log file: `test-results/vscode/<name>.log`. */
  readonly name: string;
  /** False: workspaces open in Restricted Mode. */
  readonly trusted?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** `.vsix` files that are installed as a user would. */
  readonly extensions?: readonly string[];
  /** Obeys the two paths of a test run, and shows no toasts. */
  readonly testDriver?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Kept for the next start where given; else a fresh one. */
  readonly dataDir?: string;
}

export interface VscodeHost {
  readonly port: number;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly logFile: string;
  /** SAVEPOINT_STORE of the extension. */
  readonly store: string;
  /** The address that opens this folder or `.code-workspace` file, or nothing. */
  address(workspace: string | null, payload?: readonly (readonly [string, string])[]): string;
  stop(): Promise<void>;
}

const startLimitMs = 60_000;

const quietSettings = {
  'chat.disableAIFeatures': true,
  'editor.minimap.enabled': false,
  'editor.scrollBeyondLastLine': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'files.simpleDialog.enable': true,
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'window.autoDetectColorScheme': true,
  'window.commandCenter': false,
  'window.title': '${rootName}',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

export async function startHost(options: HostOptions): Promise<VscodeHost> {
  const server = await vscodeServer();
  const node = await setUp();
  const folder = await temporaryFolder('vscode');
  const place = folder.path;
  const dataDir = options.dataDir ?? join(place, 'data');
  const store = join(place, 'store');
  const logFile = join(root, 'test-results', 'vscode', `${options.name}.log`);
  for (const folder of [join(place, 'home'), join(dataDir, 'data', 'User'), join(logFile, '..')]) {
    await mkdir(folder, { recursive: true });
  }
  await writeFile(logFile, '');
  await writeFile(
    join(dataDir, 'data', 'User', 'settings.json'),
    JSON.stringify({ ...quietSettings, ...options.settings }, undefined, 2),
  );
  const env = { ...cleanEnvironment(join(place, 'home')), SAVEPOINT_STORE: store, ...options.env };
  const common = ['--accept-server-license-terms', '--server-data-dir', dataDir];
  for (const extension of options.extensions ?? []) {
    await runToEnd(node, [server, ...common, '--install-extension', extension], { env, logFile });
  }
  const listen = ['--host', '127.0.0.1', '--port', '0', '--without-connection-token'];
  const flags = ['--disable-telemetry'];
  if (options.trusted !== false) flags.push('--disable-workspace-trust');
  if (options.testDriver === true) flags.push('--enable-smoke-test-driver');
  const child = startProcess(node, [server, ...listen, ...common, ...flags], { env, logFile });
  const stop = async (): Promise<void> => {
    await child.stop();
    await folder.remove();
  };
  try {
    const port = await listeningPort(logFile, () => child.process.exitCode);
    return {
      port,
      url: `http://127.0.0.1:${port}`,
      logFile,
      store,
      address: addressOf(port),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Remote folders and files of the server, as the workbench names them. */
export function remoteUri(port: number, path: string): string {
  return `vscode-remote://127.0.0.1:${port}${encodeURI(path)}`;
}

/** In a `describe`: VS Code and its browser are installed before anything waits for them. */
export function needsVscode(): void {
  before('VS Code and Chromium', async function () {
    this.timeout(0);
    await installVscode();
  });
}

async function installVscode(): Promise<void> {
  await vscodeServer();
  await chromium();
}

export async function launchBrowser(): Promise<Browser> {
  return playwright.launch({ executablePath: await chromium(), args: [...chromiumArguments] });
}

/** Runs the extension's tests in the extension host, lines as they come. */
export async function runExtensionTests(tests: ExtensionTests): Promise<Counts> {
  // Not later: silence counts against the tests.
  await installVscode();
  const report = await listenForReport(tests.print);
  const env = { ...tests.env, ...report.env };
  const ends: (() => Promise<void>)[] = [() => report.close()];
  try {
    const host = await startHost({ ...tests, testDriver: true, env });
    ends.unshift(() => host.stop());
    const browser = await launchBrowser();
    ends.unshift(() => browser.close());
    const page = await browser.newPage({ viewport: { width: 1360, height: 860 } });
    const ended = driveTests(page, host, tests);
    ended.catch(() => undefined);
    const counts = await Promise.race([report.counts, ended.then(() => report.afterwards())]);
    // The extension host deactivates the extension before it goes.
    await ended;
    return counts;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    tests.print(`${reason}; see the log "test-results/vscode/${tests.name}.log"`);
    return { passed: 0, failed: 1 };
  } finally {
    for (const end of ends) await end();
  }
}

/** Opens the page with the test payload; resolves when the extension host has ended. */
async function driveTests(page: Page, host: VscodeHost, tests: ExtensionTests): Promise<void> {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  await page.exposeFunction('codeAutomationLog', (type: string, values: unknown) => {
    appendFileSync(host.logFile, `page ${type} ${JSON.stringify(values)}\n`);
  });
  await page.exposeFunction('codeAutomationExit', () => resolve());
  const payload = [
    ['extensionDevelopmentPath', remoteUri(host.port, tests.extensionPath)],
    ['extensionTestsPath', remoteUri(host.port, tests.testsPath)],
    ['skipWelcome', 'true'],
  ] as const;
  await page.goto(host.address(tests.workspace, payload));
  await ended;
}

function addressOf(port: number): VscodeHost['address'] {
  return (workspace, payload) => {
    const query = new URLSearchParams();
    if (workspace === null) query.set('ew', 'true');
    else if (workspace.endsWith('.code-workspace')) query.set('workspace', workspace);
    else query.set('folder', workspace);
    if (payload !== undefined) query.set('payload', JSON.stringify(payload));
    return `http://127.0.0.1:${port}/?${query.toString().replaceAll('+', '%20')}`;
  };
}

/** Ours without what an editor or npm around us put in. */
function cleanEnvironment(home: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(VSCODE_|ELECTRON_|npm_|SAVEPOINT_|XDG_(DATA|CONFIG|STATE)_HOME$|NODE_OPTIONS$)/.test(
        name,
      ),
  );
  return { ...Object.fromEntries(kept), HOME: home, USERPROFILE: home };
}

async function listeningPort(logFile: string, exitCode: () => number | null): Promise<number> {
  const deadline = Date.now() + startLimitMs;
  for (;;) {
    const log = await readFile(logFile, 'utf8');
    const found = /Extension host agent listening on (\d+)/.exec(log)?.[1];
    if (found !== undefined) return Number(found);
    if (exitCode() !== null || Date.now() > deadline) {
      throw new Error(`VS Code did not start:\n${log.trim().split('\n').slice(-10).join('\n')}`);
    }
    await delay(50);
  }
}

async function runToEnd(
  command: string,
  args: readonly string[],
  options: { env: NodeJS.ProcessEnv; logFile: string },
): Promise<void> {
  const child = startProcess(command, args, options);
  const [code] = (await once(child.process, 'exit')) as [number | null];
  await child.stop();
  if (code !== 0) throw new Error(`VS Code ${args.at(-2)} failed; see "${options.logFile}"`);
}
