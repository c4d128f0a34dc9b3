// What a hook answers: each agent has its form. None of them decides for the user: a permission that
// the agent would have asked for is asked for as before.

import type { HookAgentName } from '../documents/agent-hooks.ts';

/** One line of what became of it. */
export type HookNote =
  | { readonly kind: 'saved'; readonly text: string }
  /** The command runs all the same; the user has to know it, too. */
  | { readonly kind: 'unsaved'; readonly text: string }
  /** It must not run: savepoint.json says so of a snapshot that fails. */
  | { readonly kind: 'stopped'; readonly text: string };

/** The document for stdout; nothing to say is an empty one. */
export function hookAnswer(agent: HookAgentName, note: HookNote | null): object {
  if (note === null) return {};
  const { text, kind } = note;
  switch (agent) {
    case 'cursor':
      // `permission` is left out where the command may run: "allow" would answer for the user.
      return {
        ...(kind === 'stopped' && { permission: 'deny' }),
        agent_message: text,
        ...(kind !== 'saved' && { user_message: text }),
      };
    case 'gemini':
      // Before a tool that runs, Gemini CLI has words for the user alone.
      return kind === 'stopped' ? { decision: 'deny', reason: text } : { systemMessage: text };
    case 'claude-code':
    case 'vscode':
    case 'codex':
      return {
        ...(kind !== 'saved' && { systemMessage: text }),
        hookSpecificOutput: {
          hookEventName: 'PreToolUse',
          ...(kind === 'stopped'
            ? { permissionDecision: 'deny', permissionDecisionReason: text }
            : { additionalContext: text }),
        },
      };
  }
}
