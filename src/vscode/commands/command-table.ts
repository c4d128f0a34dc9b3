// Every command and what runs it. package.json contributes the same list: a test compares them.

import { commands, workspace, type Disposable } from 'vscode';
import { EngineError, errorDocument, isCancellation } from '../../core/errors.ts';
import { addDataDir } from './add-data-dir.ts';
import { check } from './check.ts';
import { include, leaveOut, restoreNode, saveAs } from './change-nodes.ts';
import {
  compareSelected,
  compareWithLast,
  compareWithNow,
  compareWithSelected,
  selectForCompare,
  showChanges,
} from './compare-nodes.ts';
import { compare } from './compare.ts';
import { cover, uncover } from './cover.ts';
import { deleteGroup, deleteSnapshots } from './delete.ts';
import { detect } from './detect.ts';
import { list } from './list.ts';
import {
  copyId,
  copyPath,
  copyRestoreCommand,
  openDocument,
  openTableRows,
  openSchema,
  openSnapshot,
  reveal,
} from './look.ts';
import { menu } from './menu.ts';
import { findLastGood, openRow, restoreMismatch, revealPath } from './mismatch-nodes.ts';
import { finishRestore } from './finish-restore.ts';
import { guardScriptCommand, runScriptWithSnapshot } from './guard-script.ts';
import { guardTaskCommand, openGuardedTerminalCommand, runWithSnapshot } from './guard.ts';
import { dismissNotice, restoreBranch, showTerminal } from './notice-nodes.ts';
import { openConfig } from './open-config.ts';
import { pin, unpin } from './pin.ts';
import {
  applyPreview,
  closePreview,
  tick,
  untick,
  onlyThis,
  openChanges,
  refreshPreview,
  restoreCompared,
  showAllChanges,
} from './preview.ts';
import { prune } from './prune.ts';
import { rename } from './rename.ts';
import { acceptRule, dismissRule, ignore, openEvidence } from './rule-nodes.ts';
import { restoreTo } from './restore-to.ts';
import { restore } from './restore.ts';
import { showHistory } from './show-history.ts';
import { showDetection, showStatus } from './show-reports.ts';
import { snapshotWithLabel } from './snapshot-with-label.ts';
import { snapshot } from './snapshot.ts';
import { undoRestore } from './undo-restore.ts';
import { verify, verifyAll } from './verify.ts';
import { clearFilter, filter, refresh, showLog, showMore } from './views.ts';
import { DisposableStore } from '../host/disposables.ts';
import { parseInvocation } from './invocation.ts';
import { runGuarded } from '../host/run-guarded.ts';
import type { Services } from '../services.ts';
import { showError } from '../host/show-error.ts';
import type { Handler } from './handler.ts';

