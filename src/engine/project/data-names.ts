// What a file of the data is by its name alone: opening every file of a large folder would take too long.

/** Databases that are one file. */
export function mayBeDatabase(name: string): boolean {
  return /\.(db|db3|sqlite|sqlite3|sdb|s3db|duckdb)$/i.test(name);
}

/** What a database leaves beside itself while somebody reads it. */
export function isSidecar(name: string): boolean {
  return /-(wal|shm|journal)$/i.test(name);
}
