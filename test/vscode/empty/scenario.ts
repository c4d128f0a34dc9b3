import type { Scenario } from '../../support/vscode-scenario.ts';

/** No folder is open. */
export const scenario: Scenario = { prepare: async () => null };
