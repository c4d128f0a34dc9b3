import type { Services } from '../services.ts';
import type { Invocation } from './invocation.ts';

// What answers a command.

/** Answers what `--json` prints, where it does something; undefined where the user turned away. */
export type Handler = (services: Services, call: Invocation) => Promise<unknown>;
