// The line that takes a place into the data.

import { shellWord } from '../format/shell-word.ts';

export function coverCommand(path: string): string {
  return `savepoint cover ${shellWord(path)}`;
}
