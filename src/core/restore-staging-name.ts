/** How the names of folders begin in which a restore keeps files while it runs. */
export const stagingPrefix = '.savepoint-restore-';

/** True for a folder that a restore made for itself: never data, left out of every walk. */
export function isStagingName(name: string): boolean {
  return name.startsWith(stagingPrefix);
}
