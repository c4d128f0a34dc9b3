// What the parts of the extension share, made once and in order.

import { window, workspace, type ExtensionContext } from 'vscode';
import { Activities } from './host/activities.ts';
import { CompareSelection } from './preview/compare-selection.ts';
import { DisposableStore } from './host/disposables.ts';
import { EngineClient } from './process/engine-client.ts';
import { Launcher } from './process/launcher.ts';
import { Notices } from './views/notices.ts';
import type { Log } from './host/log.ts';
import { Projects } from './projects/projects.ts';
import { renderReport } from './documents/render-report.ts';
import { ReportDocuments } from './documents/report-documents.ts';
import { Previews } from './preview/previews.ts';
import { RowChangesDocuments } from './documents/row-changes-documents.ts';
import { readSettings } from './host/settings.ts';
import { SnapshotFileSystem } from './documents/snapshot-file-system.ts';
import { DataView } from './views/data-view.ts';
import { SnapshotsView } from './views/snapshots-view.ts';
import { Latest } from './host/latest.ts';

export interface Services {
  readonly log: Log;
  readonly engine: EngineClient;
  readonly projects: Projects;
  readonly activities: Activities;
  readonly reports: ReportDocuments;
  readonly previews: Previews;
  readonly rowChanges: RowChangesDocuments;
  readonly snapshotFiles: SnapshotFileSystem;
  readonly dataView: DataView;
  readonly snapshotsView: SnapshotsView;
  /** What the last message about a project's snapshot said, by its folder. */
  readonly toldProblems: Map<string, string>;
  /** What Select for Compare was called on. */
  readonly compareSelection: CompareSelection;
  /** The last look at a snapshot: a click on another one ends it. */
  readonly looks: Latest;
  /** The command line for terminals and tasks. */
  readonly launcher: Launcher;
  readonly notices: Notices;
  readonly owned: DisposableStore;
}

const idleMs = 2 * 60_000;

export function createServices(context: ExtensionContext): Services {
  const owned = new DisposableStore();
  const log = owned.add(window.createOutputChannel('Savepoint', { log: true }));
  const engine = owned.add(
    new EngineClient({
      cliFile: context.asAbsolutePath('dist/cli.js'),
      cliPath: () => readSettings().cliPath,
      isTrusted: () => workspace.isTrusted,
      log,
      idleMs,
    }),
  );
  const projects = owned.add(new Projects(engine, log));
  const notices = owned.add(new Notices());
  const reports: ReportDocuments = owned.add(
    new ReportDocuments(
      async (address) => previews.summaryOf(address) ?? renderReport(engine, address),
    ),
  );
  const rowChanges: RowChangesDocuments = new RowChangesDocuments(engine, (cwd, snapshot) =>
    previews.heldPlan(cwd, snapshot),
  );
  const snapshotFiles = new SnapshotFileSystem(engine, (address) => rowChanges.text(address));
  const parts = { reports, rowChanges, files: snapshotFiles };
  const previews = owned.add(new Previews(parts, log));
  return {
    log,
    engine,
    projects,
    activities: owned.add(new Activities()),
    reports,
    rowChanges,
    snapshotFiles,
    dataView: owned.add(new DataView(projects, notices, log)),
    snapshotsView: owned.add(new SnapshotsView(projects, log)),
    previews,
    toldProblems: new Map(),
    compareSelection: new CompareSelection(),
    looks: new Latest(),
    notices,
    launcher: new Launcher({
      storageDir: context.globalStorageUri.fsPath,
      cliFile: context.asAbsolutePath('dist/cli.js'),
    }),
    owned,
  };
}
