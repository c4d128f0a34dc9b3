import { inputLabel } from '../host/input-label.ts';
import { snapshot } from './snapshot.ts';
import type { Handler } from './handler.ts';

export const snapshotWithLabel: Handler = async (services, call) => {
  if (call.json?.label !== undefined || call.isSilent) return snapshot(services, call);
  const label = await inputLabel({
    prompt: 'Label for this snapshot',
    placeHolder: 'for example: seeded demo data',
  });
  if (label === undefined) return undefined;
  return snapshot(services, { ...call, json: { ...call.json, ...(label !== '' && { label }) } });
};
