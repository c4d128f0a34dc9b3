// Progress of a longer tool call, for clients that asked for it: they wait longer while they hear of it.

import type { ServerContext } from '@modelcontextprotocol/server';
import { formatCount } from '../../core/format/numbers.ts';
import { noProgress, type Progress } from '../../engine/index.ts';
import { throttleProgress } from '../throttle-progress.ts';

export interface CallProgress {
  readonly progress: Progress;
  /** Sends what was not sent yet, and nothing more after it. */
  readonly flush: () => void;
}

export function callProgress({ mcpReq }: ServerContext): CallProgress {
  const { _meta: meta } = mcpReq;
  const progressToken = meta?.progressToken;
  if (progressToken === undefined) return { progress: noProgress, flush: () => undefined };
  let phase = '';
  let total = 0;
  // Each must be larger than the one before, while phases begin anew: so it is the number of the message.
  let count = 0;
  const progress = throttleProgress((event) => {
    if (event.phase !== undefined) total = 0;
    phase = event.phase ?? phase;
    total = event.total?.files ?? total;
    const files =
      total > 0 ? `, ${formatCount(event.done.files)} of ${formatCount(total)} files` : '';
    count += 1;
    const params = { progressToken, progress: count, message: phase + files };
    // A client that is gone needs none; the call itself hears of that.
    mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
  });
  return { progress, flush: () => progress.flush() };
}
