import { Uri, window } from 'vscode';
import { oneProject } from './targets.ts';
import type { Handler } from './handler.ts';

/** Makes the file where it is missing. */
export const openConfig: Handler = async (services, call) => {
  const project = await oneProject(services.projects, call);
  if (!project) return undefined;
  const path = await project.engine.createConfig();
  if (!call.isSilent) await window.showTextDocument(Uri.file(path));
  return { path };
};
