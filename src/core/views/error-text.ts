// Failures as an editor says them: sentences, where the command line has one line.

import type { ErrorFacts } from '../text/error-line.ts';
import { visible } from '../text/width.ts';

/** What the command line says in the same line, and the editor in a sentence of its own. */
const stateAfter = /; (?=nothing was changed$)/;

/** What happened and what to do: `docsfy.db is locked by node (4242). Wait or stop it, then try again.` */
export function errorText({ message, path, hint }: ErrorFacts): string {
  const where = path && !message.includes(path) ? ` (${path})` : '';
  const [what = '', ...state] = withoutStop(message).split(stateAfter);
  const parts = [what + where, ...state, withoutStop(hint ?? '')].map(upperFirst);
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
