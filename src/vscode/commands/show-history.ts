import { commands, extensions, window } from 'vscode';
import type { DataDirDocument } from '../../core/documents/documents.ts';
import { EngineError } from '../../core/errors.ts';
import { chartColors } from '../../core/views/history-chart.ts';
import { historyReport } from '../../core/views/history-report.ts';
import { chartTheme } from '../host/chart-theme.ts';
import { clockNow } from '../host/clock.ts';
import type { Invocation } from './invocation.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import { historySnapshots } from '../documents/render-report.ts';
import { oneProject } from './targets.ts';
import { isNodeOf } from '../views/nodes.ts';
import type { Handler } from './handler.ts';

/** Size, rows and mismatches of a data directory over its snapshots, as a chart and a table. */
export const showHistory: Handler = async (services, call) => {
  const project = await oneProject(services.projects, call);
  const dataDir = project && (await chooseDataDir(project, call));
  if (!project || dataDir === undefined) return undefined;
  const history = await project.engine.history(dataDir, historySnapshots);
  if (call.isSilent) return history;
  const address = { kind: 'history', cwd: project.cwd, args: { dataDir } } as const;
  const text = historyReport(history, chartColors[chartTheme()], clockNow());
  const uri = services.reports.put(address, text);
  // Where the extension with the preview is switched off the text still has the table.
  const hasPreview = extensions.getExtension('vscode.markdown-language-features') !== undefined;
  if (hasPreview) await commands.executeCommand('markdown.showPreview', uri);
  else await window.showTextDocument(uri, { preview: true });
  return history;
};

async function chooseDataDir(
  project: ProjectModel,
  { json, node, isSilent }: Invocation,
): Promise<string | undefined> {
  if (isNodeOf(node, 'dataDir')) return node.payload.dir.name;
  const [named] = json?.data ?? [];
  if (named !== undefined) return named;
  await project.load();
  const dirs = project.status?.detection.dataDirs ?? [];
  const [only] = dirs;
  if (dirs.length === 1 && only) return only.name;
  if (dirs.length === 0) {
    throw new EngineError('NO_DATA_DIRECTORY', 'no data directory was found', {
      hint: 'choose one first',
    });
  }
  if (isSilent) {
    throw new EngineError('USAGE', 'several data directories are there', {
      hint: 'name one with "data"',
    });
  }
  return pickDataDir(dirs);
}

async function pickDataDir(dirs: readonly DataDirDocument[]): Promise<string | undefined> {
  const items = dirs.map(({ name, path }) => ({ label: name, description: path }));
  const chosen = await window.showQuickPick(items, { placeHolder: 'Which data directory?' });
  return chosen?.label;
}
