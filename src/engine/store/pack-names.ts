// Packs are named by the snapshot they were written for, with `+N` where it has several.

/** The id of the snapshot that a pack was written for. */
export function snapshotOfPack(packName: string): string {
  return packName.replace(/(\+\d+)?\.tar$/, '');
}

/** By snapshot, then by N: a plain comparison would put `+1` before the first one. */
export function comparePackNames(a: string, b: string): number {
  const [idA, idB] = [snapshotOfPack(a), snapshotOfPack(b)];
  if (idA !== idB) return idA < idB ? -1 : 1;
  return numberOf(a) - numberOf(b);
}

function numberOf(packName: string): number {
  return Number(/\+(\d+)\.tar$/.exec(packName)?.[1] ?? 0);
}
