// What is learned of a command by those who cannot wait for its end, or must not wait behind it: another
// process looks, and only where something of the data is newer than the command's beginning.

import { spawn } from 'node:child_process';
import { realpathSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { RedactionFacts } from '../../core/guard/redact/redact-command.ts';
import { learnedForm, staysRunning } from '../../core/guard/learned-form.ts';
import { readWatched, watchFile, type EngineOptions } from '../../engine/index.ts';

export interface LearnPlace {
  readonly engine: Pick<EngineOptions, 'storeDir' | 'env'>;
  /** Absolute real path of the project folder. */
  readonly projectDir: string;
  /** Absolute folder that the command runs in. */
  readonly cwd: string;
}

/** After a command that is over. */
export function learnBehind(place: LearnPlace, line: string, sinceMs: number): void {
  const { engine, projectDir } = place;
  const paths = readWatched(engine.storeDir, projectDir) ?? [];
  const isNewer = (path: string): boolean =>
    (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) > sinceMs;
  if (paths.some(isNewer)) startAlone(ownWords(place, line, String(sinceMs)));
}

/**
 * Before this process becomes a command: a shell waits for its end. Servers, which nobody waits for, and
 * what changes no data are not looked at.
 */
export function learnAtEnd(place: LearnPlace, words: readonly string[], line: string): void {
  const { engine, projectDir } = place;
  const redaction: RedactionFacts = { env: engine.env, secrets: [] };
  const form = learnedForm(words, redaction);
  const watched = watchFile(engine.storeDir, projectDir);
  if (process.platform === 'win32' || watched === undefined) return;
  // What is in the text of a shell is looked at when it is over.
  const isText = form === undefined && /^(?:ba|da|z|k)?sh$/.test(basename(words[0] ?? ''));
  if (!isText && (form === undefined || staysRunning(form))) return;
  const stamp = join(engine.storeDir, 'watched', `.since-${process.pid}-run`);
  try {
    writeFileSync(stamp, `${line}\n`, { mode: 0o600 });
  } catch {
    // Nothing is watched here yet.
    return;
  }
  const own = ownWords(place, line, stamp);
  startAlone(['/bin/sh', '-c', waiting, String(process.pid), stamp, watched, ...own]);
}

/** $0 is the process to wait for. A process that ended and that nobody asked for is there still. */
const waiting = `count=0
while kill -0 "$0" 2>/dev/null; do
  count=$((count + 1))
  if [ "$count" -lt 50 ]; then sleep 0.2 2>/dev/null || sleep 1; else sleep 2; fi
done
stamp=$1 watched=$2
shift 2
{
  read -r line
  read -r line
  while IFS= read -r line; do
    [ "$line" -nt "$stamp" ] && exec "$@" </dev/null
  done
} <"$watched"
rm -f "$stamp"`;

function ownWords({ engine, cwd }: LearnPlace, line: string, since: string): readonly string[] {
  const program = realpathSync(process.argv[1] ?? '');
  const options = ['--in', cwd, '--line', line, '--since', since];
  return [process.execPath, program, '--store', engine.storeDir, 'guard', ...options];
}

/** It keeps nobody's terminal, pipes or end. */
function startAlone([program = '', ...args]: readonly string[]): void {
  const child = spawn(program, args, { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}
