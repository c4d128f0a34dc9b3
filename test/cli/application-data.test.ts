// The data of five applications as these lay it out, without the applications: what real ones go
// through in test/applications, in seconds.

import { madeApplications } from '../support/made-applications.ts';
import { runApplication } from '../support/run-application.ts';

describe('data as an application keeps it is found, saved while it is written, destroyed, restored and checked: that of', () => {
  for (const driver of madeApplications) {
    it(driver.name, async () => {
      await runApplication(driver);
    }).timeout(180_000);
  }
});
