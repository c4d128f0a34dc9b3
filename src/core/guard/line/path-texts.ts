// What `dirname` and `basename` make of a path of which a part may not be known.

import { isUnknown, unknownText } from './texts.ts';

/** The folder of a path, or both that it may be; `withoutSlash` for one that has no slash. */
export function folderOf(path: string, withoutSlash: string): readonly string[] {
  const slash = path.replace(/\/+$/, '').lastIndexOf('/');
  if (slash < 0) return isUnknown(path) ? [unknownText] : [withoutSlash];
  const folder = slash === 0 ? '/' : path.slice(0, slash);
  // What is not known may have slashes of its own.
  return isUnknown(path.slice(slash)) ? [folder, path] : [folder];
}

export function nameOf(path: string): string {
  const plain = path.replace(/\/+$/, '');
  return plain.slice(plain.lastIndexOf('/') + 1);
}
