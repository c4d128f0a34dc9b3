// Command lines that changed data before, as patterns that stand before those of savepoint.json: what a
// person wrote there decides over what was seen.

import type { GuardPattern } from '../config/guard-patterns.ts';
import { learnedForm } from './learned-form.ts';
import type { RedactionFacts } from './redact/redact-command.ts';

/** What is told of a command that is saved before for nothing else. */
export const learnedRule = 'it changed data before';

export function learnedPatterns(
  commands: readonly string[],
  redaction: RedactionFacts,
): readonly GuardPattern[] {
  if (commands.length === 0) return [];
  const known = new Set(commands);
  const fits = (_command: string, words: readonly string[]): boolean =>
    known.has(learnedForm(words, redaction) ?? '');
  return [{ text: 'learned', adds: true, rule: learnedRule, fits }];
}
