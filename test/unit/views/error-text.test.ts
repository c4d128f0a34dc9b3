import { deepStrictEqual } from 'node:assert';
import { errorText } from '../../../src/core/views/error-text.ts';

describe('errorText', () => {
  it('makes sentences of what happened, where, and what to do', () => {
    const cases: [Parameters<typeof errorText>[0], string][] = [
      [
        { message: 'docsfy.db is locked by node (4242)', hint: 'wait or stop it, then try again' },
        'docsfy.db is locked by node (4242). Wait or stop it, then try again.',
      ],
      [{ message: 'cannot read it.', path: '/a/b' }, 'cannot read it (/a/b).'],
      [{ message: '"/a/b" is gone', path: '/a/b', hint: null }, '"/a/b" is gone.'],
      [
        { message: 'no snapshot yet', hint: 'savepoint snapshot takes one' },
        'no snapshot yet. savepoint snapshot takes one.',
      ],
      [{ message: 'a\nb', hint: './x decides.' }, String.raw`a\nb. ./x decides.`],
    ];
    deepStrictEqual(
      cases.map(([facts]) => errorText(facts)),
      cases.map(([, text]) => text),
    );
  });
});
