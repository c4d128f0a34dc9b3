// What a command is about: named by its argument or node, else asked for.

import { window, type QuickPickItem } from 'vscode';
import type { SnapshotEntry } from '../../core/documents/documents.ts';
import { EngineError } from '../../core/errors.ts';
import type { Invocation } from './invocation.ts';
import { pickSnapshots } from './pick-snapshot.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import { namedProject } from '../projects/named-project.ts';
import type { Projects } from '../projects/projects.ts';
import { isNodeOf } from '../views/nodes.ts';
import type { SnapshotTarget } from '../projects/snapshot-target.ts';

/** @throws EngineError USAGE without a folder, or where nothing may be asked and there are several */
export async function oneProject(
  projects: Projects,
  call: Invocation,
): Promise<ProjectModel | undefined> {
  const [project] = (await chooseProjects(projects, call, false)) ?? [];
  return project;
}

/** With `All folders` among the answers. Undefined where the user turned away. */
export async function someProjects(
  projects: Projects,
  call: Invocation,
): Promise<readonly ProjectModel[] | undefined> {
  return chooseProjects(projects, call, true);
}

/** @param prompt what the choice is for, shown where there is no argument. */
export async function oneSnapshot(
  projects: Projects,
  call: Invocation,
  prompt: string,
): Promise<SnapshotTarget | undefined> {
  const [target] = (await chooseSnapshots(projects, call, prompt, false)) ?? [];
  return target;
}

/** At least one, or undefined. */
export async function someSnapshots(
  projects: Projects,
  call: Invocation,
  prompt: string,
): Promise<readonly SnapshotTarget[] | undefined> {
  return chooseSnapshots(projects, call, prompt, true);
}

/** Targets by their project: one engine call each. */
export function byProject(
  targets: readonly SnapshotTarget[],
): ReadonlyMap<ProjectModel, readonly SnapshotEntry[]> {
  const groups = new Map<ProjectModel, SnapshotEntry[]>();
  for (const { project, entry } of targets) {
    const entries = groups.get(project) ?? [];
    entries.push(entry);
    groups.set(project, entries);
  }
  return groups;
}

async function chooseProjects(
  projects: Projects,
  { json, node, isSilent }: Invocation,
  canBeAll: boolean,
): Promise<readonly ProjectModel[] | undefined> {
  if (node) return [node.project];
  const { all } = projects;
  if (json?.cwd !== undefined || isSilent || all.length < 2)
    return [namedProject(projects, json?.cwd)];
  const folders = all.map((project) => ({
    label: project.name,
    description: project.cwd,
    projects: [project],
  }));
  const everything: QuickPickItem & { projects: readonly ProjectModel[] } = {
    label: 'All folders',
    projects: all,
  };
  const items = canBeAll ? [everything, ...folders] : folders;
  const chosen = await window.showQuickPick(items, { placeHolder: 'Which folder?' });
  return chosen?.projects;
}

async function chooseSnapshots(
  projects: Projects,
  call: Invocation,
  prompt: string,
  canBeSeveral: boolean,
): Promise<readonly SnapshotTarget[] | undefined> {
  const nodes = canBeSeveral ? call.nodes : call.nodes.slice(0, 1);
  const ofNodes = nodes.flatMap((node) =>
    isNodeOf(node, 'snapshot') ? [{ project: node.project, entry: node.payload.entry }] : [],
  );
  if (ofNodes.length > 0) return ofNodes;
  const project = await oneProject(projects, call);
  if (!project) return undefined;
  const named = call.json?.snapshot ?? [];
  if (named.length > 0) {
    const entries = await Promise.all(named.map(async (name) => project.engine.resolve(name)));
    return entries.map((entry) => ({ project, entry }));
  }
  if (call.isSilent) {
    throw new EngineError('USAGE', 'no snapshot is named', { hint: 'name one with "snapshot"' });
  }
  const entries = await pickSnapshots(project, prompt, canBeSeveral);
  return entries?.map((entry) => ({ project, entry }));
}
