// The part of an open project that compares metadata with files, and tells how it went over time.

import { EngineError } from '../../core/errors.ts';
import type { Project } from '../project.ts';
import type { ProjectContext } from '../project-context.ts';

type CheckPart = Pick<Project, 'check' | 'history' | 'editConfig' | 'dismissRule'>;

export function checkPart(_context: ProjectContext): CheckPart {
  const notYet = async (): Promise<never> => {
    throw new EngineError('USAGE', 'not there yet');
  };
  return { check: notYet, history: notYet, editConfig: notYet, dismissRule: notYet };
}
