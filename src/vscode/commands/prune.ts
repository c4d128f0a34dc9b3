import { window } from 'vscode';
import type { PruneDocument } from '../../core/documents/documents.ts';
import { formatBytes, plural } from '../../core/format/numbers.ts';
import { pruneQuestion } from '../../core/views/delete-texts.ts';
import { clockNow } from '../host/clock.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import { pruneReport } from '../documents/render-report.ts';
import type { ReportDocuments } from '../documents/report-documents.ts';
import { oneProject } from './targets.ts';
import { withProgress } from '../host/with-progress.ts';
import type { Handler } from './handler.ts';

export const prune: Handler = async (services, call) => {
  const project = await oneProject(services.projects, call);
  if (!project) return undefined;
  if (call.json?.dryRun === true) return project.engine.planPrune();
  if (!call.isSilent && !(await confirm(services.reports, project))) return undefined;
  const progress = { title: 'Applying retention', afterMs: 1000, isSilent: call.isSilent };
  const result = await withProgress(progress, (ongoing) => project.engine.applyPrune(ongoing));
  await project.refresh();
  if (!call.isSilent) {
    void window.showInformationMessage(
      `Deleted ${plural(result.deleted.length, 'snapshot')}, freed ${formatBytes(result.freedBytes)}.`,
    );
  }
  return result;
};

async function confirm(reports: ReportDocuments, project: ProjectModel): Promise<boolean> {
  const plan = await project.engine.planPrune();
  if (plan.deleted.length === 0) {
    void window.showInformationMessage(
      `Nothing to delete: the retention rules keep all ${plural(plan.kept.length, 'snapshot')}.`,
    );
    return false;
  }
  const { message, detail, button } = pruneQuestion(plan, clockNow());
  const options = { modal: true, detail };
  const chosen = await window.showWarningMessage(message, options, button, 'Show All');
  if (chosen === 'Show All') await showPlan(reports, project, plan);
  return chosen === button;
}

async function showPlan(
  reports: ReportDocuments,
  project: ProjectModel,
  plan: PruneDocument,
): Promise<void> {
  const address = { kind: 'prune', cwd: project.cwd, args: {} } as const;
  await reports.show(address, pruneReport(plan), false);
}
