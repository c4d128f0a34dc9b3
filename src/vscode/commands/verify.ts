import { window } from 'vscode';
import type { SnapshotEntry, VerifyDocument } from '../../core/documents/documents.ts';
import { plainText } from '../../core/format/lines.ts';
import { plural } from '../../core/format/numbers.ts';
import { verifyText } from '../../core/text/verify-text.ts';
import { quotedSnapshot } from '../../core/views/restore-texts.ts';
import { clockNow } from '../host/clock.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import type { Services } from '../services.ts';
import { byProject, someProjects, someSnapshots } from './targets.ts';
import { withProgress } from '../host/with-progress.ts';
import type { Handler } from './handler.ts';

export const verify: Handler = async (services, call) => {
  if (call.json && call.json.snapshot === undefined) return verifyAll(services, call);
  const targets = await someSnapshots(
    services.projects,
    call,
    'Verify: choose snapshots to read back',
  );
  if (!targets) return undefined;
  const results: VerifyDocument[] = [];
  for (const [project, entries] of byProject(targets)) {
    results.push(await run(services, project, entries, call.json?.deep, call.isSilent));
  }
  return results.length === 1 ? results[0] : results;
};

export const verifyAll: Handler = async (services, call) => {
  const projects = await someProjects(services.projects, call);
  if (!projects) return undefined;
  const results: VerifyDocument[] = [];
  for (const project of projects) {
    results.push(await run(services, project, [], call.json?.deep, call.isSilent));
  }
  return results.length === 1 ? results[0] : results;
};

type Verifying = Pick<Services, 'activities' | 'log' | 'reports'>;

/** @param entries none: all of the project. */
async function run(
  services: Verifying,
  project: ProjectModel,
  entries: readonly SnapshotEntry[],
  deep: boolean | undefined,
  isSilent: boolean,
): Promise<VerifyDocument> {
  const [only] = entries;
  const what =
    only && entries.length === 1
      ? quotedSnapshot(only)
      : plural(entries.length || (project.status?.store.snapshots ?? 0), 'snapshot');
  const title = `Verifying ${what}`;
  const ids = entries.map(({ id }) => id);
  const result = await services.activities.run('verify', (onStart) =>
    withProgress({ title, afterMs: 500, isSilent, onStart }, (call) =>
      project.engine.verify(ids, { deep }, call),
    ),
  );
  void project.refresh();
  if (!isSilent) void tell(services, project, what, result);
  return result;
}

async function tell(
  { log, reports }: Verifying,
  project: ProjectModel,
  what: string,
  result: VerifyDocument,
): Promise<void> {
  const { damaged, databases, bytes, chunks } = result;
  const lost = damaged.filter(({ repaired }) => !repaired).length;
  if (damaged.length === 0) {
    log.info(`verified ${chunks} chunks, ${bytes} bytes`);
    const read = `everything and ${plural(databases, 'database')} read back`;
    void window.showInformationMessage(`Verified ${what}: ${read}, all right.`);
    return;
  }
  const text =
    lost === 0
      ? `${plural(damaged.length, 'file')} in ${what} ${damaged.length === 1 ? 'was' : 'were'} damaged, all repaired.`
      : `Damaged: ${plural(lost, 'file')} in ${what}.`;
  const chosen = await (lost === 0
    ? window.showWarningMessage(text, 'Show Damage')
    : window.showErrorMessage(text, 'Show Damage'));
  if (chosen === undefined) return;
  const lines = verifyText(result, plainText(clockNow()));
  const address = { kind: 'verify', cwd: project.cwd, args: {} } as const;
  await reports.show(address, `${lines.join('\n')}\n`, false);
}
