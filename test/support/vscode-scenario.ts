// What a folder `test/vscode/<scenario>/` exports as `scenario` from its `scenario.ts`: how the real
// VS Code is started for the `*.test.ts` beside it. It runs outside VS Code and imports no editor.

import type { ProgramName } from './needs.ts';

export interface ScenarioPlace {
  /** Fresh, empty, absolute real path; removed afterwards. Its name is `workspace`. */
  readonly dir: string;
  /** Where this run's extension keeps its store (SAVEPOINT_STORE). */
  readonly store: string;
}

export interface Scenario {
  /** Programs that its tests start: they are there before anything else happens. */
  readonly needs?: readonly ProgramName[];
  /**
   * Makes the workspace and answers the absolute path that VS Code opens: a folder, a
   * `.code-workspace` file, or null for an empty window.
   */
  readonly prepare: (place: ScenarioPlace) => Promise<string | null>;
  /** False: VS Code runs in Restricted Mode. Default: trusted. */
  readonly trusted?: boolean;
  /** User settings on top of those that keep the tests quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
}
