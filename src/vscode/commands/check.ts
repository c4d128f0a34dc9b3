import type { CheckDocument } from '../../core/documents/documents.ts';
import { rulesToWrite } from '../../core/check/rules-to-write.ts';
import { hasMismatches } from '../../core/views/mismatch-rows.ts';
import type { CallOptions } from '../../engine/index.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import type { Services } from '../services.ts';
import { changeConfig } from './config-edit.ts';
import { someProjects } from './targets.ts';
import { withProgress } from '../host/with-progress.ts';
import type { Handler } from './handler.ts';

/**
 * Compares metadata with files: live data, or a snapshot that is named. What is found in all of live
 * data stands in the Data view.
 */
export const check: Handler = async (services, call) => {
  const projects = await someProjects(services.projects, call);
  if (!projects) return undefined;
  const [named] = call.json?.snapshot ?? [];
  const { data = [] } = call.json ?? {};
  const isAllOfLive = (named === undefined || named === 'live') && data.length === 0;
  const results: CheckDocument[] = [];
  for (const project of projects) {
    const look = async (ongoing: CallOptions): Promise<CheckDocument> =>
      isAllOfLive
        ? project.check.run(ongoing)
        : project.engine.check(named ?? 'live', { data }, ongoing);
    const result = await run(services, project, look, call.isSilent);
    const isWriting = call.json?.writeRules === true;
    results.push(isWriting ? await withRulesWritten(project, result, call.isSilent) : result);
  }
  if (!call.isSilent && isAllOfLive) await show(services, projects, results);
  return results.length === 1 ? results[0] : results;
};

async function run(
  { activities, log }: Pick<Services, 'activities' | 'log'>,
  project: ProjectModel,
  look: (call: CallOptions) => Promise<CheckDocument>,
  isSilent: boolean,
): Promise<CheckDocument> {
  const title = 'Checking for mismatches';
  const result = await activities.run('check', (onStart) =>
    withProgress({ title, afterMs: 1000, isSilent, onStart }, look),
  );
  const { mismatches, durationMs } = result;
  log.info(`${project.cwd}: ${mismatches.length} mismatches, checked in ${durationMs} ms`);
  return result;
}

/** As `--write-rules` answers it: what was found, and the ids of the rules that stand in the file now. */
async function withRulesWritten(
  project: ProjectModel,
  result: CheckDocument,
  isSilent: boolean,
): Promise<CheckDocument & { readonly written: readonly string[] }> {
  const written = rulesToWrite(result.rules).map(({ id }) => id);
  if (written.length > 0) {
    await changeConfig(project, { kind: 'acceptRules', rules: written }, isSilent);
  }
  return { ...result, written };
}

async function show(
  { activities, dataView }: Pick<Services, 'activities' | 'dataView'>,
  projects: readonly ProjectModel[],
  results: readonly CheckDocument[],
): Promise<void> {
  const found = projects.find((_, index) => {
    const result = results[index];
    return result !== undefined && hasMismatches(result);
  });
  if (found) await dataView.revealMismatches(found);
  else activities.flash('No mismatches');
}
