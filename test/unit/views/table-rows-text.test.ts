import { strictEqual } from 'node:assert';
import { rowLine, tableRowsText } from '../../../src/core/views/table-rows-text.ts';

describe('rowLine', () => {
  const rows = [
    { name: 'alpha', owner: '', pages: 1 },
    { name: 'alpha', owner: 'mira', pages: 2 },
    { name: 'a\nb', owner: null, pages: 3 },
  ];
  const text = tableRowsText(rows, 5);

  it('is the line of the row with the key, whatever its values hold', () => {
    strictEqual(rowLine(text, { name: 'alpha', owner: 'mira' }), 1);
    strictEqual(rowLine(text, { name: 'a\nb', owner: null }), 2);
  });

  it('is none where the row is not among those shown, or the table has no key', () => {
    strictEqual(rowLine(text, { name: 'beta', owner: '' }), undefined);
    strictEqual(rowLine(text, {}), undefined);
  });
});
