// What a command is about: named by its argument or node, else asked for.

import { workspace, window, type QuickPickItem } from 'vscode';
import { isAbsolute, relative, resolve } from 'node:path';
import type { SnapshotEntry } from '../../core/documents/documents.ts';
import { EngineError } from '../../core/errors.ts';
import type { Invocation } from './invocation.ts';
import { pickSnapshots } from './pick-snapshot.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import type { Services } from '../services.ts';
import { isNodeOf } from '../views/nodes.ts';
import type { SnapshotTarget } from '../projects/snapshot-target.ts';

/** @throws EngineError USAGE without a folder, or where nothing may be asked and there are several */
export async function oneProject(
  services: Services,
  call: Invocation,
): Promise<ProjectModel | undefined> {
  const [project] = (await chooseProjects(services, call, false)) ?? [];
  return project;
}

/** With `All folders` among the answers. Undefined where the user turned away. */
export async function someProjects(
  services: Services,
  call: Invocation,
): Promise<readonly ProjectModel[] | undefined> {
  return chooseProjects(services, call, true);
}

/** @param prompt what the choice is for, shown where there is no argument. */
export async function oneSnapshot(
  services: Services,
  call: Invocation,
  prompt: string,
): Promise<SnapshotTarget | undefined> {
  const [target] = (await chooseSnapshots(services, call, prompt, false)) ?? [];
  return target;
}

/** At least one, or undefined. */
export async function someSnapshots(
  services: Services,
  call: Invocation,
  prompt: string,
): Promise<readonly SnapshotTarget[] | undefined> {
  return chooseSnapshots(services, call, prompt, true);
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
  services: Services,
  { json, node, isSilent }: Invocation,
  canBeAll: boolean,
): Promise<readonly ProjectModel[] | undefined> {
  if (json?.cwd !== undefined) return [projectAt(services, json.cwd)];
  if (node) return [node.project];
  const { all } = services.projects;
  if (all.length === 1) return all;
  if (all.length === 0) {
    throw new EngineError('USAGE', 'no folder is open', { hint: 'open a folder, then try again' });
  }
  if (isSilent) {
    throw new EngineError('USAGE', 'several folders are open', { hint: 'name one with "cwd"' });
  }
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
  services: Services,
  call: Invocation,
  prompt: string,
  canBeSeveral: boolean,
): Promise<readonly SnapshotTarget[] | undefined> {
  const nodes = canBeSeveral ? call.nodes : call.nodes.slice(0, 1);
  const ofNodes = nodes.flatMap((node) =>
    isNodeOf(node, 'snapshot') ? [{ project: node.project, entry: node.payload.entry }] : [],
  );
  if (ofNodes.length > 0) return ofNodes;
  const project = await oneProject(services, call);
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

/** A folder of the workspace, or one inside of it: what is outside was not trusted with it. */
function projectAt(services: Services, cwd: string): ProjectModel {
  const path = resolve(cwd);
  const isOurs = (workspace.workspaceFolders ?? []).some(({ uri }) => {
    const inside = relative(uri.fsPath, path);
    return uri.scheme === 'file' && !inside.startsWith('..') && !isAbsolute(inside);
  });
  if (!isAbsolute(cwd) || !isOurs) {
    throw new EngineError('USAGE', `"${cwd}" is not in an open folder`, {
      path: cwd,
      hint: 'give the absolute path of a folder of this workspace',
    });
  }
  return services.projects.at(path);
}
