// The tools that need no consent: they change nothing but the store.

import type { DiffDocument, SnapshotEntry } from '../../core/documents/documents.ts';
import type { GuardStatusDocument } from '../../core/documents/not-saved.ts';
import { checkText } from '../../core/text/check-text.ts';
import { diffText, type DiffSide } from '../../core/text/diff-text.ts';
import { listText } from '../../core/text/list-text.ts';
import { guardLine, leftOutLines } from '../../core/text/guard-text.ts';
import { snapshotText } from '../../core/text/snapshot-text.ts';
import type { Project } from '../../engine/index.ts';
import {
  folderProperty,
  snapshotForms,
  type AgentTool,
  type ToolAnswer,
  type ToolCall,
} from './agent-tool.ts';

const defaultListed = 20;
const defaultRows = 10;
/** Paths listed for a program; the lines count all of them. */
const maxPaths = 200;
const maxMismatches = 100;

const snapshotTool: AgentTool = {
  name: 'snapshot',
  title: 'Save the Data',
  description:
    'Saves the development data of the project (SQLite databases and the files they refer to) as one consistent snapshot. Cheap where little changed. Call it before you run anything that changes or deletes data: migrations, resets, seeds, imports, rm.',
  schema: {
    type: 'object',
    properties: {
      label: { type: 'string', maxLength: 120, description: 'What comes next, in a few words.' },
      command: {
        type: 'string',
        maxLength: 20_000,
        description:
          'The command line that you are about to run: what it destroys beside the data is saved, too, and what of it no snapshot holds is told.',
      },
      ...folderProperty,
    },
    additionalProperties: false,
  },
  readOnly: false,
  run: async (tool, { label, command }) => {
    if (command !== undefined) return await saveBefore(tool, label, command);
    const { project, agent, call, text } = tool;
    // Not among those made by hand: an agent's many must not push out a person's few.
    const options = { label, reason: 'guard', actor: agent ?? undefined } as const;
    const document = await project.snapshot(options, call);
    return { lines: snapshotText(document, text), document };
  },
};

/** As a guard does it: told as `savepoint run --status` tells it. */
async function saveBefore(
  { project, agent, call, text }: ToolCall,
  label: string | undefined,
  command: string,
): Promise<ToolAnswer> {
  const match = await project.matchCommand({ command, beside: 'always' });
  const options = { label, command, actor: agent ?? undefined, match };
  const { id, reused, notSaved, ...saved } = await project.guard(options, call);
  const document: GuardStatusDocument = { saved: id, reused, notSaved };
  const line = guardLine({ id, reused, notSaved, ...saved }, text);
  return { lines: [line, ...leftOutLines(notSaved, text.style)], document };
}

const listTool: AgentTool = {
  name: 'list',
  title: 'List Snapshots',
  description: 'Lists the snapshots of the project, newest first.',
  schema: {
    type: 'object',
    properties: {
      limit: { type: 'integer', minimum: 1, maximum: 1000, default: defaultListed },
      ...folderProperty,
    },
    additionalProperties: false,
  },
  readOnly: true,
  run: async ({ project, text }, { limit = defaultListed }) => {
    const snapshots: readonly SnapshotEntry[] = await project.list({ limit });
    const lines = listText(snapshots, await project.storeSize(), text);
    const more = snapshots.length === limit ? [`Only the newest ${limit} are listed`] : [];
    return { lines: [...lines, ...more], document: { snapshots } };
  },
};

const diffTool: AgentTool = {
  name: 'diff',
  title: 'Compare Data',
  description:
    'Shows what changed between two snapshots, or between a snapshot and the data as it is now: rows, schema and files.',
  schema: {
    type: 'object',
    properties: {
      a: { type: 'string', description: `The older side. ${snapshotForms} Default: latest.` },
      b: { type: 'string', description: 'The newer side. Default: live, the data as it is now.' },
      rows: {
        type: 'integer',
        minimum: 0,
        maximum: 1000,
        default: defaultRows,
        description: 'Rows listed a table; counts are always whole.',
      },
      ...folderProperty,
    },
    additionalProperties: false,
  },
  readOnly: true,
  run: async ({ project, call, text }, { a = 'latest', b = 'live', rows = defaultRows }) => {
    const sides = { a: await sideOf(project, a), b: await sideOf(project, b) };
    const document = await project.diff(a, b, { rows, cells: 'shown' }, call);
    return { lines: diffText(document, sides, text), document: shortened(document) };
  },
};

const checkTool: AgentTool = {
  name: 'check',
  title: 'Check Data',
  description:
    'Compares what database rows say with the files that are there, and tells what does not match: rows without their file, files without a row, files that differ from what their row says.',
  schema: {
    type: 'object',
    properties: {
      snapshot: { type: 'string', description: `${snapshotForms} Default: live.` },
      ...folderProperty,
    },
    additionalProperties: false,
  },
  readOnly: true,
  run: async ({ project, call, text }, { snapshot = 'live' }) => {
    const found = await project.check(snapshot, {}, call);
    const mismatches = found.mismatches.slice(0, maxMismatches);
    // Without their evidence, which can be thousands of paths.
    const rules = found.rules.map(({ evidence: _evidence, ...rule }) => rule);
    const document = { ...found, mismatches, rules, count: found.mismatches.length };
    return { lines: checkText(found, text), document };
  },
};

async function sideOf(project: Project, snapshot: string): Promise<DiffSide> {
  return snapshot === 'live' ? null : await project.resolve(snapshot);
}

/** A model has to read it: each path once, and not thousands. */
function shortened({ fileChanges, files, ...rest }: DiffDocument): object {
  return {
    ...rest,
    files: {
      added: files.added.slice(0, maxPaths),
      removed: files.removed.slice(0, maxPaths),
      modified: files.modified.slice(0, maxPaths),
    },
    changedFiles: fileChanges.length,
  };
}

export const readingTools: readonly AgentTool[] = [snapshotTool, listTool, diffTool, checkTool];
