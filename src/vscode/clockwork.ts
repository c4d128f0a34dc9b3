// What changes by the clock alone: ages every minute, headings at midnight.

import type { Disposable } from 'vscode';
import { untilMidnight } from '../core/views/day-groups.ts';
import { clockNow } from './clock.ts';
import { toDisposable } from './disposables.ts';
import type { Services } from './services.ts';
import type { StatusItem } from './status-item.ts';

const minuteMs = 60_000;

export function registerClockwork(services: Services, statusItem: StatusItem): Disposable {
  let timer: NodeJS.Timeout;
  const tick = () => {
    statusItem.update();
    services.dataView.refreshAges();
    services.snapshotsView.refreshAges();
    // Just after midnight, so that the new day has begun by every clock.
    timer = setTimeout(tick, Math.min(minuteMs, untilMidnight(clockNow()) + 50));
  };
  timer = setTimeout(tick, minuteMs);
  return toDisposable(() => clearTimeout(timer));
}
