import type { DataDirDocument } from '../../core/documents/documents.ts';
import { plural } from '../../core/format/numbers.ts';
import { someProjects } from './targets.ts';
import { withProgress } from '../host/with-progress.ts';
import type { Handler } from './handler.ts';

export const detect: Handler = async (services, call) => {
  const projects = await someProjects(services.projects, call);
  if (!projects) return undefined;
  const found: DataDirDocument[] = [];
  for (const project of projects) {
    const progress = { title: 'Looking for data', afterMs: 1000, isSilent: call.isSilent };
    const detection = await withProgress(progress, (ongoing) => project.engine.detect(ongoing));
    found.push(...detection.dataDirs);
    void project.refresh();
  }
  if (!call.isSilent) {
    services.activities.flash(
      `Found ${plural(found.length, 'data directory', 'data directories')}`,
    );
  }
  return found;
};
