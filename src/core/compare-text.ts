// The order of texts in documents and plans: UTF-16 code units, as Array.prototype.sort has it, so
// that no language and no locale changes it. A folder comes before what is in it.

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return compareText(a.path, b.path);
}

export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return compareText(a.name, b.name);
}