const commandTable = {
  'savepoint.snapshot': snapshot,
  'savepoint.snapshotWithLabel': snapshotWithLabel,
  'savepoint.restore': restore,
  'savepoint.restoreTo': restoreTo,
  'savepoint.undoRestore': undoRestore,
  'savepoint.finishRestore': finishRestore,
  'savepoint.list': list,
  'savepoint.compare': compare,
  'savepoint.check': check,
  'savepoint.verify': verify,
  'savepoint.verifyAll': verifyAll,
  'savepoint.pin': pin,
  'savepoint.unpin': unpin,
  'savepoint.rename': rename,
  'savepoint.delete': deleteSnapshots,
  'savepoint.prune': prune,
  'savepoint.detect': detect,
  'savepoint.addDataDir': addDataDir,
  'savepoint.item.cover': cover,
  'savepoint.item.coverFolder': cover,
  'savepoint.item.uncover': uncover,
  'savepoint.openConfig': openConfig,
  'savepoint.showDetection': showDetection,
  'savepoint.showStatus': showStatus,
  'savepoint.showHistory': showHistory,
  'savepoint.refresh': refresh,
  'savepoint.filter': filter,
  'savepoint.clearFilter': clearFilter,
  'savepoint.showLog': showLog,
  'savepoint.openGuardedTerminal': openGuardedTerminalCommand,
  'savepoint.runWithSnapshot': runWithSnapshot,
  'savepoint.guardTask': guardTaskCommand,
  'savepoint.guardScript': guardScriptCommand,
  'savepoint.runScriptWithSnapshot': runScriptWithSnapshot,
  'savepoint.menu': menu,
  'savepoint.preview.apply': applyPreview,
  'savepoint.preview.showAll': showAllChanges,
  'savepoint.preview.refresh': refreshPreview,
  'savepoint.preview.close': closePreview,
  'savepoint.preview.restoreCompared': restoreCompared,
  'savepoint.item.openChanges': openChanges,
  'savepoint.item.untick': untick,
  'savepoint.item.tick': tick,
  'savepoint.item.onlyThis': onlyThis,
  'savepoint.item.open': openSnapshot,
  'savepoint.item.compareWithNow': compareWithNow,
  'savepoint.item.selectForCompare': selectForCompare,
  'savepoint.item.compareWithSelected': compareWithSelected,
  'savepoint.item.compareSelected': compareSelected,
  'savepoint.item.compareWithLast': compareWithLast,
  'savepoint.item.showChanges': showChanges,
  'savepoint.item.pin': pin,
  'savepoint.item.unpin': unpin,
  'savepoint.item.verify': verify,
  'savepoint.item.deleteGroup': deleteGroup,
  'savepoint.item.copyId': copyId,
  'savepoint.item.copyRestoreCommand': copyRestoreCommand,
  'savepoint.item.openDocument': openDocument,
  'savepoint.item.openSchema': openSchema,
  'savepoint.item.openRows': openTableRows,
  'savepoint.item.restore': restoreNode,
  'savepoint.item.saveAs': saveAs,
  'savepoint.item.copyPath': copyPath,
  'savepoint.item.reveal': reveal,
  'savepoint.item.leaveOut': leaveOut,
  'savepoint.item.include': include,
  'savepoint.item.checkNow': check,
  'savepoint.item.openRow': openRow,
  'savepoint.item.revealPath': revealPath,
  'savepoint.item.findLastGood': findLastGood,
  'savepoint.item.restoreMismatch': restoreMismatch,
  'savepoint.item.ignore': ignore,
  'savepoint.item.acceptRule': acceptRule,
  'savepoint.item.dismissRule': dismissRule,
  'savepoint.item.openEvidence': openEvidence,
  'savepoint.item.dismissNotice': dismissNotice,
  'savepoint.item.showTerminal': showTerminal,
  'savepoint.item.restoreBranch': restoreBranch,
  'savepoint.item.showMore': showMore,
} as const satisfies Record<string, Handler>;

/** Lists and browses; everything else opens, runs or changes something of the folder. */
const forRestrictedMode: readonly string[] = [
  'savepoint.list',
  'savepoint.openConfig',
  'savepoint.showStatus',
  'savepoint.refresh',
  'savepoint.filter',
  'savepoint.clearFilter',
  'savepoint.showLog',
  'savepoint.menu',
  'savepoint.item.open',
  'savepoint.item.copyId',
  'savepoint.item.copyRestoreCommand',
  'savepoint.item.openDocument',
  'savepoint.item.openSchema',
  'savepoint.item.copyPath',
  'savepoint.item.showMore',
] satisfies readonly (keyof typeof commandTable)[];

export function registerCommands(services: Services): Disposable {
  const owned = new DisposableStore();
  for (const [id, handler] of Object.entries(commandTable)) {
    owned.add(
      commands.registerCommand(id, (...args: unknown[]) => run(services, id, handler, args)),
    );
  }
  return owned;
}

async function run(
  services: Services,
  id: string,
  handler: Handler,
  args: readonly unknown[],
): Promise<unknown> {
  const { log } = services;
  const argument = args[0];
  const handle = async (): Promise<unknown> => {
    if (!workspace.isTrusted && !forRestrictedMode.includes(id)) throw restricted();
    return handler(services, parseInvocation(id, args));
  };
  const isCode = typeof argument === 'object' && argument !== null && isPlain(argument);
  if (!isCode) return runGuarded(log, id, handle);
  // Other code gets the document that `--json` prints, of a failure as well.
  log.trace(`${id}: begins`);
  const isSilent = 'yes' in argument && argument.yes === true;
  try {
    return await handle();
  } catch (error) {
    if (isCancellation(error)) return undefined;
    if (!isSilent) void showError(log, error);
    if (!(error instanceof EngineError)) throw error;
    log.warn(`${id}: ${error.code}: ${error.message}`);
    return errorDocument(error);
  } finally {
    log.trace(`${id}: ends`);
  }
}

function restricted(): EngineError {
  return new EngineError('UNTRUSTED', 'Restricted Mode: Savepoint only lists and browses here', {
    hint: 'trust this workspace, then try again',
  });
}

/** Not one of VS Code's or our own classes, which menus pass. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
