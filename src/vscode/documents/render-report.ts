// Makes the text of a report from its address: when it is opened, refreshed, or back after a reload.

import { homedir } from 'node:os';
import type { PruneDocument, StatusDocument } from '../../core/documents/documents.ts';
import { plainText } from '../../core/format/lines.ts';
import { pruneText } from '../../core/text/prune-text.ts';
import { restorePlanText } from '../../core/text/restore-text.ts';
import { showText } from '../../core/text/show-text.ts';
import { statusText } from '../../core/text/status-text.ts';
import { detectionReport } from '../../core/views/detection-report.ts';
import { chartColors } from '../../core/views/history-chart.ts';
import { historyReport } from '../../core/views/history-report.ts';
import { evidenceReport } from '../../core/views/mismatch-texts.ts';
import { chartTheme } from '../host/chart-theme.ts';
import { clockNow } from '../host/clock.ts';
import type { RestoreOptions } from '../../engine/index.ts';
import type { EngineClient } from '../process/engine-client.ts';
import type { ReportAddress } from './report-documents.ts';
import { quietCall } from '../host/with-progress.ts';

/** How far back a history goes. */
export const historySnapshots = 100;

export async function renderReport(
  engine: EngineClient,
  { kind, cwd, args }: ReportAddress,
): Promise<string> {
  const project = engine.project(cwd);
  switch (kind) {
    case 'preview': {
      const options = { ...(args['options'] as RestoreOptions), rows: 0 };
      const plan = await project.planRestore(options, quietCall());
      await project.closePlan(plan.token);
      return `${restorePlanText(plan, plainText(clockNow())).join('\n')}\n`;
    }
    case 'status':
      return statusLines(await project.status(quietCall()));
    case 'detection':
      return detectionReport(cwd, await project.detect(quietCall()));
    case 'snapshot': {
      const manifest = await project.show(String(args['id']));
      return `${showText(manifest, plainText(clockNow())).join('\n')}\n`;
    }
    case 'prune':
      return pruneReport(await project.planPrune());
    case 'evidence': {
      const { rules } = await project.check('live', {}, quietCall());
      const rule = rules.find(({ id, state }) => id === args['rule'] && state === 'suggested');
      return rule ? evidenceReport(rule) : 'This rule is not suggested any more.\n';
    }
    case 'history': {
      const history = await project.history(String(args['dataDir']), historySnapshots);
      return historyReport(history, chartColors[chartTheme()], clockNow());
    }
    case 'verify':
      return 'This was the result of a check. Verify again to see how things are now.\n';
  }
}

/** The same lines as `savepoint doctor`. */
export function statusLines(status: StatusDocument): string {
  const lines = statusText(status, { home: homedir() }, plainText(clockNow()));
  return `${lines.join('\n')}\n`;
}

/** The same lines as `savepoint prune --dry-run`. */
export function pruneReport(plan: PruneDocument): string {
  return `${pruneText(plan, { isPlan: true }, plainText(clockNow())).join('\n')}\n`;
}
