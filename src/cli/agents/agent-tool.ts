// What a tool of the MCP server is, apart from the protocol.

import type { TextOptions } from '../../core/format/lines.ts';
import type { CallOptions, Project } from '../../engine/index.ts';

/** Who calls, and on which project. */
export interface ToolCall {
  readonly project: Project;
  /** The agent's name for people; null where it gave none. */
  readonly agent: string | null;
  readonly call: CallOptions;
  readonly text: TextOptions;
}

export interface ToolAnswer {
  /** For the model to read. */
  readonly lines: readonly string[];
  /** The same for programs. */
  readonly document: object;
}

/** JSON schema of an object, as far as tools here need it. */
export interface ArgumentsSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
  readonly additionalProperties: false;
}

export interface AgentTool {
  readonly name: string;
  readonly title: string;
  /** For the model: what it does, when to use it. */
  readonly description: string;
  readonly schema: ArgumentsSchema;
  /** True where nothing but the store can change. */
  readonly readOnly: boolean;
  readonly run: (call: ToolCall, args: ToolArguments) => Promise<ToolAnswer>;
}

/** The arguments of all tools; the schema of each says which of them it takes. */
export interface ToolArguments {
  readonly label?: string;
  readonly command?: string;
  readonly limit?: number;
  readonly snapshot?: string;
  readonly a?: string;
  readonly b?: string;
  readonly rows?: number;
  readonly only?: readonly string[];
  readonly table?: readonly string[];
  readonly keepNew?: boolean;
  readonly folder?: string;
}

/** Taken by every tool. */
export const folderProperty = {
  folder: {
    type: 'string',
    description: 'Absolute path of the project folder. Default: where the server was started.',
  },
} as const;

export const snapshotForms =
  'An id, its unique beginning or end (4 characters or more), a label, latest or latest~N.';
