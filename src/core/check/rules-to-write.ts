import type { CheckRule } from '../documents/documents.ts';

/** What was found in the data by itself and can be accepted, as `--write-rules` does. */
export function rulesToWrite(rules: readonly CheckRule[]): readonly CheckRule[] {
  return rules.filter(({ origin, state }) => origin === 'inferred' && state !== 'broken');
}
