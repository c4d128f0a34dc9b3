// The schema of a database, read from its pages: which tables there are and where they begin. Only
// for choosing pages; what a comparison tells of schemas comes from SQLite itself.

import { DoubtError, payloadsOf, readVarint, type Pages } from './btree-pages.ts';

/** A row of `sqlite_schema`. */
export interface SchemaEntry {
  readonly type: string;
  readonly name: string;
  readonly table: string;
  /** 0 where it has no pages: views, triggers, virtual tables. */
  readonly root: number;
  readonly sql: string;
}

/** @param pages of a UTF-8 database. @throws DoubtError */
export function readSchemaEntries(pages: Pages): readonly SchemaEntry[] {
  return [...payloadsOf(pages, 1)].map((payload) => {
    const [type, name, table, root, sql] = readRecord(payload);
    const text = (value: string | number | undefined): string => String(value ?? '');
    return {
      type: text(type),
      name: text(name),
      table: text(table),
      root: typeof root === 'number' ? root : 0,
      sql: text(sql),
    };
  });
}

/** Texts and integers of up to 32 bits; anything else is undefined. https://sqlite.org/fileformat2.html §2.1 */
function readRecord(record: Buffer): readonly (string | number | undefined)[] {
  const header = readVarint(record, 0);
  let at = Number(header.value);
  const values: (string | number | undefined)[] = [];
  for (let next = header.end; next < Number(header.value);) {
    const serial = readVarint(record, next);
    next = serial.end;
    const length = lengthOf(Number(serial.value));
    if (at + length > record.length) throw new DoubtError('a record that is too short');
    values.push(readValue(record.subarray(at, at + length), Number(serial.value)));
    at += length;
  }
  return values;
}

function lengthOf(serial: number): number {
  if (serial >= 12) return (serial - 12) >> 1;
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][serial] ?? 0;
}

function readValue(bytes: Buffer, serial: number): string | number | undefined {
  if (serial >= 13 && serial % 2 === 1) return bytes.toString();
  if (serial >= 1 && serial <= 4) return bytes.readIntBE(0, serial);
  return serial === 8 ? 0 : serial === 9 ? 1 : undefined;
}
