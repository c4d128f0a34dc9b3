// What is wrong in savepoint.json, one line each; the rest of the file holds all the same.

import type { DetectionDocument } from '../core/documents/documents.ts';
import { warningLine } from '../core/text/error-line.ts';
import type { Terminal } from './terminal.ts';

export function warnOfConfig(
  { configProblems }: Pick<DetectionDocument, 'configProblems'>,
  { err, errorStyle }: Pick<Terminal, 'err' | 'errorStyle'>,
): void {
  err(
    configProblems.map(({ file, line, column, message }) =>
      warningLine({ message: `${file}, line ${line}, column ${column}: ${message}` }, errorStyle),
    ),
  );
}
