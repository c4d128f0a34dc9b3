// Globs of paths, matched one path at a time: names are never taken for patterns.

import picomatch from 'picomatch';

const options = { dot: true, nonegate: true, windows: false };

/** What the glob itself matches; `/` on every system. */
export function exactMatcher(glob: string): (path: string) => boolean {
  return picomatch(cleanGlob(glob), options);
}

/** What the glob matches, and everything that lies in it. */
export function pathMatcher(glob: string): (path: string) => boolean {
  const self = exactMatcher(glob);
  const below = picomatch(`${cleanGlob(glob)}/**`, options);
  return (path) => self(path) || below(path);
}

/** What is wrong with a glob, in words: one with half a bracket matches nothing, whatever was meant. */
export function globProblem(glob: string): string | undefined {
  try {
    picomatch.makeRe(glob, { ...options, strictBrackets: true });
    return undefined;
  } catch (error) {
    const open = error instanceof Error ? /^Missing closing: "(.)"/.exec(error.message)?.[1] : '';
    return open === undefined ? undefined : `lacks a ${open}`;
  }
}

function cleanGlob(glob: string): string {
  return glob.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
}
