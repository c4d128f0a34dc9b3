// Counts how often a rule holds, with a few of the paths.

import type { RuleEvidence } from '../../core/documents/rule-evidence.ts';

const maxExamples = 10;
const maxMisfits = 1000;

export class EvidenceCounter {
  #fits = 0;
  #of = 0;
  readonly #examples: string[] = [];
  readonly #misfits: string[] = [];

  fit(path: string): void {
    this.#fits += 1;
    this.#of += 1;
    if (this.#examples.length < maxExamples) this.#examples.push(path);
  }

  misfit(path: string): void {
    this.#of += 1;
    if (this.#misfits.length < maxMisfits) this.#misfits.push(path);
  }

  evidence(): RuleEvidence {
    return { fits: this.#fits, of: this.#of, examples: this.#examples, misfits: this.#misfits };
  }
}
