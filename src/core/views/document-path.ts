// Paths of a snapshot as paths of documents. A document's path must be valid Unicode, a name on disk
// need not be: a byte that is not UTF-8 is written `%80` to `%FF`, and a `%` that could be read so `%25`.
// Inside a database stand `schema.sql`, one `<table>.jsonl` a table, and one `<table>.rows` for what
// differs in it between two sides.

/** One path segment as a document's path has it. Inverse of `decodeSegment`. */
export function encodeSegment(name: string): string {
  return name
    .replaceAll(/%(?=[0-9A-F]{2})/g, '%25')
    .replaceAll('/', '%2F')
    .replaceAll(/[\uD800-\uDBFF][\uDC00-\uDFFF]|[\uDC80-\uDCFF]/g, (found) =>
      found.length === 2 ? found : `%${(found.charCodeAt(0) - 0xdc00).toString(16).toUpperCase()}`,
    );
}

export function decodeSegment(segment: string): string {
  return segment.replaceAll(/%([0-9A-F]{2})/g, (found, hex: string) => {
    const code = Number.parseInt(hex, 16);
    if (code >= 0x80) return String.fromCharCode(0xdc00 + code);
    return code === 0x25 || code === 0x2f ? String.fromCharCode(code) : found;
  });
}

/** A path relative to the project folder as a document's path, with a leading `/`. */
export function documentPath(path: string): string {
  return `/${path.split('/').map(encodeSegment).join('/')}`;
}

/** The names that make up a document's path, decoded: a table's name may hold a `/`. */
export function namesOfDocumentPath(documentPath: string): readonly string[] {
  return documentPath
    .split('/')
    .filter((segment) => segment !== '')
    .map(decodeSegment);
}

export const schemaFile = 'schema.sql';
const tableRowsExtension = '.jsonl';
const rowChangesExtension = '.rows';

/** Last segment of the path of the document that shows a table's rows. */
export function tableRowsSegment(table: string): string {
  return encodeSegment(`${table}${tableRowsExtension}`);
}

/** Last segment of the path of the document that shows what differs in a table. */
export function rowChangesSegment(table: string): string {
  return encodeSegment(`${table}${rowChangesExtension}`);
}

/** The table that the `.rows` document of this (decoded) name is about; undefined for another document. */
export function tableOfRowChangesName(name: string): string | undefined {
  return name.endsWith(rowChangesExtension)
    ? name.slice(0, -rowChangesExtension.length)
    : undefined;
}

/** The table whose rows the document of this (decoded) name shows; undefined for another document. */
export function tableOfRowsName(name: string): string | undefined {
  return name.endsWith(tableRowsExtension) ? name.slice(0, -tableRowsExtension.length) : undefined;
}
