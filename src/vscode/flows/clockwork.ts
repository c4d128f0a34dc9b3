// What changes by the clock alone: ages, and headings at midnight. Everything that tells an age is
// drawn as a minute begins, so that the views and the status item agree.

import type { Disposable } from 'vscode';
import { minuteMs } from '../host/clock.ts';
import { toDisposable } from '../host/disposables.ts';
import type { Services } from '../services.ts';
import type { StatusItem } from './status-item.ts';

/** A timer may fire a little early: the new minute must have begun. */
const lateMs = 50;

type Aging = Pick<Services, 'dataView' | 'snapshotsView' | 'previews'>;

export function registerClockwork(views: Aging, statusItem: StatusItem): Disposable {
  let timer: NodeJS.Timeout;
  const wait = () => {
    timer = setTimeout(tick, minuteMs - (Date.now() % minuteMs) + lateMs);
  };
  const tick = () => {
    statusItem.update();
    views.dataView.refreshAges();
    views.snapshotsView.refreshAges();
    views.previews.refreshAges();
    wait();
  };
  wait();
  return toDisposable(() => clearTimeout(timer));
}
