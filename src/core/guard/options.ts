// Arguments of a command told apart: options, and words that are none.

/** What follows the program's name. */
export interface Arguments {
  /** As they were typed. */
  readonly all: readonly string[];
  /** Words that are no options, nor values of those that take one. */
  readonly positional: readonly string[];
  readonly options: readonly string[];
  /** Where each positional word stands in `all`. */
  readonly places: readonly number[];
}

/** @param valueOptions options that take the next word as their value */
export function splitArguments(
  all: readonly string[],
  valueOptions: readonly string[] = [],
): Arguments {
  const positional: string[] = [];
  const options: string[] = [];
  const places: number[] = [];
  let onlyWords = false;
  for (let index = 0; index < all.length; index += 1) {
    const word = all[index] ?? '';
    if (!onlyWords && word === '--') onlyWords = true;
    else if (!onlyWords && word.startsWith('-') && word !== '-') {
      options.push(word);
      if (valueOptions.includes(word)) index += 1;
    } else {
      positional.push(word);
      places.push(index);
    }
  }
  return { all, positional, options, places };
}

/** Knows `--force=yes` as `--force` and `-rf` as `-f`. */
export function hasOption(
  { options }: Pick<Arguments, 'options'>,
  ...names: readonly string[]
): boolean {
  return options.some((option) =>
    names.some((name) => {
      if (option === name || option.startsWith(`${name}=`)) return true;
      const isLetter = /^-[a-zA-Z]$/.test(name);
      return isLetter && /^-[a-zA-Z]+$/.test(option) && option.includes(name.slice(1));
    }),
  );
}

/** The value of an option: the next word, or what stands behind `=` or right behind its letter. */
export function optionValue(
  all: readonly string[],
  ...names: readonly string[]
): string | undefined {
  return optionValues(all, ...names)[0];
}

/** The values of an option that may stand several times. */
export function optionValues(
  all: readonly string[],
  ...names: readonly string[]
): readonly string[] {
  const end = all.indexOf('--');
  const own = end < 0 ? all : all.slice(0, end);
  return own.flatMap((word, index) => {
    for (const name of names) {
      if (word === name) return index + 1 < own.length ? [own[index + 1] ?? ''] : [];
      if (word.startsWith(`${name}=`)) return [word.slice(name.length + 1)];
      if (/^-[a-zA-Z]$/.test(name) && word.startsWith(name) && word.length > 2)
        return [word.slice(2)];
    }
    return [];
  });
}
