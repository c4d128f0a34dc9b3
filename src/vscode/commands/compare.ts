import type { SnapshotEntry } from '../../core/documents/documents.ts';
import type { DiffOptions } from '../../core/documents/options.ts';
import { EngineError } from '../../core/errors.ts';
import { quotedSnapshot } from '../../core/views/restore-texts.ts';
import { showComparison } from '../flows/compare-flow.ts';
import type { CommandArgument } from './command-argument.ts';
import { pickSnapshots, type SnapshotItem } from './pick-snapshot.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import { oneProject } from './targets.ts';
import { quietCall } from '../host/with-progress.ts';
import type { Handler } from './handler.ts';

export const compare: Handler = async (services, call) => {
  const project = await oneProject(services.projects, call);
  if (!project) return undefined;
  const named = namedSides(call.json);
  const options = diffOptions(call.json);
  if (call.isSilent) {
    if (!named) {
      throw new EngineError('USAGE', 'nothing to compare is named', {
        hint: 'name one side with "a", another with "b"',
      });
    }
    return project.engine.diff(...named, options, quietCall());
  }
  const sides = named ?? (await pickSides(project));
  const shown = sides && (await showComparison(services, project, ...sides, call.json?.data));
  return call.json && sides ? project.engine.diff(...sides, options, quietCall()) : shown;
};

/** `a` and `b`, or `snapshot` with one or two of them; the other side is the data as it is now. */
function namedSides(json: CommandArgument = {}): readonly [string, string] | undefined {
  const [first, second] = json.snapshot ?? [];
  const a = json.a ?? first;
  return a === undefined ? undefined : [a, json.b ?? second ?? 'live'];
}

function diffOptions({ rows, summary, data }: CommandArgument = {}): DiffOptions {
  return { rows: summary === true ? 0 : rows, data };
}

/** The older side first, as it stands left. */
async function pickSides(project: ProjectModel): Promise<readonly [string, string] | undefined> {
  const [a] =
    (await pickSnapshots(project, 'Compare: choose the older side', false, {
      title: 'Compare (1/2)',
    })) ?? [];
  if (!a) return undefined;
  const now: SnapshotItem = { label: 'Now', description: 'the data as it is' };
  const others = await pickSnapshots(project, `Compare ${quotedSnapshot(a)} with`, false, {
    title: 'Compare (2/2)',
    first: [now],
    except: a.id,
  });
  if (!others) return undefined;
  const [b] = others;
  return b ? olderFirst(a, b) : [a.id, 'live'];
}

export function olderFirst(a: SnapshotEntry, b: SnapshotEntry): readonly [string, string] {
  return a.createdAt <= b.createdAt ? [a.id, b.id] : [b.id, a.id];
}
