// What an agent writes to the stdin of its hook: JSON, as UTF-8 or UTF-16, behind any number of byte
// order marks, before NULs, of any size; some agents keep stdin open behind it. Where it is cut or
// broken, what can be read of it is answered, and that it is not all.

import { TextDecoder } from 'node:util';
import { parse } from 'jsonc-parser';
import { isObject } from '../../core/is-object.ts';
import type { EventFields } from '../../core/agents/tool-call.ts';

export interface HookEvent {
  /** Empty where nothing could be read. */
  readonly fields: EventFields;
  /** Why it is not all that was sent, in words; null where it is. */
  readonly problem: string | null;
  /** True where nothing was sent at all. */
  readonly isEmpty: boolean;
}

/** Larger ones hold the content of a file; what is done to which file comes before it. */
const maxEventBytes = 32 * 1024 * 1024;

/**
 * Until its end, or until it is one whole object.
 * @param onBegin called when the first of it is there
 */
export async function readHookEvent(
  input: AsyncIterable<Uint8Array>,
  onBegin: () => void = () => undefined,
): Promise<HookEvent> {
  const chunks: Buffer[] = [];
  const scanner = createScanner();
  let decoder: TextDecoder | null | undefined;
  let bytes = 0;
  for await (const chunk of input) {
    if (chunk.length === 0) continue;
    onBegin();
    decoder = decoder === undefined ? decoderOf(chunk) : decoder;
    const utf8 =
      decoder === null ? Buffer.from(chunk) : Buffer.from(decoder.decode(chunk, { stream: true }));
    chunks.push(utf8);
    bytes += utf8.length;
    const end = scanner.endIn(utf8);
    if (end !== undefined) return whole(Buffer.concat(chunks), end);
    if (bytes > maxEventBytes)
      return part(Buffer.concat(chunks), `it is larger than ${maxEventBytes / 1024 / 1024} MB`);
  }
  const sent = Buffer.concat(chunks);
  return scanner.hasBegun() || !isBlank(sent)
    ? part(sent, 'it is no whole JSON object')
    : { fields: {}, problem: null, isEmpty: true };
}

/** Null for UTF-8. Every second byte of the first characters is 0 in UTF-16. */
function decoderOf(chunk: Uint8Array): TextDecoder | null {
  const [first = 1, second = 1] = chunk;
  if ((first === 0xff && second === 0xfe) || second === 0) return new TextDecoder('utf-16le');
  if ((first === 0xfe && second === 0xff) || first === 0) return new TextDecoder('utf-16be');
  return null;
}

interface Scanner {
  /** Where the object ends in these bytes, which follow those before; undefined where it goes on. */
  readonly endIn: (utf8: Uint8Array) => number | undefined;
  readonly hasBegun: () => boolean;
}

const [quote = 0, backslash = 0, open = 0, close = 0] = Buffer.from('"\\{}');

/** Looks at each byte once. Whatever stands before the first brace is no part of the object. */
function createScanner(): Scanner {
  let depth = 0;
  let inText = false;
  let isEscaped = false;
  return {
    endIn(utf8) {
      for (let index = 0; index < utf8.length; index += 1) {
        const byte = utf8[index];
        if (inText) {
          if (isEscaped) isEscaped = false;
          else if (byte === backslash) isEscaped = true;
          else if (byte === quote) inText = false;
        } else if (byte === open) depth += 1;
        else if (depth === 0) continue;
        else if (byte === quote) inText = true;
        else if (byte === close) {
          depth -= 1;
          if (depth === 0) return utf8.length - index - 1;
        }
      }
      return undefined;
    },
    hasBegun: () => depth > 0,
  };
}

/** @param left bytes behind the object */
function whole(sent: Buffer, left: number): HookEvent {
  const text = textFromBrace(sent.subarray(0, sent.length - left));
  try {
    const fields: unknown = JSON.parse(text);
    if (isObject(fields)) return { fields, problem: null, isEmpty: false };
  } catch {
    // Not as strict as JSON: read below as far as it goes.
  }
  return part(sent, 'it is no JSON');
}

function part(sent: Buffer, problem: string): HookEvent {
  return { fields: readableFields(textFromBrace(sent)), problem, isEmpty: false };
}

function readableFields(text: string): EventFields {
  try {
    const fields: unknown = parse(text, [], { allowTrailingComma: true });
    return isObject(fields) ? fields : {};
  } catch {
    // Nested deeper than can be read.
    return {};
  }
}

function textFromBrace(sent: Buffer): string {
  const start = sent.indexOf(open);
  return start === -1 ? '' : sent.toString('utf8', start);
}

/** Nothing but spaces, NULs and byte order marks. */
function isBlank(sent: Buffer): boolean {
  return !/[^\s\0\uFEFF]/.test(sent.toString('utf8', 0, 4096));
}
