// What workers and child processes start from where there is no bundle: tests, and sources run as they are.
import { runRole } from './run-role.ts';

runRole();
