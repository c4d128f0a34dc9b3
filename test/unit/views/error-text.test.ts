import { deepStrictEqual } from 'node:assert';
import { errorText } from '../../../src/core/views/error-text.ts';

describe('errorText', () => {
  it('makes sentences of what happened, where, and what to do', () => {
    const cases: [Parameters<typeof errorText>[0], string][] = [
      [
        {
          code: 'DATABASE_BUSY',
          message: '"docsfy.db" is locked by node (4242)',
          hint: 'wait or stop it, then try again',
        },
        '"docsfy.db" is locked by node (4242). Nothing was changed. Wait or stop it, then try again.',
      ],
      [{ message: 'cannot read it.', path: '/a/b' }, 'Cannot read it (/a/b).'],
      [{ message: '"/a/b" is gone', path: '/a/b', hint: null }, '"/a/b" is gone.'],
      [
        { message: 'no snapshot yet', hint: 'savepoint snapshot takes one' },
        'No snapshot yet. savepoint snapshot takes one.',
      ],
      [{ message: 'a\nb', hint: './x decides.' }, String.raw`A\nb. ./x decides.`],
      [
        {
          message: 'not enough space on "/home": needs 310 MB, 120 MB free; nothing was changed',
          path: '/home',
          hint: 'free some space',
        },
        'Not enough space on "/home": needs 310 MB, 120 MB free. Nothing was changed. Free some space.',
      ],
      [
        { message: 'restore failed, the data is as it was: the disk is gone', path: 'a.db' },
        'Restore failed, the data is as it was: the disk is gone (a.db).',
      ],
    ];
    deepStrictEqual(
      cases.map(([facts]) => errorText(facts)),
      cases.map(([, text]) => text),
    );
  });
});
