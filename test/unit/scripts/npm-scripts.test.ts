import { deepStrictEqual } from 'node:assert/strict';
import manifest from '../../../package.json' with { type: 'json' };

describe('the scripts of package.json', () => {
  it('all install what is missing before they do anything', () => {
    const others = Object.entries(manifest.scripts).filter(
      ([, line]) => !line.startsWith('node scripts/run.mjs '),
    );
    deepStrictEqual(others, []);
  });
});
