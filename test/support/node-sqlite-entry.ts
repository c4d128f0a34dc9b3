// What child processes and worker threads start from in tests of the driver that stands in.
import { runRole } from '../../src/engine/run-role.ts';
import { useDriver } from '../../src/engine/sqlite/sqlite-driver.ts';

useDriver('node:sqlite');
runRole();
