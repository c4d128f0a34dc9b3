import { notStrictEqual, ok, strictEqual } from 'node:assert/strict';
import type { SnapshotDocument, SnapshotEntry } from '../../../src/core/documents/documents.ts';
import { activated, command } from '../../support/extension.ts';
import { until } from '../../support/until.ts';

describe('another command line as the engine', () => {
  it('answers as the bundled one does', async () => {
    const { engine } = await activated();
    const taken = await command<SnapshotDocument>('snapshot', { label: 'Größe "x"' });
    const [entry] = await command<readonly SnapshotEntry[]>('list');
    strictEqual(entry?.id, taken.id);
    strictEqual(entry.label, 'Größe "x"');
    ok(engine.pid !== undefined);
  });

  it('stops when it is asked to, and starts with the next call', async () => {
    const { engine } = await activated();
    const { pid } = engine;
    ok(pid !== undefined);
    await engine.stop();
    // A view may have asked in between: then another process runs already.
    notStrictEqual(engine.pid, pid);
    await until('it is gone', () => !isRunning(pid));
    await command('list');
    ok(engine.pid !== undefined && engine.pid !== pid);
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    // No such process.
    return false;
  }
}
