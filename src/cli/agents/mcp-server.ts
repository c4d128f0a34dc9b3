// `savepoint mcp`: the tools over the Model Context Protocol on stdin and stdout, for both revisions of
// it. stdout is the protocol's alone. It ends when the client closes stdin, and finishes what runs.

import type {
  CallToolResult,
  InputRequiredResult,
  ServerContext,
} from '@modelcontextprotocol/server';
import { isObject } from '../../core/is-object.ts';
import { agentName } from '../../core/agents/agent-names.ts';
import { EngineError, isCancellation } from '../../core/errors.ts';
import { problemText } from '../../core/text/error-line.ts';
import type { TextOptions } from '../../core/format/lines.ts';
import { plainText } from '../../core/format/lines.ts';
import { openProject, programVersion, type Progress, type Project } from '../../engine/index.ts';
import type { CommandContext } from '../command.ts';
import type { ToolAnswer, ToolArguments, ToolCall } from './agent-tool.ts';
import { callProgress } from './mcp-progress.ts';
import type * as McpSdk from './mcp-sdk.ts';
import { readingTools } from './reading-tools.ts';
import {
  createRestoreTool,
  decisions,
  restoreDescription,
  restoreSchema,
  type Decision,
  type RestoreStep,
} from './restore-tool.ts';

type Sdk = typeof McpSdk;
type Server = InstanceType<Sdk['McpServer']>;
type ToolResult = CallToolResult | InputRequiredResult;

const instructions =
  'Savepoint is undo for development data: SQLite databases and the files they refer to. Call snapshot before anything that changes or deletes data. Show what changed with diff. A restore is decided by the user.';

const answerKey = 'decision';
/** Wider than a terminal: a model has no line to wrap, and cut paths would mislead it. */
const columns = 200;

/** Serves until the client is gone or `context.signal` fires. */
export async function serveMcp(context: CommandContext): Promise<void> {
  const sdk = await import('./mcp-sdk.ts');
  const projects = createProjects(context);
  const running = new Set<Promise<unknown>>();
  const closed = Promise.withResolvers<void>();
  const handle = sdk.serveStdio(() => createServer(sdk, projects, running), {
    onerror: (error) => context.engine.log.debug(`mcp: ${error.message}`),
  });
  for (const event of ['end', 'close'] as const) process.stdin.once(event, () => closed.resolve());
  context.signal.addEventListener('abort', () => closed.resolve(), { once: true });
  await closed.promise;
  await Promise.allSettled(running);
  await handle.close();
  await projects.closeAll();
}

interface Projects {
  readonly own: () => Promise<Project>;
  readonly at: (folder: string | undefined) => Promise<Project>;
  readonly closeAll: () => Promise<void>;
}

function createProjects({ project, engine }: CommandContext): Projects {
  const others = new Map<string, Promise<Project>>();
  return {
    own: project,
    async at(folder) {
      if (folder === undefined) return await project();
      const known = others.get(folder) ?? openProject(engine, folder);
      others.set(folder, known);
      try {
        return await known;
      } catch (error) {
        // A folder that is not there now may be there at the next call.
        others.delete(folder);
        throw error;
      }
    },
    async closeAll() {
      for (const opened of await Promise.allSettled(others.values()))
        if (opened.status === 'fulfilled') await opened.value.close();
    },
  };
}

function createServer(sdk: Sdk, projects: Projects, running: Set<Promise<unknown>>): Server {
  const server = new sdk.McpServer(
    { name: 'savepoint', title: 'Savepoint', version: programVersion },
    { instructions },
  );
  const guarded = async (
    args: ToolArguments,
    mcp: ServerContext,
    work: (call: ToolCall) => Promise<ToolResult>,
  ): Promise<ToolResult> => {
    const { progress, flush } = callProgress(mcp);
    const result = callOf(sdk, server, projects, args, mcp, progress)
      .then(work)
      .catch(failure)
      .finally(flush);
    running.add(result);
    return await result.finally(() => running.delete(result));
  };
  for (const { name, title, description, schema, readOnly, run } of readingTools) {
    const annotations = { readOnlyHint: readOnly, destructiveHint: false, openWorldHint: false };
    const inputSchema = sdk.fromJsonSchema<ToolArguments>(schema);
    server.registerTool(
      name,
      { title, description, inputSchema, annotations },
      async (args, mcp) =>
        await guarded(args, mcp, async (call) => toResult(await run(call, args))),
    );
  }
  registerRestore(sdk, server, projects, guarded);
  return server;
}

