// Text that compresses about as well as what people write: words of a made-up language, the common
// ones far more often than the rare ones. The same seed gives the same text.

export interface RandomText {
  /** From 0 (included) to 1 (excluded). */
  next(): number;
  /** From 0 (included) to `limit` (excluded). */
  below(limit: number): number;
  pick<T>(choices: readonly [T, ...T[]]): T;
  words(count: number): string;
  /** Sentences, at least `length` characters. */
  prose(length: number): string;
  /** Like the sizes of real files: most are small, few are large. */
  size(median: number): number;
}

export function createRandomText(seed: number): RandomText {
  const next = randomFrom(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  const words = (count: number): string => {
    let text = '';
    for (let i = 0; i < count; i += 1) {
      const at = next();
      const word = vocabulary[Math.floor(vocabulary.length * at * at * at)] ?? '';
      text += i === 0 ? word : ` ${word}`;
    }
    return text;
  };
  return {
    next,
    below,
    words,
    pick: (choices) => choices[below(choices.length)] ?? choices[0],
    prose(length) {
      let text = '';
      while (text.length < length) {
        const sentence = words(6 + below(14));
        text += `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}. `;
      }
      return text;
    },
    // A log-normal distribution: its mean is 1.8 times its median.
    size: (median) => Math.round(median * Math.exp(1.09 * normal(next))),
  };
}

/** mulberry32: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function randomFrom(seed: number): () => number {
  let state = (seed * 0x9e3779b1) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Cut at three standard deviations, so that no single file outweighs a folder. */
function normal(next: () => number): number {
  const value = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return Math.max(-3, Math.min(3, value));
}

const vocabulary = makeVocabulary(4_000);

function makeVocabulary(count: number): readonly string[] {
  const next = randomFrom(1);
  const letter = (letters: string): string => letters[Math.floor(next() * letters.length)] ?? '';
  const syllable = (): string =>
    letter('bcdfghklmnprstvwz') + letter('aaeeiou') + letter('   lnrst');
  return Array.from({ length: count }, (_, rank) => {
    const syllables = 1 + Math.floor((next() * rank) / 1_000) + (rank > 60 ? 1 : 0);
    return Array.from({ length: syllables }, syllable).join('').replaceAll(' ', '');
  });
}
