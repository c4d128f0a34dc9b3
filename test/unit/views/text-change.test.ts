import { deepStrictEqual, strictEqual } from 'node:assert';
import { assert, property, string, stringMatching, oneof } from 'fast-check';
import { textChange } from '../../../src/core/views/text-change.ts';

describe('textChange', () => {
  it('makes the text after of the text before, whatever both are', () => {
    const text = oneof(
      string({ unit: 'grapheme' }),
      stringMatching(/^(?:a|b|\r\n|\n|😀|😁){0,12}$/u),
    );
    assert(
      property(text, text, (before, after) => {
        const change = textChange(before, after);
        strictEqual(before.slice(0, change.start) + change.text + before.slice(change.end), after);
      }),
    );
  });

  it('is only what differs', () => {
    deepStrictEqual(textChange('[\n  {A}\n]\n', '[\n  {A},\n  {B}\n]\n'), {
      start: 7,
      end: 7,
      text: ',\n  {B}',
    });
    deepStrictEqual(textChange('same', 'same'), { start: 4, end: 4, text: '' });
  });

  it('leaves line breaks and characters whole', () => {
    deepStrictEqual(textChange('a\r\nb', 'a\r\r\nb'), { start: 1, end: 1, text: '\r' });
    deepStrictEqual(textChange('😀', '😁'), { start: 0, end: 2, text: '😁' });
  });
});
