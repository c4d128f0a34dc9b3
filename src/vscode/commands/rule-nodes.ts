import { window } from 'vscode';
import type { DataDirDocument } from '../../core/documents/documents.ts';
import { isWithin } from '../../core/names.ts';
import { evidenceReport, ignoreChoices } from '../../core/views/mismatch-texts.ts';
import { changeConfig } from './config-edit.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import { isNodeOf } from '../views/nodes.ts';
import { quietCall } from '../host/with-progress.ts';
import type { Handler } from './handler.ts';

/** Writes a suggested rule into savepoint.json and shows it there. */
export const acceptRule: Handler = async (_services, { node }) => {
  if (!isNodeOf(node, 'suggestion')) return;
  await changeConfig(node.project, { kind: 'acceptRules', rules: [node.payload.rule.id] });
};

/** Never suggested again in this project. */
export const dismissRule: Handler = async (_services, { node }) => {
  if (!isNodeOf(node, 'suggestion')) return;
  await node.project.engine.dismissRule(node.payload.rule.id);
  await node.project.check.run(quietCall());
};

export const openEvidence: Handler = async ({ reports }, { node }) => {
  if (!isNodeOf(node, 'suggestion')) return;
  const { rule } = node.payload;
  const address = { kind: 'evidence', cwd: node.project.cwd, args: { rule: rule.id } } as const;
  await reports.show(address, evidenceReport(rule), true);
};

/** Writes into savepoint.json that a mismatch, its like, or all of its rule are expected. */
export const ignore: Handler = async (_services, { node }) => {
  if (!isNodeOf(node, 'mismatch')) return;
  const { project, payload } = node;
  const { mismatch, rule } = payload;
  const holder = holderOf(project, mismatch.path);
  const choices = ignoreChoices(mismatch, holder?.path ?? payload.dataDir);
  const chosen = await window.showQuickPick(choices, { placeHolder: `Ignore ${node.row.label}` });
  if (!chosen) return;
  const why = await window.showInputBox({
    title: chosen.label,
    prompt: 'Why? (kept in savepoint.json)',
  });
  if (why === undefined) return;
  const what =
    chosen.path === undefined
      ? { dataDir: rule.dataDir, rule: rule.id }
      : { dataDir: holder?.path ?? rule.dataDir, path: chosen.path };
  await changeConfig(project, {
    kind: 'ignore',
    ...what,
    ...(why.trim() === '' ? {} : { why: why.trim() }),
  });
};

/** The data directory that a path lies in: rows and their files may be in two. */
function holderOf({ status }: ProjectModel, path: string | null): DataDirDocument | undefined {
  if (path === null) return undefined;
  return status?.detection.dataDirs.find(
    (dir) => dir.path !== path && dir.roots.some((root) => isWithin(path, root)),
  );
}
