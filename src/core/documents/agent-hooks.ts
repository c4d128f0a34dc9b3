// The hooks of agents, as `doctor` and the editor's status tell them.

export const hookAgentNames = ['claude-code', 'vscode', 'cursor', 'gemini', 'codex'] as const;

export type HookAgentName = (typeof hookAgentNames)[number];

export interface HookState {
  readonly agent: HookAgentName;
  readonly place: 'project' | 'user';
  /** The program that it starts and that is not there; null where it is. */
  readonly missing: string | null;
  /** When the agent last called it in this project: ISO 8601; null for never. */
  readonly lastCalledAt: string | null;
  /** When the agent last did here what its hook is for, as its own records tell; null where they tell nothing. */
  readonly agentRanAt: string | null;
  /** True where it should have been called and was not, or was never called since it was installed. */
  readonly silent: boolean;
}
