import type { OptionsOf } from '../../core/documents/command-options.ts';
import { diffText, hasDifference, type DiffSide } from '../../core/text/diff-text.ts';
import type { SnapshotDataDir } from '../../core/documents/documents.ts';
import type { Project } from '../../engine/index.ts';
import type { RunCommand } from '../command.ts';
import { diffOfDataDirs } from '../diff-of-data-dirs.ts';
import { exitCode } from '../exit-codes.ts';
import { selectDataDirs } from '../select-data-dirs.ts';

/** Rows of a table that a terminal shows unasked; a document has a hundred. */
const rowsInText = 10;
const rowsInDocument = 100;

export const runDiff: RunCommand<OptionsOf<'diff'>> = async (
  context,
  [a = '', b = 'live'],
  options,
) => {
  const project = await context.project();
  const { json, data } = context.globals;
  const rows = options.summary ? 0 : (options.rows ?? (json ? rowsInDocument : rowsInText));
  const sides = { a: await sideOf(project, a), b: await sideOf(project, b) };
  const document = await context.withProgress(async (call) => {
    const diff = await project.diff(a, b, { rows }, call);
    if (data.length === 0) return diff;
    return diffOfDataDirs(diff, selectDataDirs(await dataDirsOf(project, sides, call), data));
  });
  return {
    document,
    lines: () => diffText(document, sides, context.terminal.text),
    exitCode: hasDifference(document) ? exitCode.somethingToSee : exitCode.done,
  };
};

async function sideOf(project: Project, snapshot: string): Promise<DiffSide> {
  return snapshot === 'live' ? null : await project.resolve(snapshot);
}

/** Those of the snapshots that are compared; of live data alone, what is found. */
async function dataDirsOf(
  project: Project,
  { a, b }: { readonly a: DiffSide; readonly b: DiffSide },
  call: Parameters<Project['detect']>[0],
): Promise<readonly Pick<SnapshotDataDir, 'name' | 'path' | 'roots'>[]> {
  const manifests = await Promise.all(
    [a, b].map(async (side) => (side === null ? null : await project.show(side.id))),
  );
  const saved = manifests.flatMap((manifest) => manifest?.dataDirs ?? []);
  return saved.length > 0 ? saved : (await project.detect(call)).dataDirs;
}
