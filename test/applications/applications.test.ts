// Real applications with data that they made themselves. Long: they are installed first, and run only
// with SAVEPOINT_LONG=1 (scripts/test.ts).

import { needs } from '../support/needs.ts';
import { runApplication } from '../support/run-application.ts';
import { beets } from './beets.ts';
import { calibre } from './calibre.ts';
import { django } from './django.ts';
import { mediaWiki } from './media-wiki.ts';
import { payload } from './payload.ts';
import { rails } from './rails.ts';

const drivers = [django, calibre, mediaWiki, rails, payload, beets];

describe('the data of a real application comes back whole, by its own word, and check is exact: that of', () => {
  for (const driver of drivers) {
    describe(driver.name, () => {
      needs(...driver.needs);

      it('found, saved while it writes, destroyed, restored, checked', async () => {
        await runApplication(driver);
      }).timeout(600_000);
    });
  }
});
