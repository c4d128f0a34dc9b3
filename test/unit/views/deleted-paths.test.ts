import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { deletedData, deletedName, deleteLabel } from '../../../src/core/views/deleted-paths.ts';

describe('deletedData', () => {
  const roots = ['/p/data', '/other/uploads'];
  const deleted = (...paths: readonly string[]) => deletedData(paths, roots, '/p');

  it('names what lies in a data directory from there on', () => {
    deepStrictEqual(deleted('/p/data/projects/alpha', '/other/uploads/a.jpg'), [
      'projects/alpha',
      'a.jpg',
    ]);
  });

  it('names a data directory and what holds one from the project folder on', () => {
    deepStrictEqual(deleted('/p/data'), ['data']);
    deepStrictEqual(deleted('/other'), ['/other']);
  });

  it('leaves out what is no data, also beside a directory of the same beginning', () => {
    deepStrictEqual(deleted('/p/src', '/p/database', '/p/data.txt'), []);
  });
});

describe('deleteLabel', () => {
  it('says what is deleted, in at most 120 characters', () => {
    strictEqual(deleteLabel(['projects/alpha']), 'Delete projects/alpha');
    strictEqual(deleteLabel(['a', 'b', 'c']), 'Delete a and 2 more');
    strictEqual(deletedName(['a\nb']).includes('\n'), false);
    strictEqual(deleteLabel(['x'.repeat(500)]).length <= 120, true);
  });
});
