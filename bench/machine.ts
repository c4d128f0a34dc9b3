import { spawnSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { formatBytes } from '../src/core/format/numbers.ts';

/** The machine in one line: figures of two machines must not be compared. */
export function describeMachine(folder: string): string {
  const model = cpus()[0]?.model ?? 'unknown processor';
  const fileSystem = fileSystemOf(folder);
  const load = loadavg()[0]?.toFixed(1) ?? '0';
  return `${cpus().length} × ${model}, ${formatBytes(totalmem())} of memory, ${fileSystem}, ${process.platform} ${release()}, Node ${process.versions.node}; load at the start ${load}`;
}

function fileSystemOf(folder: string): string {
  const { stdout } = spawnSync('df', ['--output=fstype', folder], { encoding: 'utf8' });
  return stdout?.split('\n')[1] ?? 'unknown file system';
}
