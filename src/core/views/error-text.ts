// Failures as an editor says them: sentences, where the command line has one line.

import type { ErrorFacts } from '../text/error-line.ts';
import { visible } from '../text/width.ts';

/** What happened and what to do: `docsfy.db is locked by node (4242). Wait or stop it, then try again.` */
export function errorText({ message, path, hint }: ErrorFacts): string {
  const where = path && !message.includes(path) ? ` (${path})` : '';
  const parts = [withoutStop(message) + where, upperFirst(withoutStop(hint ?? ''))];
  return visible(
    parts
      .filter((part) => part !== '')
      .map((part) => `${part}.`)
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
