/** Values as SQLite has them; integers beyond 2^53 as bigint. */
export type ColumnValue = null | number | bigint | string | Uint8Array;
