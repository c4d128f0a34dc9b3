// Failures as an editor says them: sentences, where the command line has one line.

import type { ErrorCode } from '../errors.ts';
import type { ErrorFacts } from '../text/error-line.ts';
import { visible } from '../format/width.ts';

/** With what the command line ends its line where it is so. */
const unchangedEnd = /; nothing was changed$/;
/** Where it always is so: a restore is refused, or was taken back. */
const unchangedCodes: ReadonlySet<ErrorCode> = new Set(['DATABASE_BUSY', 'DATABASE_IN_USE']);

/** What happened and what to do: `docsfy.db is locked by node (4242). Nothing was changed. Stop it, then try again.` */
export function errorText(error: ErrorFacts & { readonly code?: ErrorCode }): string {
  const { path, hint, code } = error;
  const message = withoutStop(error.message);
  const where = path && !message.includes(path) ? ` (${path})` : '';
  const isUnchanged =
    unchangedEnd.test(message) || (code !== undefined && unchangedCodes.has(code));
  const parts = [
    message.replace(unchangedEnd, '') + where,
    isUnchanged ? 'nothing was changed' : '',
    withoutStop(hint ?? ''),
  ];
  return visible(
    parts
      .filter((part) => part !== '')
      .map((part) => `${upperFirst(part)}.`)
      .join(' '),
  );
}

function withoutStop(text: string): string {
  return text.replace(/[.\s]+$/, '');
}

/** Not where a command or a path begins it. */
function upperFirst(text: string): string {
  if (/^(?:savepoint |[^\s]*[./\\])/.test(text)) return text;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
