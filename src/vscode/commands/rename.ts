import { EngineError } from '../../core/errors.ts';
import { checkLabel } from '../../core/snapshots/resolve-snapshot.ts';
import { inputLabel } from '../host/input-label.ts';
import { oneSnapshot } from './targets.ts';
import type { Handler } from './handler.ts';

export const rename: Handler = async (services, call) => {
  const target = await oneSnapshot(services.projects, call, 'Rename: choose a snapshot');
  if (!target) return undefined;
  const { project, entry } = target;
  if (call.isSilent && call.json?.label === undefined) {
    throw new EngineError('USAGE', 'no label is given', { hint: 'give one with "label"' });
  }
  const given = call.json?.label;
  const label =
    given === undefined
      ? await inputLabel({
          prompt: 'Empty removes the label',
          value: entry.label ?? '',
          placeHolder: 'for example: seeded demo data',
        })
      : (checkLabel(given) ?? '');
  if (label === undefined) return undefined;
  const renamed = await project.engine.rename(entry.id, label);
  await project.refresh();
  return renamed;
};
