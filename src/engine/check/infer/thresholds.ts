// When a guess counts as a rule. False alarms are worse than none: what holds less often is at most
// a suggestion, which makes no mismatches.

/** A rule holds for at least so many paths, and for so many different ones. */
export const leastFits = 5;
/** From here on a path may be missing. */
const leastForMisses = 10;

/**
 * True where a rule holds nearly everywhere: for all of five, or all but one of ten, two of forty,
 * three of sixty, two in a hundred of more.
 */
export function holds(fits: number, of: number): boolean {
  const misses = of - fits;
  if (fits < leastFits) return false;
  if (misses === 0) return true;
  if (of < leastForMisses) return false;
  return misses <= Math.max(1, Math.min(3, Math.floor(of / 20)), Math.floor(of / 50));
}

/** True where a rule that does not hold nearly everywhere is worth a look. */
export function isWorthTelling(fits: number, of: number): boolean {
  return of >= leastForMisses && fits * 10 >= of * 9;
}
