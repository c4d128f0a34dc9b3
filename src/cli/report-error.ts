// Every error ends here: one line on stderr, with --json a document on stdout, and the exit code.

import { EngineError, errorDocument, isCancellation, type ErrorDocument } from '../core/errors.ts';
import { errorLine } from '../core/text/error-line.ts';
import { exitCode, exitCodeOfError } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

interface Told {
  readonly line: string;
  readonly document: ErrorDocument;
  readonly exitCode: number;
}

export function reportError(
  error: unknown,
  terminal: Pick<Terminal, 'out' | 'err' | 'errorStyle'>,
  { json, debug }: { readonly json: boolean; readonly debug: boolean },
): number {
  const told = tell(error, terminal);
  terminal.err([told.line]);
  if (debug && error instanceof Error && error.stack !== undefined) terminal.err([error.stack]);
  if (json) terminal.out([JSON.stringify(told.document, null, 2)]);
  return told.exitCode;
}

function tell(error: unknown, { errorStyle }: Pick<Terminal, 'errorStyle'>): Told {
  if (isCancellation(error)) {
    const message = 'Cancelled, nothing was changed';
    const document = simpleDocument('CANCELLED', message, null);
    return { line: message, document, exitCode: exitCode.interrupted };
  }
  if (error instanceof EngineError) {
    return {
      line: errorLine(error, errorStyle),
      document: errorDocument(error),
      exitCode: exitCodeOfError[error.code],
    };
  }
  // A bug, ours or the machine's: the stack is for who asks for it.
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const hint = 'this is a bug; --debug shows where';
  return {
    line: errorLine({ message, hint }, errorStyle),
    document: simpleDocument('INTERNAL', message, hint),
    exitCode: exitCode.failed,
  };
}

function simpleDocument(code: string, message: string, hint: string | null): ErrorDocument {
  return { error: { code, message, path: null, hint } };
}
