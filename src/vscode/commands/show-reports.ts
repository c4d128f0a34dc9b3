import { detectionReport } from '../../core/views/detection-report.ts';
import { statusLines } from '../documents/render-report.ts';
import { oneProject } from './targets.ts';
import { quietCall } from '../host/with-progress.ts';
import type { Handler } from './handler.ts';

/** What `savepoint doctor` tells. */
export const showStatus: Handler = async (services, call) => {
  const project = await oneProject(services.projects, call);
  if (!project) return undefined;
  const status = await project.engine.status(quietCall());
  if (!call.isSilent) {
    const address = { kind: 'status', cwd: project.cwd, args: {} } as const;
    await services.reports.show(address, statusLines(status), false);
  }
  return status;
};

export const showDetection: Handler = async (services, call) => {
  const project = await oneProject(services.projects, call);
  if (!project) return undefined;
  const detection = await project.engine.detect(quietCall());
  if (!call.isSilent) {
    const address = { kind: 'detection', cwd: project.cwd, args: {} } as const;
    await services.reports.show(address, detectionReport(project.cwd, detection), false);
  }
  return detection;
};
