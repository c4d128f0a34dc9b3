import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { watchStore } from '../../../src/vscode/projects/watch-store.ts';

const limitMs = 10_000;

describe('watchStore', () => {
  let place: string;
  let stop: () => void;
  let changed: () => Promise<void>;

  beforeEach(async () => {
    place = await mkdtemp(join(tmpdir(), 'savepoint-watch-'));
  });
  afterEach(async () => {
    stop();
    await rm(place, { recursive: true, force: true });
  });

  /** `changed()` resolves with the first change after its call, and fails where none comes. */
  function watch(store: string): void {
    let tell: () => void = () => undefined;
    const watcher = watchStore(store, () => tell());
    stop = () => watcher.dispose();
    changed = () =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('no change was told')), limitMs);
        tell = () => {
          clearTimeout(timer);
          resolve();
        };
      });
  }

  it('tells a write to the catalog', async () => {
    await writeFile(join(place, 'catalog.db'), 'a');
    watch(place);
    const first = changed();
    await writeFile(join(place, 'catalog.db'), 'ab');
    await first;
    const second = changed();
    await writeFile(join(place, 'catalog.db'), 'abc');
    await second;
  });

  it('tells that a store came into being, with the folders above it', async () => {
    const store = join(place, 'share', 'savepoint', 'app');
    watch(store);
    const first = changed();
    await mkdir(store, { recursive: true });
    await writeFile(join(store, 'catalog.db'), 'a');
    await first;
    const second = changed();
    await writeFile(join(store, 'catalog.db'), 'ab');
    await second;
  });

  it('tells that a store went, and follows the one that comes in its place', async () => {
    const store = join(place, 'app');
    await mkdir(store);
    await writeFile(join(store, 'catalog.db'), 'a');
    watch(store);
    const gone = changed();
    await rm(store, { recursive: true });
    await gone;
    const back = changed();
    await mkdir(store);
    await writeFile(join(store, 'catalog.db'), 'abc');
    await back;
  });
});
