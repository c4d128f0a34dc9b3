import type { CallOptions } from '../../engine/index.ts';
import type { Restoring } from '../flows/restore-flow.ts';
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

/** What the tools use of the extension. */
export type AgentServices = Restoring & Pick<Services, 'projects'>;

export interface AgentToolCall {
  readonly services: AgentServices;
  readonly project: ProjectModel;
  readonly call: CallOptions;
}
