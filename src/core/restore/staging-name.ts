/** How the names of folders begin in which a restore keeps files while it runs. */
export const stagingPrefix = '.savepoint-restore-';

/**
 * True for what a restore makes for itself beside data: such a folder, or the new file of a database
 * before it takes its place. Never data, left out of every walk.
 */
export function isStagingName(name: string): boolean {
  return name.startsWith('.savepoint-') && (name.startsWith(stagingPrefix) || isNewDatabase(name));
}

function isNewDatabase(name: string): boolean {
  return /^\.savepoint-[0-9a-f-]{36}\.part$/.test(name);
}
