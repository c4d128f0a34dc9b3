// `npm run demo`: the main job on a sample project, with the real command line and an application
// that goes on writing. `npm run demo -- --web` then opens that project in the real VS Code, in a
// browser, with the extension installed. Nothing outside the demo's own folder is written.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join, relative } from 'node:path';
import { parseArgs, styleText } from 'node:util';
import { cacheDir } from './cache-dir.ts';
import { withOneLineErrors } from './one-line-errors.ts';
import { makeSample } from './sample-project.ts';
import {
  fingerprint,
  migrate,
  migrationFile,
  removedFolder,
  removeSites,
  visits,
} from './sample-state.ts';
import { startWriter, type Writer } from './sample-writer-process.ts';
import { root } from './setup.mjs';

const place = join(cacheDir(), 'demo');
const sample = join(place, 'docs-hub');
const store = join(place, 'store');
const cli = join(root, 'dist', 'cli.js');

const { values } = parseArgs({ options: { web: { type: 'boolean', default: false } } });
await withOneLineErrors(values.web ? openInBrowser : walk);

async function walk(): Promise<void> {
  build();
  await freshSample();
  const writer = startWriter(join(sample, 'storage', 'visits.db'));
  try {
    await lookAndSnapshot();
    const before = fingerprint(sample);
    await destroy();
    await comeBack(before);
    await takeBack(before);
    await guard(before);
    await reportWriter(writer);
  } finally {
    await writer.stop();
  }
  whatNext();
}

async function freshSample(): Promise<void> {
  await rm(place, { recursive: true, force: true });
  await makeSample(sample);
  heading('A project with data');
  say(`${short(sample)}: documentation of nine services, made by docsfy into data/,`);
  say('and visits counted in storage/visits.db, where an application writes all the time.');
}

async function lookAndSnapshot(): Promise<void> {
  heading('1. What is there to lose?');
  await savepoint(['detect']);
  heading('2. Take a snapshot, while the application goes on writing');
  await savepoint(['snapshot', '-m', 'Before 0007']);
}

async function destroy(): Promise<void> {
  heading('3. A migration with a forgotten WHERE, and a hasty rm');
  command(`node ${migrationFile}`);
  process.stdout.write(migrate(sample));
  command(`rm -rf ${removedFolder}`);
  removeSites(sample);
  heading('4. The damage');
  await savepoint(['diff', 'latest', '--rows', '2'], [1]);
}

async function comeBack(before: string): Promise<void> {
  heading('5. Bring it back');
  await savepoint(['restore', 'latest', '--yes']);
  prove(fingerprint(sample) === before, 'Every file and every row of docsfy is what it was');
  const { total, counted, check } = visits(sample);
  const intact = total === counted && check === 'ok';
  prove(intact, `visits.db is sound under its writer: counter ${total}, visits ${counted}`);
}

async function takeBack(before: string): Promise<void> {
  heading('6. Undo the restore, and undo the undo');
  await savepoint(['undo', '--yes']);
  prove(
    fingerprint(sample) !== before,
    'The broken state is back: nothing was lost by the restore',
  );
  await savepoint(['undo', '--yes']);
  prove(fingerprint(sample) === before, 'And everything is well again');
  await savepoint(['list']);
}

async function guard(before: string): Promise<void> {
  heading('7. The same rm again, this time behind a snapshot');
  await savepoint(['run', '--', 'rm', '-rf', removedFolder]);
  await savepoint(['restore', 'latest', '--yes']);
  prove(fingerprint(sample) === before, 'Nobody had to think of it beforehand');
}

async function reportWriter(writer: Writer): Promise<void> {
  const { commits, errors, longestWaitMs } = await writer.stop();
  const text = `The application made ${commits} commits meanwhile, ${errors} failed, none waited longer than ${longestWaitMs} ms`;
  prove(errors === 0, text);
}

function whatNext(): void {
  heading('See it in VS Code');
  say('In a browser, with nothing to install:');
  command('npm run demo -- --web');
  if (spawnSync('code', ['--version'], { shell: process.platform === 'win32' }).status === 0) {
    say('Or on the desktop, with its own settings and this demo’s snapshots:');
    command('npm run package -- --host');
    command('code --install-extension savepoint-*.vsix');
    command(`SAVEPOINT_STORE="${store}" code --user-data-dir "${join(place, 'code')}" "${sample}"`);
  }
  say(`The sample stays in ${short(sample)}; the next demo makes it anew.`);
}

async function openInBrowser(): Promise<void> {
  build();
  if (!existsSync(join(sample, 'data')) || !existsSync(store)) {
    await freshSample();
    await savepoint(['snapshot', '-m', 'Seeded']);
  }
  const { startHost } = await import('../test/support/vscode-host.ts');
  say('Packing the extension');
  await run('node', ['scripts/package.ts', '--host', '--out', place], {}, root);
  const [vsix] = globSync('savepoint-*.vsix', { cwd: place });
  const host = await startHost({
    name: 'demo',
    extensions: [join(place, vsix ?? '')],
    dataDir: join(place, 'vscode'),
    env: { SAVEPOINT_STORE: store, PATH: await pathWithCommand() },
  });
  startWriter(join(sample, 'storage', 'visits.db'));
  heading('VS Code runs here, until Ctrl+C');
  console.log(host.address(sample));
  // Ending it is no failure; what was started ends with this process.
  process.exitCode = 0;
}

/** The terminal in that VS Code knows `savepoint` too. */
async function pathWithCommand(): Promise<string> {
  const bin = join(place, 'bin');
  await mkdir(bin, { recursive: true });
  const script = `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`;
  await writeFile(join(bin, 'savepoint'), script);
  await chmod(join(bin, 'savepoint'), 0o755);
  return [bin, process.env['PATH']].join(delimiter);
}

function build(): void {
  const { status } = spawnSync('node', ['esbuild.js'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error('the build failed');
}

async function savepoint(args: readonly string[], codes: readonly number[] = [0]): Promise<void> {
  command(`savepoint ${args.map((arg) => (/\s/.test(arg) ? `"${arg}"` : arg)).join(' ')}`);
  await run(process.execPath, [cli, ...args], {}, sample, codes);
}

async function run(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd = sample,
  codes: readonly number[] = [0],
): Promise<void> {
  const child = spawn(file, args, {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, SAVEPOINT_STORE: store, ...env },
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  if (code === null || !codes.includes(code)) {
    throw new Error(`"${args.join(' ')}" ended with ${code}`);
  }
}

function heading(text: string): void {
  console.log(`\n${styleText('bold', text)}`);
}

function say(text: string): void {
  console.log(text);
}

function command(text: string): void {
  console.log(styleText('cyan', `$ ${text}`));
}

function prove(holds: boolean, text: string): void {
  if (!holds) throw new Error(`not so: ${text}`);
  console.log(`${styleText('green', '✓')} ${text}`);
}

function short(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.length < path.length ? fromHere : path;
}
