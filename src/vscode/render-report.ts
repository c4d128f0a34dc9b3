// Makes the text of a report from its address: when it is opened, refreshed, or back after a reload.

import { homedir } from 'node:os';
import type { Uri } from 'vscode';
import type { DiffDocument, PruneDocument, StatusDocument } from '../core/documents.ts';
import { diffText, type DiffSide } from '../core/text/diff-text.ts';
import { plainText } from '../core/text/lines.ts';
import { pruneText } from '../core/text/prune-text.ts';
import { showText } from '../core/text/show-text.ts';
import { statusText } from '../core/text/status-text.ts';
import { detectionReport } from '../core/views/detection-report.ts';
import { clockNow } from './clock.ts';
import type { EngineClient, RemoteProject } from './engine-client.ts';
import type { ReportAddress } from './report-documents.ts';
import { previewArguments, previewText, type RestorePreviews } from './restore-preview.ts';
import { quietCall } from './with-progress.ts';

export async function renderReport(
  engine: EngineClient,
  previews: RestorePreviews,
  { kind, cwd, args }: ReportAddress,
  uri: Uri,
): Promise<string> {
  const project = engine.project(cwd);
  switch (kind) {
    case 'preview': {
      const { options } = previewArguments(uri);
      return previewText((await previews.plan(cwd, options, quietCall())).plan);
    }
    case 'status':
      return statusLines(await project.status(quietCall()));
    case 'detection':
      return detectionReport(cwd, await project.detect(quietCall()));
    case 'compare': {
      const diff = await project.diff(String(args['a']), String(args['b']), {}, quietCall());
      return compareReport(project, diff);
    }
    case 'snapshot': {
      const manifest = await project.show(String(args['id']));
      return `${showText(manifest, plainText(clockNow())).join('\n')}\n`;
    }
    case 'prune':
      return pruneReport(await project.planPrune());
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

/** The same lines as `savepoint diff`. */
export async function compareReport(project: RemoteProject, diff: DiffDocument): Promise<string> {
  const side = async (snapshot: string): Promise<DiffSide> =>
    snapshot === 'live' ? null : project.resolve(snapshot);
  const sides = { a: await side(diff.a), b: await side(diff.b) };
  return `${diffText(diff, sides, plainText(clockNow())).join('\n')}\n`;
}
