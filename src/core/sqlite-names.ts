// How SQLite compares and writes the names of tables and columns.

/** The form in which SQLite compares names: ASCII letters have no case. */
export function foldName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** `name` as an identifier in SQL. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
