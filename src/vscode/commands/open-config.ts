import { FileSystemError, Uri, window, workspace } from 'vscode';
import type { Handler } from '../invocation.ts';
import { oneProject } from '../targets.ts';

const template = `// What Savepoint takes as this project's data. All of it is optional: what is found by itself needs
// no entry, and what stands here decides.
{
  "dataDirs": [
    // { "path": "data", "exclude": ["tmp/**"] }
  ]
}
`;

export const openConfig: Handler = async (services, call) => {
  const project = await oneProject(services, call);
  if (!project) return undefined;
  const uri = Uri.joinPath(Uri.file(project.cwd), 'savepoint.json');
  if (!(await exists(uri))) await workspace.fs.writeFile(uri, Buffer.from(template));
  if (!call.isSilent) await window.showTextDocument(uri);
  return { path: uri.fsPath };
};

async function exists(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return true;
  } catch (error) {
    if (error instanceof FileSystemError && error.code === 'FileNotFound') return false;
    throw error;
  }
}
