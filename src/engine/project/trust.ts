// What an untrusted workspace is refused: its data is shown as it was captured before, not opened.

import { EngineError } from '../../core/errors.ts';
import type { EngineOptions } from '../options.ts';

/** @throws EngineError UNTRUSTED */
export function assertTrusted(options: EngineOptions): void {
  if (options.trusted) return;
  throw new EngineError(
    'UNTRUSTED',
    'this workspace is not trusted: nothing is taken or restored',
    {
      hint: 'trust the workspace first',
    },
  );
}
