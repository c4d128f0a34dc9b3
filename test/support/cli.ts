// The real command line: the bundle, built once for all tests of a run, started as a process of its
// own with a clean environment. SAVEPOINT_CLI names another build, for example an installed one.

import { spawn, spawnSync, type ChildProcess, type StdioOptions } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tree, type Tree } from './tree.ts';

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments of Node itself, before the program. */
  readonly nodeArgs?: readonly string[];
}

export interface CliProject {
  readonly dir: string;
  readonly storeDir: string;
  /** Runs `savepoint` in the project folder. */
  readonly savepoint: (...args: readonly string[]) => Ran;
  /** Runs it with `--json`, expects this exit code, and answers the one document. */
  readonly json: (code: number, ...args: readonly string[]) => unknown;
  readonly env: Readonly<Record<string, string>>;
}

const root = join(import.meta.dirname, '../..');
let built: string | undefined;

/** Absolute path of the bundled command line. */
export function cliFile(): string {
  built ??= process.env['SAVEPOINT_CLI'] ?? build();
  return built;
}

/** A fresh project folder, home folder and store; removed after the test. */
export async function cliProject(entries: Tree): Promise<CliProject> {
  const place = await tree({ project: entries, home: {} });
  const dir = join(place, 'project');
  const storeDir = join(place, 'store');
  const env = { HOME: join(place, 'home'), SAVEPOINT_STORE: storeDir };
  const savepoint = (...args: readonly string[]): Ran => runCli(args, { cwd: dir, env });
  return {
    dir,
    storeDir,
    env,
    savepoint,
    json(code, ...args) {
      const ran = savepoint(...args, '--json');
      if (ran.code !== code) throw new Error(`exit ${ran.code}, not ${code}: ${ran.stderr}`);
      return JSON.parse(ran.stdout) as unknown;
    },
  };
}

export function runCli(args: readonly string[], options: RunOptions = {}): Ran {
  const { cwd = tmpdir(), env = {}, nodeArgs = [] } = options;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...nodeArgs, cliFile(), ...args],
    {
      cwd,
      env: cleanEnvironment(env),
      encoding: 'utf8',
      input: '',
      timeout: 30_000,
    },
  );
  return { code: status, stdout, stderr };
}

/** Starts it and leaves it running; the caller ends it, and the end of the tests at the latest. */
export function startCli(
  args: readonly string[],
  { cwd = tmpdir(), env = {} }: RunOptions = {},
  stdio: StdioOptions = 'pipe',
): ChildProcess {
  const words = [cliFile(), ...args];
  const child = spawn(process.execPath, words, { cwd, env: cleanEnvironment(env), stdio });
  started.add(child);
  child.once('exit', () => started.delete(child));
  return child;
}

const started = new Set<ChildProcess>();

process.once('exit', () => {
  for (const child of started) child.kill('SIGKILL');
});

/**
 * Runs it in a terminal of 80 columns, or so many, and answers everything that the terminal was sent, stdout and
 * stderr together. `answers` is typed when a question stands there.
 */
export async function runInTerminal(
  args: readonly string[],
  { cwd = tmpdir(), env = {}, columns = 80 }: RunOptions & { readonly columns?: number } = {},
  answers = '',
): Promise<{ readonly code: number | null; readonly screen: string }> {
  const words = [process.execPath, cliFile(), ...args].map(
    (word) => `'${word.replaceAll("'", "'\\''")}'`,
  );
  const command = `stty cols ${columns} rows 24; exec ${words.join(' ')}`;
  // util-linux's script takes the command as an option, the BSDs' as arguments.
  const scriptArgs =
    process.platform === 'linux'
      ? ['-qefc', command, '/dev/null']
      : ['-q', '/dev/null', 'sh', '-c', command];
  const child = spawn('script', scriptArgs, {
    cwd,
    env: cleanEnvironment({ TERM: 'xterm', ...env }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let screen = '';
  let left = answers;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    if (left !== '' && screen.includes('[y/N] ')) {
      child.stdin.write(left);
      left = '';
    }
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, screen };
}

/** What a terminal shows of what it was sent: lines without escape codes; what was wiped is gone. */
export function plainScreen(screen: string): readonly string[] {
  // eslint-disable-next-line no-control-regex
  const escapes = /\u001b(?:\[[0-9;?]*[A-Za-z]|[78])/g;
  return screen
    .split('\r\n')
    .map((line) => (line.split('\u001b[2K').at(-1) ?? '').replaceAll(escapes, ''));
}

function build(): string {
  const folder = mkdtempSync(join(tmpdir(), 'savepoint-cli-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const args = ['esbuild.js', `--outdir=${folder}`];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} failed:\n${stderr}`);
  return join(folder, 'cli.js');
}

/** Nothing of who runs the tests: no agent's variables, no colour wishes, one time zone. */
function cleanEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  const { PATH = '' } = process.env;
  return { PATH, TMPDIR: tmpdir(), TZ: 'UTC', LANG: 'C.UTF-8', ...env };
}
