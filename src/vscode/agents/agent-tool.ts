import type { CallOptions } from '../../engine/index.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import type { Services } from '../services.ts';

// What a tool for agents in the editor is.

/** As package.json declares them; VS Code has checked them against that. */
export interface AgentToolInput {
  readonly folder?: string;
  readonly label?: string;
  readonly limit?: number;
  readonly snapshot?: string;
  readonly a?: string;
  readonly b?: string;
  readonly only?: readonly string[];
  readonly table?: readonly string[];
  readonly keepNew?: boolean;
}

export interface AgentToolCall {
  readonly services: Services;
  readonly project: ProjectModel;
  readonly call: CallOptions;
}
