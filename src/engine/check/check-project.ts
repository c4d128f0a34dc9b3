// The part of an open project that compares metadata with files, and tells how it went over time.

import { EngineError } from '../../core/errors.ts';
import type { Project } from '../project.ts';
import type { ProjectContext } from '../project-context.ts';
import { checkSide } from './check-side.ts';
import { historyOf } from './history.ts';

type CheckPart = Pick<Project, 'check' | 'history' | 'editConfig' | 'dismissRule'>;

export function checkPart(context: ProjectContext): CheckPart {
  const notYet = async (): Promise<never> => {
    throw new EngineError('USAGE', 'not there yet');
  };
  return {
    check: async (side, call) => await checkSide(context, side, call),
    history: async (dataDir, limit) => context.read((store) => historyOf(store, dataDir, limit)),
    editConfig: notYet,
    dismissRule: notYet,
  };
}