function registerRestore(
  sdk: Sdk,
  server: Server,
  projects: Projects,
  guarded: (
    args: ToolArguments,
    mcp: ServerContext,
    work: (call: ToolCall) => Promise<ToolResult>,
  ) => Promise<ToolResult>,
): void {
  const restore = createRestoreTool();
  server.registerTool(
    'restore',
    {
      title: 'Restore Data',
      description: restoreDescription,
      inputSchema: sdk.fromJsonSchema<ToolArguments>(restoreSchema),
      annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: false },
    },
    async (args, mcp) =>
      await guarded(args, mcp, async (call) => {
        const state = mcp.mcpReq.requestState<string>();
        const canAsk = canElicit(sdk, server, mcp);
        const own = await projects.own();
        const foreignFolder = call.project.path === own.path ? null : call.project.path;
        const step =
          state === undefined
            ? await restore.begin(call, args, { canAsk, foreignFolder })
            : await restore.goOn(state, decisionOf(sdk, mcp), call);
        return fromStep(sdk, step);
      }),
  );
}

async function callOf(
  sdk: Sdk,
  server: Server,
  projects: Projects,
  { folder }: ToolArguments,
  mcp: ServerContext,
  progress: Progress,
): Promise<ToolCall> {
  const client = envelopeOf(mcp)[sdk.CLIENT_INFO_META_KEY] ?? server.server.getClientVersion();
  return {
    project: await projects.at(folder),
    agent: isObject(client) ? agentName(client) : null,
    call: { signal: mcp.mcpReq.signal, progress },
    text: textOptions(),
  };
}

/** True where the client can put a form before a person; one that says nothing of modes has forms. */
function canElicit(sdk: Sdk, server: Server, mcp: ServerContext): boolean {
  const capabilities =
    envelopeOf(mcp)[sdk.CLIENT_CAPABILITIES_META_KEY] ?? server.server.getClientCapabilities();
  const elicitation = isObject(capabilities) ? capabilities['elicitation'] : undefined;
  return isObject(elicitation) && ('form' in elicitation || !('url' in elicitation));
}

/** The newer revision tells of the client with each request, the older one once at the start. */
function envelopeOf({ mcpReq }: ServerContext): Readonly<Record<string, unknown>> {
  return mcpReq.envelope ?? {};
}

/** Anything but the very word is a refusal. */
function decisionOf(sdk: Sdk, { mcpReq }: ServerContext): Decision {
  const response = sdk.inputResponse(mcpReq.inputResponses, answerKey);
  if (response.kind !== 'elicit' || response.action !== 'accept') return 'none';
  return decisions.find((one) => one === response.content?.[answerKey]) ?? 'none';
}

function fromStep(sdk: Sdk, step: RestoreStep): ToolResult {
  if (step.kind === 'answer') return toResult(step.answer, step.isError);
  const { message, state } = step.question;
  const requestedSchema = {
    type: 'object' as const,
    properties: {
      [answerKey]: { type: 'string' as const, title: 'Restore?', enum: [...decisions] },
    },
    required: [answerKey],
  };
  return sdk.inputRequired({
    inputRequests: { [answerKey]: sdk.inputRequired.elicit({ message, requestedSchema }) },
    requestState: state,
  });
}

function toResult({ lines, document }: ToolAnswer, isError = false): CallToolResult {
  return {
    content: [{ type: 'text', text: lines.join('\n') }],
    structuredContent: { ...document },
    ...(isError && { isError }),
  };
}

/** In words for the model: it can put a wrong argument right. A bug is told as one. */
function failure(error: unknown): CallToolResult {
  if (isCancellation(error)) throw error;
  const text =
    error instanceof EngineError
      ? problemText(error)
      : `This is a bug in Savepoint: ${error instanceof Error ? error.message : String(error)}`;
  return { content: [{ type: 'text', text }], isError: true };
}

function textOptions(): TextOptions {
  const offsetMinutes = (ms: number): number => new Date(ms).getTimezoneOffset();
  return { ...plainText({ nowMs: Date.now(), offsetMinutes }), columns };
}
