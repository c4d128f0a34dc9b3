// Mocha's own report, and its counts for whoever adds up several runs.
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.once('end', () => {
      const path = process.env['SAVEPOINT_TEST_COUNTS'];
      if (path === undefined) return;
      const { passes, failures } = this.stats;
      writeFileSync(path, JSON.stringify({ passed: passes, failed: failures }));
    });
  }
}
