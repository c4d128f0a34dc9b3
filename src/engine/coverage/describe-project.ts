// The `detect` document of a project with all that is covered and all that is not.

import type { DetectionDocument } from '../../core/documents/documents.ts';
import { EngineError } from '../../core/errors.ts';
import { describeDataDirs } from '../detect/describe-data-dirs.ts';
import { withSavedAt } from '../detect/saved-at.ts';
import type { CallOptions, EngineOptions } from '../options.ts';
import type { ProjectContext } from '../project/project-context.ts';
import { coverageOf, notTakenPlaces } from './coverage.ts';
import { coveredServers } from './servers.ts';
import { findCovered, type CoveredData } from './find-covered.ts';
import type { CoverageEntry } from '../../core/documents/coverage.ts';

/** @throws EngineError NO_SPACE; the signal's reason */
export async function describeProject(
  context: ProjectContext,
  call: CallOptions,
): Promise<DetectionDocument> {
  const { found, offered } = await findCovered(context, context.find(), call);
  const detection = withSaved(await describeDataDirs(found, context.options, call), context);
  const servers = coveredServers(context.projectDir, context.options);
  return { ...detection, coverage: [...coverageOf(detection, offered), ...servers] };
}

/** What is told with a snapshot: what it did not take, without a further walk through the data. */
export function notCoveredBy(
  { found, offered }: CoveredData,
  options: EngineOptions,
): readonly CoverageEntry[] {
  const servers = coveredServers(found.projectDir, options).filter(({ covered }) => !covered);
  return [...servers, ...notTakenPlaces(found.rejected, offered)].slice(0, mostTold);
}

const mostTold = 50;

function withSaved(detection: DetectionDocument, context: ProjectContext): DetectionDocument {
  try {
    return context.read((store) => withSavedAt(detection, store));
  } catch (error) {
    // What there is can be told without a store that cannot be read; `doctor` tells of that one.
    if (error instanceof EngineError) return detection;
    throw error;
  }
}
