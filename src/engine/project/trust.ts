// What an untrusted workspace is refused: its data is shown as it was captured before, not opened, and
// nothing is changed, neither in the repository nor in the store.

import { EngineError } from '../../core/errors.ts';
import type { EngineOptions } from '../options.ts';
import type { Project } from './project.ts';

/** @throws EngineError UNTRUSTED */
export function assertTrusted(options: EngineOptions): void {
  if (!options.trusted) throw untrusted();
}

function untrusted(): EngineError {
  return new EngineError(
    'UNTRUSTED',
    'this workspace is not trusted: nothing is taken, restored or changed',
    { hint: 'trust the workspace first' },
  );
}

/** Whatever changes something. Those that are not here look, or ask themselves what they may do. */
const changing = [
  'learn',
  'unlearn',
  'editConfig',
  'dismissRule',
  'applyRestore',
  'verify',
  'applyPrune',
  'delete',
  'pin',
  'rename',
  'addDataDir',
  'setExcluded',
  'createConfig',
  'allow',
  'cover',
  'uncover',
  'adopt',
  'forget',
] as const satisfies readonly (keyof Project)[];

/** Makes `project` what an untrusted workspace has of it: what changes something is refused at once. */
export function restrict(project: Project): Project {
  const refuse = (): Promise<never> => Promise.reject(untrusted());
  return Object.assign(project, Object.fromEntries(changing.map((method) => [method, refuse])));
}
